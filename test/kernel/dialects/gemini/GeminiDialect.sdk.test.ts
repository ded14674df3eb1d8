/** Google's own client reads what is written, whole and in a stream; and what it sends is read. */
import { assert, describe, it } from "@effect/vitest"
import { ApiError, FunctionCallingConfigMode, GoogleGenAI } from "@google/genai"
import { Effect, Result, Stream } from "effect"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { gemini } from "../../../../src/kernel/dialects/gemini/GeminiDialect.ts"
import type { ChatRequest } from "../../../../src/kernel/messages/ChatRequest.ts"
import type { ChatResponse } from "../../../../src/kernel/messages/ChatResponse.ts"
import type { StreamPart } from "../../../../src/kernel/messages/StreamPart.ts"

interface Asked {
  url: string
  body: unknown
}

interface Reply {
  readonly status?: number
  readonly type: string
  readonly chunks: ReadonlyArray<Uint8Array | string>
}

const failure = (error: unknown): ApiError =>
  error instanceof ApiError ? error : new ApiError({ message: String(error), status: 0 })

/** All that a stream of the client gives; fails with what it throws. */
const listOf = <T>(stream: () => Promise<AsyncIterable<T>>) =>
  Effect.tryPromise({ try: stream, catch: failure }).pipe(
    Effect.flatMap((values) => Stream.runCollect(Stream.fromAsyncIterable(values, failure)))
  )

/** A server that answers each request with the same. */
const served = (reply: Reply) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly client: GoogleGenAI; readonly asked: Asked; readonly close: () => void }>((resume) => {
      const asked: Asked = { url: "", body: undefined }
      const server = createServer((request, response) => {
        const chunks: Array<Buffer> = []
        request.on("data", (chunk: Buffer) => chunks.push(chunk))
        request.on("end", () => {
          asked.url = request.url ?? ""
          asked.body = JSON.parse(Buffer.concat(chunks).toString("utf8"))
          response.writeHead(reply.status ?? 200, { "content-type": reply.type })
          for (const chunk of reply.chunks) response.write(chunk)
          response.end()
        })
      })
      server.listen(0, "127.0.0.1", () => {
        const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
        const client = new GoogleGenAI({
          apiKey: "k",
          httpOptions: { baseUrl, apiVersion: "v1beta", retryOptions: { attempts: 1 } }
        })
        resume(Effect.succeed({ client, asked, close: () => server.closeAllConnections() ?? server.close() }))
      })
    }),
    ({ close }) => Effect.sync(close)
  )

const answer: ChatResponse = {
  content: [
    { type: "thinking", thinking: "hm", signature: "EqQB", producer_model: "anthropic/claude" },
    { type: "text", text: "It is raining." },
    { type: "tool_call", id: "toolu_1", name: "get_weather", input: { city: "Oslo" } }
  ],
  finish_reason: "tool_calls",
  usage: { input_tokens: 10, output_tokens: 8, total_tokens: 18, reasoning_tokens: 3, cache_read_tokens: 4 },
  metadata: { id: "msg_1", model: "claude", created: 1_700_000_000 }
}

const parts: ReadonlyArray<StreamPart> = [
  { type: "response_start", metadata: answer.metadata ?? {} },
  ...answer.content.flatMap((block, index): ReadonlyArray<StreamPart> => [
    { type: "block_start", index, block: block.type },
    ...(block.type === "tool_call"
      ? [{ type: "block_delta" as const, index, text: "{\"city\":\"Oslo\"}" }]
      : [...String(block["text"] ?? block["thinking"])].map((text) => ({ type: "block_delta" as const, index, text }))),
    { type: "block_end", index, block }
  ]),
  { type: "response", response: answer }
]

const framesOf = (parts: ReadonlyArray<StreamPart>) => {
  const lowerer = gemini.lower.stream()
  return parts.flatMap((part) => lowerer.add(part))
}

const ask = {
  model: "gemini-3-flash",
  contents: [{ role: "user", parts: [{ text: "Is it raining in Oslo?" }] }],
  config: {
    systemInstruction: "be brief",
    temperature: 0.5,
    maxOutputTokens: 100,
    thinkingConfig: { thinkingBudget: 1024, includeThoughts: true },
    tools: [{
      functionDeclarations: [{
        name: "get_weather",
        parametersJsonSchema: { type: "object", properties: { city: { type: "string" } } }
      }]
    }],
    toolConfig: {
      functionCallingConfig: { mode: FunctionCallingConfigMode.ANY, allowedFunctionNames: ["get_weather"] }
    }
  }
}

