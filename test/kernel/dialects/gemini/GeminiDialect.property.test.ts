/** Whatever conversation it is: it is said again in the same words, streams add up, and nothing that comes makes it throw. */
import { assert, describe, it } from "@effect/vitest"
import { Predicate, Result, Schema } from "effect"
import * as Errors from "../../../../src/kernel/dialects/gemini/Errors.ts"
import { gemini } from "../../../../src/kernel/dialects/gemini/GeminiDialect.ts"
import { SentRequest } from "../../../../src/kernel/dialects/gemini/SentWire.ts"
import { SseReader } from "../../../../src/kernel/dialects/sse/SseReader.ts"
import type { ChatRequest } from "../../../../src/kernel/messages/ChatRequest.ts"
import { ContentBlock } from "../../../../src/kernel/messages/ContentBlock.ts"
import { ResponseFormat } from "../../../../src/kernel/messages/ResponseFormat.ts"
import type { StreamPart } from "../../../../src/kernel/messages/StreamPart.ts"

/** As it is after a wire: without `undefined`, and -0 as 0. */
const wired = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

const text = Schema.NonEmptyString
const signature = Schema.Literals(["R0VN", "QUJD", "SIG-A"])
const signed = { thoughtSignature: Schema.optionalKey(signature) }
const data = Schema.Literals(["AA==", "QUJD"])
const args = Schema.Record(Schema.String, Schema.Json)

const media = Schema.Union([
  Schema.Struct({
    inlineData: Schema.Struct({ mimeType: Schema.Literals(["image/png", "audio/wav", "application/pdf"]), data }),
    ...signed
  }),
  Schema.Struct({
    fileData: Schema.Struct({ mimeType: Schema.Literals(["image/png", "video/mp4"]), fileUri: text }),
    videoMetadata: Schema.optionalKey(Schema.Struct({ fps: Schema.Int }))
  })
])
const Asked = Schema.Union([Schema.Struct({ text, partMetadata: Schema.optionalKey(args) }), media])
const Called = Schema.Struct({
  functionCall: Schema.Struct({ name: text, args, id: Schema.optionalKey(Schema.Literals(["given"])) }),
  ...signed
})
const Answered = Schema.Union([
  Schema.Struct({ text, thought: Schema.optionalKey(Schema.Literal(true)), ...signed }),
  Schema.Struct({ text: Schema.Literal(""), thoughtSignature: signature }),
  Schema.Struct({ executableCode: Schema.Struct({ code: Schema.String }), ...signed }),
  Called,
  media
])
const Exchange = Schema.Struct({
  asked: Schema.NonEmptyArray(Asked),
  answered: Schema.NonEmptyArray(Answered),
  results: Schema.Array(Schema.Record(Schema.String, Schema.Json))
})
type Part = typeof Answered.Type | typeof Asked.Type

/** Each call has its result in the turn behind it, before what the user says next. */
const conversationOf = (exchanges: ReadonlyArray<typeof Exchange.Type>) => {
  let number = 0
  let open: ReadonlyArray<Schema.JsonObject> = []
  return exchanges.flatMap(({ answered, asked, results }) => {
    const user = { role: "user", parts: [...open, ...asked] }
    const parts = answered.map((part) =>
      "functionCall" in part && part.functionCall.id !== undefined
        ? { ...part, functionCall: { ...part.functionCall, id: `given_${number++}` } }
        : part
    )
    open = parts.flatMap((part) => "functionCall" in part ? [part.functionCall] : []).map(({ id, name }, at) => ({
      functionResponse: { name, response: results[at] ?? { output: "done" }, ...(id === undefined ? {} : { id }) }
    }))
    return [user, { role: "model", parts }]
  })
}

const Settings = Schema.Struct({
  temperature: Schema.optionalKey(Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 2 }))),
  topP: Schema.optionalKey(Schema.Finite),
  topK: Schema.optionalKey(Schema.Int),
  seed: Schema.optionalKey(Schema.Int.check(Schema.isInt32())),
  maxOutputTokens: Schema.optionalKey(Schema.Int),
  stopSequences: Schema.optionalKey(Schema.NonEmptyArray(text).check(Schema.isMaxLength(5))),
  candidateCount: Schema.optionalKey(Schema.Int),
  thinkingConfig: Schema.optionalKey(Schema.Union([
    Schema.Struct({ thinkingBudget: Schema.Int, includeThoughts: Schema.optionalKey(Schema.Boolean) }),
    Schema.Struct({ thinkingLevel: Schema.Literals(["MINIMAL", "LOW", "MEDIUM", "HIGH"]) })
  ]))
})

const raised = (body: unknown) => Result.getOrThrow(gemini.raise.request(body))
const lowered = (request: ChatRequest) => Result.getOrThrow(gemini.lower.request(request))

