/** Whatever conversation it is: it is said again in the same words, streams add up, and nothing that comes makes it throw. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { bedrock } from "../../../../src/kernel/dialects/bedrock/BedrockDialect.ts"
import { SentRequest } from "../../../../src/kernel/dialects/bedrock/SentWire.ts"
import { assertSame, dialectProperties, lowered, pieces, raised, wired } from "../../../support/DialectProperties.ts"

const claude = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0"

/** Nobody knows whose model stands behind it. */
const profile = "arn:aws:bedrock:eu-central-1:1:application-inference-profile/x"

const words = Schema.Literals(["Rain. ", "4 °C", "🌧", "{\"a\":1}"])
const image = { image: { format: "png", source: { bytes: "iVBORw0KGgo=" } } }
const point = { cachePoint: { type: "default" } }

const Asked = Schema.Union([
  Schema.Struct({ text: words }),
  Schema.Literals(["image", "document", "video", "guard"])
])

const asked: Readonly<Record<string, Schema.JsonObject>> = {
  image,
  document: { document: { format: "pdf", name: "a", source: { bytes: "JVBERi0=" } } },
  video: { video: { format: "mp4", source: { s3Location: { uri: "s3://a/b" } } } },
  guard: { guardContent: { text: { text: "Is it so?" } } }
}

const Thought = Schema.Union([
  Schema.Struct({
    reasoningContent: Schema.Struct({
      reasoningText: Schema.Struct({
        text: Schema.NonEmptyString,
        signature: Schema.optionalKey(Schema.NonEmptyString)
      })
    })
  }),
  Schema.Struct({ reasoningContent: Schema.Struct({ redactedContent: Schema.Literals(["c2VjcmV0", "AAEC"]) }) })
])

const Call = Schema.Struct({ name: Schema.Literals(["f", "g"]), input: Schema.JsonObject })

const Exchange = Schema.Struct({
  asked: Schema.NonEmptyArray(Asked),
  thought: Schema.optionalKey(Thought),
  answer: words,
  call: Schema.optionalKey(Call),
  result: Schema.Union([words, Schema.JsonObject]),
  status: Schema.optionalKey(Schema.Literals(["success", "error"])),
  marked: Schema.Boolean
})

const resultOf = (result: string | Schema.JsonObject) =>
  typeof result === "string" ? { text: result } : { json: result }

/** What is asked first, answers, and what came of their calls before what is asked next. */
const messagesOf = (exchanges: ReadonlyArray<typeof Exchange.Type>): ReadonlyArray<Schema.JsonObject> => {
  let results: ReadonlyArray<Schema.JsonObject> = []
  const messages: Array<Schema.JsonObject> = []
  exchanges.forEach(({ answer, asked: given, call, marked, result, status, thought }, at) => {
    const content = given.map((each) => typeof each === "string" ? asked[each]! : each)
    messages.push({ role: "user", content: [...results, ...content, ...marked && at < 3 ? [point] : []] })
    messages.push({
      role: "assistant",
      content: [
        ...thought === undefined ? [] : [thought],
        { text: answer },
        ...call === undefined ? [] : [{ toolUse: { toolUseId: `call_${at}`, ...call } }]
      ]
    })
    results = call === undefined ? [] : [{
      toolResult: { toolUseId: `call_${at}`, content: [resultOf(result)], ...status === undefined ? {} : { status } }
    }]
  })
  return results.length === 0 ? messages : [...messages, { role: "user", content: results }]
}