const request: ChatRequest = {
  messages: [
    { role: "system", content: "be brief", provider_options: { gemini: { role: "user" } } },
    { role: "user", content: "Is it raining in Oslo?" }
  ],
  temperature: 0.5,
  max_output_tokens: 100,
  reasoning_budget_tokens: 1024,
  tools: [{ name: "get_weather", parameters: { type: "object", properties: { city: { type: "string" } } } }],
  tool_choice: { name: "get_weather" },
  provider_options: { gemini: { generationConfig: { thinkingConfig: { includeThoughts: true } } } }
}

describe("GeminiDialect, Google's client", () => {
  it.effect("is answered whole, and what it asks is understood", () =>
    Effect.gen(function*() {
      const { asked, client } = yield* served({
        type: "application/json",
        chunks: [JSON.stringify(gemini.lower.response(answer))]
      })
      const response = yield* Effect.promise(() => client.models.generateContent(ask))
      const texts = response.candidates?.[0]?.content?.parts?.flatMap(({ text, thought }) =>
        thought === true ? [] : text ?? []
      )
      assert.deepStrictEqual(texts, ["It is raining."])
      assert.deepStrictEqual(response.functionCalls, [{ id: "toolu_1", name: "get_weather", args: { city: "Oslo" } }])
      assert.strictEqual(response.candidates?.[0]?.finishReason, "STOP")
      assert.deepStrictEqual({ ...response.usageMetadata }, {
        promptTokenCount: 10,
        candidatesTokenCount: 5,
        thoughtsTokenCount: 3,
        cachedContentTokenCount: 4,
        totalTokenCount: 18
      })
      assert.deepStrictEqual([response.responseId, response.modelVersion], ["msg_1", "claude"])
      assert.strictEqual(asked.url, `/v1beta${gemini.path({ model: "gemini-3-flash", stream: false })}`)
      assert.deepStrictEqual<unknown>(Result.getOrThrow(gemini.raise.request(asked.body)), request)
      // What it asks is asked again in its own words.
      assert.deepStrictEqual<unknown>(Result.getOrThrow(gemini.lower.request(request)).body, asked.body)
    }))

  it.effect("is answered in a stream, and sends back what it was answered", () =>
    Effect.gen(function*() {
      const { asked, client } = yield* served({ type: "text/event-stream", chunks: framesOf(parts) })
      const chat = client.chats.create({ model: "models/gemini-3-flash", config: ask.config })
      const chunks = yield* listOf(() => chat.sendMessageStream({ message: "Is it raining in Oslo?" }))
      assert.strictEqual(asked.url, `/v1beta${gemini.path({ model: "gemini-3-flash", stream: true })}`)
      const said = chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? [])
      assert.strictEqual(
        said.filter(({ thought }) => thought !== true).map(({ text }) => text ?? "").join(""),
        "It is raining."
      )
      assert.strictEqual(said.filter(({ thought }) => thought === true).map(({ text }) => text ?? "").join(""), "hm")
      assert.strictEqual(chunks.at(-1)?.candidates?.[0]?.finishReason, "STOP")
      assert.strictEqual(chunks.at(-1)?.usageMetadata?.totalTokenCount, 18)

      const functionResponse = { id: "toolu_1", name: "get_weather", response: { output: "rain" } }
      yield* listOf(() => chat.sendMessageStream({ message: [{ functionResponse }] }))
      const { messages } = Result.getOrThrow(gemini.raise.request(asked.body))
      const blocks = messages.flatMap(({ content }) => typeof content === "string" ? [] : content)
      assert.include(blocks.map((block) => block["signature"]), "EqQB")
      assert.include(blocks.map((block) => block["producer_model"]), "anthropic/claude")
      assert.deepInclude(
        blocks,
        { type: "tool_call", id: "toolu_1", name: "get_weather", input: { city: "Oslo" } } as never
      )
      assert.deepInclude(
        blocks,
        {
          type: "tool_result",
          tool_call_id: "toolu_1",
          output: "rain",
          provider_options: { gemini: { functionResponse: { name: "get_weather" } } }
        } as never
      )
    }))

  const failures: ReadonlyArray<readonly [string, Reply, number]> = [
    [
      "before an answer",
      {
        status: 429,
        type: "application/json",
        chunks: [JSON.stringify(gemini.errors.envelope({ message: "slow down", type: "rate_limit_error" }))]
      },
      429
    ],
    [
      "in mid-stream",
      {
        type: "text/event-stream",
        chunks: [
          ...framesOf(parts.slice(0, 4)),
          ...framesOf([{
            type: "error",
            error: { type: "overloaded_error", message: "slow down" },
            failure: { kind: "overloaded", message: "slow down" }
          }])
        ]
      },
      503
    ]
  ]
  it.effect.each(failures)("learns of a failure %s", ([, reply, status]) =>
    Effect.gen(function*() {
      const { client } = yield* served(reply)
      const { message, status: answered } = yield* Effect.flip(listOf(() => client.models.generateContentStream(ask)))
      assert.strictEqual(answered, status)
      assert.include(message, "slow down")
    }))
})