const isPlain = (part: Part): boolean =>
  "text" in part && Object.keys(part).every((key) => key === "text" || key === "thought")
const kindOf = (part: Part): string => "thought" in part ? "thought" : "text"

/** Texts in a row are one text, where nothing else is said of them. */
const apart = (parts: ReadonlyArray<Part>): ReadonlyArray<Part> =>
  parts.filter((part, at) => {
    const before = parts[at - 1]
    return before === undefined || !isPlain(part) || !isPlain(before) || kindOf(part) !== kindOf(before)
  })

/** The same part in pieces. */
const pieces = (part: Part, length: number): ReadonlyArray<Part> => {
  if (!isPlain(part) || !("text" in part)) return [part]
  const letters = [...part.text]
  const output: Array<Part> = []
  for (let at = 0; at < letters.length; at += length) {
    output.push({ ...part, text: letters.slice(at, at + length).join("") })
  }
  return output
}

const read = (bytes: Uint8Array, producer?: string): ReadonlyArray<StreamPart> => {
  const raiser = gemini.raise.stream(producer)
  const reader = new SseReader()
  const frames = [...reader.feed(bytes), ...reader.end()]
  return [...frames.flatMap((frame) => raiser.add(frame)), ...raiser.end()]
}

const streamOf = (values: ReadonlyArray<unknown>): Buffer =>
  Buffer.from(values.map((value) => `data: ${JSON.stringify(value)}\n\n`).join(""))

const responseOf = (parts: ReadonlyArray<StreamPart>) =>
  parts.flatMap((part) => part.type === "response" ? [part.response] : [])[0]

const frozen = <T>(value: T): T => {
  if (Predicate.isObject(value) || Array.isArray(value)) {
    Object.freeze(value)
    Object.values(value as object).forEach(frozen)
  }
  return value
}