describe("BedrockDialect", () => {
  it.prop(
    "says any request again in the same words",
    {
      exchanges: Schema.NonEmptyArray(Exchange),
      temperature: Schema.UndefinedOr(Schema.Literals([0, 0.5, 1])),
      maxTokens: Schema.UndefinedOr(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 9000 }))),
      toolChoice: Schema.UndefinedOr(Schema.Literals(["auto", "any", "tool", "odd"])),
      fields: Schema.UndefinedOr(Schema.JsonObject),
      more: Schema.UndefinedOr(Schema.JsonObject)
    },
    ({ exchanges, fields, maxTokens, more, temperature, toolChoice }) => {
      const inferenceConfig = wired({ maxTokens, temperature })
      const body = wired({
        messages: messagesOf(exchanges),
        system: [{ text: "Be brief." }, point],
        ...Object.keys(inferenceConfig).length === 0 ? {} : { inferenceConfig },
        toolConfig: {
          tools: [
            { toolSpec: { name: "f", description: "F.", inputSchema: { json: { type: "object" } }, strict: true } },
            { systemTool: { name: "nova_grounding" } }
          ],
          ...toolChoice === undefined
            ? {}
            : { toolChoice: toolChoice === "tool" ? { tool: { name: "f" } } : { [toolChoice]: {} } }
        },
        outputConfig: {
          textFormat: { type: "json_schema", structure: { jsonSchema: { schema: "{\"type\":\"object\"}", name: "a" } } }
        },
        guardrailConfig: more,
        additionalModelRequestFields: fields
      })
      const { body: again, degradations } = lowered(bedrock, { ...raised(bedrock, body), model: profile })
      assert.deepStrictEqual<unknown>(again, body)
      assert.isEmpty(degradations)
      Schema.decodeUnknownSync(SentRequest)(again)
    }
  )

  it.prop(
    "says any answer again in the same words, and reads the same from a stream of it",
    {
      thought: Schema.UndefinedOr(Thought),
      texts: Schema.Array(Schema.NonEmptyString).check(Schema.isMaxLength(2)),
      calls: Schema.Array(Call).check(Schema.isMaxLength(3)),
      stopReason: Schema.Literals([
        "end_turn",
        "stop_sequence",
        "max_tokens",
        "tool_use",
        "guardrail_intervened",
        "content_filtered",
        "malformed_tool_use"
      ]),
      usage: Schema.UndefinedOr(Schema.Struct({
        inputTokens: Schema.Int,
        outputTokens: Schema.Int,
        cacheReadInputTokens: Schema.optionalKey(Schema.Int)
      })),
      trace: Schema.UndefinedOr(Schema.JsonObject),
      length: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 5 }))
    },
    ({ calls, length, stopReason, texts, thought, trace, usage }) => {
      const counted = usage === undefined
        ? undefined
        : Object.fromEntries(
          Object.entries({ ...usage, totalTokens: 7 }).map(([name, count]) => [name, Math.abs(count)])
        )
      const content = [
        ...thought === undefined ? [] : [thought],
        ...texts.map((text) => ({ text })),
        ...calls.map((call, at) => ({ toolUse: { toolUseId: `call_${at}`, ...call } }))
      ]
      const metadata = wired({ usage: counted, metrics: { latencyMs: 5 }, trace })
      const body = wired({ ...metadata, stopReason, output: { message: { role: "assistant", content } } })
      const delta = (contentBlockIndex: number, delta: unknown) => ({
        contentBlockDelta: { delta, contentBlockIndex, p: "ab" }
      })
      const events = wired(content).flatMap((block: Schema.JsonObject, at) => {
        const { reasoningContent, text, toolUse } = block as Record<string, any> // oxlint-disable-line typescript/no-explicit-any -- of several kinds
        const deltas = text !== undefined
          ? pieces(text, length).map((text) => delta(at, { text }))
          : toolUse !== undefined
          ? pieces(JSON.stringify(toolUse.input), length).map((input) => delta(at, { toolUse: { input } }))
          : reasoningContent.redactedContent !== undefined
          ? [delta(at, { reasoningContent })]
          : [
            ...pieces(reasoningContent.reasoningText.text, length).map((text) =>
              delta(at, { reasoningContent: { text } })
            ),
            ...reasoningContent.reasoningText.signature === undefined
              ? []
              : [delta(at, { reasoningContent: { signature: reasoningContent.reasoningText.signature } })]
          ]
        const start = toolUse === undefined ? [] : [{
          contentBlockStart: {
            start: { toolUse: { toolUseId: toolUse.toolUseId, name: toolUse.name } },
            contentBlockIndex: at
          }
        }]
        return [...start, ...deltas, { contentBlockStop: { contentBlockIndex: at } }]
      })
      const all = [{ messageStart: { role: "assistant" } }, ...events, { messageStop: { stopReason } }, { metadata }]
      assertSame(bedrock, body, all.map((each) => `data: ${JSON.stringify(each)}\n\n`).join(""))
    }
  )

  dialectProperties(bedrock, SentRequest, [
    claude,
    "amazon.nova-2-lite-v1:0",
    "openai.gpt-oss-20b-1:0",
    "meta.llama3",
    "m"
  ])
})