describe("GeminiDialect", () => {
  it.prop(
    "says any conversation again in the same words",
    {
      exchanges: Schema.NonEmptyArray(Exchange),
      generationConfig: Settings,
      more: Schema.Record(Schema.String, Schema.Json)
    },
    ({ exchanges, generationConfig, more }) => {
      const settings = wired(generationConfig)
      const body = wired({
        contents: conversationOf(exchanges),
        ...(Object.keys(settings).length === 0 ? {} : { generationConfig: settings }),
        extra: more
      })
      const { body: again, degradations } = lowered(frozen(raised(body)))
      assert.deepStrictEqual<unknown>(again, body)
      assert.isEmpty(degradations)
      Schema.decodeUnknownSync(SentRequest)(again)
    }
  )

  it.prop(
    "says any answer again in the same words, and reads the same from a stream of it, wherever that is cut",
    {
      parts: Schema.NonEmptyArray(Answered),
      length: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 5 })),
      together: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 3 }))
    },
    ({ length, parts: given, together }) => {
      const parts = apart(wired(given))
      const head = { responseId: "r1", modelVersion: "m" }
      const end = { finishReason: "STOP", index: 0 }
      const usageMetadata = { promptTokenCount: 1, candidatesTokenCount: 2, totalTokenCount: 3 }
      const body = { ...head, usageMetadata, candidates: [{ content: { role: "model", parts }, ...end }] }
      const plain = Result.getOrThrow(gemini.raise.response(body, "p/m"))
      assert.deepStrictEqual<unknown>(gemini.lower.response(frozen(plain)), body)

      const cut = parts.flatMap((part) => pieces(part, length))
      const frames: Array<unknown> = []
      for (let at = 0; at < cut.length; at += together) {
        const some = cut.slice(at, at + together)
        frames.push({ ...head, candidates: [{ content: { role: "model", parts: some }, index: 0 }] })
      }
      frames.push({
        ...head,
        usageMetadata,
        candidates: [{ content: { role: "model", parts: [{ text: "" }] }, ...end }]
      })
      const streamed = read(streamOf(frames), "p/m")
      assert.deepStrictEqual<unknown>(responseOf(streamed), plain)
      assert.deepStrictEqual<unknown>(
        streamed.flatMap((part) => part.type === "block_end" ? [part.block] : []),
        plain.content
      )

      // A signed text has its signature behind it in a stream, in a part of its own, as Google sends it.
      if (parts.some((part) => "text" in part && part.text !== "" && !isPlain(part))) return
      const lowerer = gemini.lower.stream()
      const again = Buffer.concat(streamed.flatMap((part) => lowerer.add(part)))
      assert.deepStrictEqual<unknown>(responseOf(read(again, "p/m")), plain)
    }
  )

  it.prop(
    "asks any canonical conversation as Google takes it, or says why not, and changes nothing of it",
    {
      contents: Schema.NonEmptyArray(Schema.Struct({
        role: Schema.Literals(["system", "developer", "user", "assistant"]),
        content: Schema.Union([
          Schema.String,
          Schema.Array(Schema.Union([
            ContentBlock.members[0],
            ContentBlock.members[1],
            ContentBlock.members[2],
            ContentBlock.members[3]
          ]))
        ])
      })),
      call: Schema.Struct({
        id: text,
        name: text,
        input: args,
        output: Schema.Json,
        is_error: Schema.NullOr(Schema.Boolean)
      }),
      settings: Schema.Struct({
        temperature: Schema.NullOr(Schema.Finite),
        seed: Schema.NullOr(Schema.Int),
        stop: Schema.NullOr(Schema.Array(Schema.String)),
        reasoning_effort: Schema.NullOr(Schema.String),
        reasoning_budget_tokens: Schema.NullOr(Schema.Int),
        response_format: Schema.NullOr(ResponseFormat),
        parallel_tool_calls: Schema.NullOr(Schema.Boolean),
        model: Schema.NullOr(
          Schema.Literals(["gemini-2.5-pro", "gemini-2.5-flash", "gemini-3-pro", "gemini-flash-latest", "x"])
        )
      })
    },
    ({ call, contents, settings }) => {
      const { id, input, is_error, name, output } = call
      const request: ChatRequest = frozen(wired({
        ...settings,
        messages: [
          ...contents as ReadonlyArray<ChatRequest["messages"][number]>,
          { role: "assistant", content: [{ type: "tool_call", id, name, input }] },
          { role: "tool", content: [{ type: "tool_result", tool_call_id: id, output, is_error }] }
        ]
      }))
      Result.match(gemini.lower.request(request), {
        onSuccess: ({ body, degradations }) => {
          Schema.decodeUnknownSync(SentRequest)(body)
          for (const { actual, reason, requested } of degradations) {
            assert.isAbove(Math.min(actual.length, reason.length, requested.length), 0)
          }
          const contents = body["contents"] as ReadonlyArray<Schema.JsonObject>
          for (const [at, { role }] of contents.entries()) assert.notStrictEqual(role, contents[at - 1]?.["role"])
        },
        onFailure: ({ param }) => assert.strictEqual(param, "stop")
      })
    }
  )

  it.prop("never throws, whatever JSON comes", { value: Schema.Json }, ({ value }) => {
    const places = [
      value,
      { contents: value, tools: value, toolConfig: value, generationConfig: value, systemInstruction: value },
      { contents: [value], generationConfig: { thinkingConfig: value, responseSchema: value } },
      { contents: [{ role: value, parts: value }] },
      { contents: [{ parts: [value, { text: value }, { functionCall: value }, { functionResponse: value }] }] },
      {
        contents: [{
          parts: [{ inlineData: value }, { fileData: value }, { text: "a", thought: value, thoughtSignature: value }]
        }]
      },
      { contents: [{ parts: [{ functionResponse: { name: "f", response: value, parts: value } }] }] },
      {
        contents: [],
        tools: [value, { functionDeclarations: value }, { functionDeclarations: [value, { parameters: value }] }]
      },
      { candidates: value, usageMetadata: value, responseId: value, createTime: value, promptFeedback: value },
      { candidates: [value, { content: value, finishReason: value }] },
      { candidates: [{ content: { parts: [value, { functionCall: { name: "f", args: value, id: value } }] } }] },
      { promptFeedback: { blockReason: value }, usageMetadata: { promptTokenCount: value, totalTokenCount: 1 } },
      { error: value },
      [{ error: { code: value, status: value, details: [value], message: value } }]
    ]
    for (const place of places) {
      Result.map(gemini.raise.request(place), (request) => gemini.lower.request(request))
      Result.map(gemini.raise.response(place), (response) => gemini.lower.response(response))
      const bytes = streamOf([place, value, place])
      read(bytes)
      Errors.retryDelay(place)
      assert.isString(gemini.errors.raise(400, place).message)
      const frames = [[0, bytes.toString("utf8")] as const]
      gemini.summary.request(place)
      gemini.summary.answer({ status: 200, json: place, frames: undefined })
      gemini.summary.answer({ status: 200, json: undefined, frames })
      gemini.failureOf({ status: 200, json: undefined, frames })
      gemini.failureIn({ json: place, frames: undefined })
      gemini.conversation.answer(JSON.stringify(place), false)
      gemini.conversation.answer(bytes.toString("utf8"), true)
      if (!Predicate.isObject(place) || Array.isArray(place)) continue
      const { conversation } = gemini
      const fields = place as Schema.JsonObject
      const messages = conversation.messages(fields) ?? []
      messages.map((message) => conversation.replaceToolResults(message, { a: "b" }))
      messages.flatMap(conversation.toolCalls)
      conversation.request(fields, "m", messages)
      conversation.addContext(fields, { text: "a", role: "user", append_to_last_tool_result: true })
    }
  })
})
