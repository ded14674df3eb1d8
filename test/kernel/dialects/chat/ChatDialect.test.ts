/** What chat completions say is understood, and said again in the same words; streams say what their whole says. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { chat } from "../../../../src/kernel/dialects/chat/ChatDialect.ts"
import { SentRequest } from "../../../../src/kernel/dialects/chat/SentWire.ts"
import { ChatCompletion } from "../../../../src/kernel/dialects/chat/Wire.ts"
import type { StreamRaiser } from "../../../../src/kernel/dialects/Dialect.ts"
import { SseReader } from "../../../../src/kernel/dialects/sse/SseReader.ts"
import type { ContentBlock } from "../../../../src/kernel/messages/ContentBlock.ts"
import type { StreamPart } from "../../../../src/kernel/messages/StreamPart.ts"

const call = (id: string, name: string, text: string) => ({ id, type: "function", function: { name, arguments: text } })
const user = { role: "user", content: "Hello?" }

const requests: ReadonlyArray<{ readonly name: string; readonly body: Schema.JsonObject }> = [
  { name: "a text", body: { model: "m", messages: [user] } },
  {
    name: "all roles, and fields of a vendor's own",
    body: {
      model: "m",
      store: true,
      messages: [
        { role: "system", content: "be brief" },
        { role: "developer", content: "be kind", name: "dev" },
        { ...user, cache_control: { type: "ephemeral" } },
        { role: "assistant", content: "Hi", annotations: [{ a: 1 }] }
      ]
    }
  },
  {
    name: "parts",
    body: {
      model: "m",
      messages: [{
        role: "user",
        content: [
          { type: "text", text: "what is this?", cache_control: {} },
          { type: "image_url", image_url: { url: "https://example.com/a.png", detail: "low" } },
          { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } },
          { type: "input_audio", input_audio: { data: "AA==", format: "wav" } },
          { type: "image", odd: 1 }
        ]
      }]
    }
  },
  {
    name: "tools, calls and results",
    body: {
      model: "m",
      messages: [
        user,
        {
          role: "assistant",
          content: null,
          reasoning_content: "hm",
          tool_calls: [
            { ...call("a", "f", "{\"x\":1}"), extra_content: { google: { thought_signature: "s" } } },
            call("b", "f", "{ \"x\" : 1 }"),
            call("c", "f", "not json"),
            { id: "d", type: "custom", custom: { name: "sh", input: "ls" } }
          ]
        },
        { role: "tool", tool_call_id: "a", content: "1" },
        { role: "tool", tool_call_id: "b", content: [{ type: "text", text: "2" }] }
      ],
      tools: [
        { type: "function", function: { name: "f", description: "d", parameters: { type: "object" }, strict: true } },
        { type: "custom", custom: { name: "sh" } }
      ],
      tool_choice: { type: "function", function: { name: "f" } }
    }
  },
  {
    name: "settings",
    body: {
      model: "m",
      messages: [user],
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0.5,
      top_p: 0.9,
      stop: ["a"],
      max_completion_tokens: 9,
      reasoning_effort: "low",
      tool_choice: "auto",
      metadata: { user: "ada" },
      response_format: { type: "json_schema", json_schema: { name: "n", schema: { type: "object" }, strict: true } }
    }
  },
  { name: "any JSON", body: { model: "m", messages: [user], response_format: { type: "json_object" } } }
]

const producer_model = "p/m"

const completions: ReadonlyArray<{
  readonly name: string
  readonly message: Schema.JsonObject
  readonly content: ReadonlyArray<unknown>
}> = [
  {
    name: "text",
    message: { role: "assistant", content: "Hello" },
    content: [{ type: "text", text: "Hello", producer_model }]
  },
  {
    name: "a thought, text and a call",
    message: { role: "assistant", content: "So", reasoning: "hm", tool_calls: [call("a", "f", "{\"x\":1}")] },
    content: [
      { type: "thinking", thinking: "hm", producer_model, provider_options: { chat: { field: "reasoning" } } },
      { type: "text", text: "So", producer_model },
      { type: "tool_call", id: "a", name: "f", input: { x: 1 }, producer_model }
    ]
  },
  {
    name: "a refusal",
    message: { role: "assistant", content: null, refusal: "no", annotations: [] },
    content: [{ type: "text", text: "no", refusal: true, producer_model }]
  }
]

const head = { id: "c1", object: "chat.completion", created: 7, model: "m-1", system_fingerprint: "fp" }
const usage = {
  prompt_tokens: 5,
  completion_tokens: 2,
  total_tokens: 7,
  prompt_tokens_details: { cached_tokens: 4, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 1 }
}
const completion = (message: Schema.JsonObject) => ({
  ...head,
  choices: [{ index: 0, message, finish_reason: "stop" }],
  usage
})

const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
const framesOf = (bytes: ReadonlyArray<Uint8Array>) => {
  const reader = new SseReader()
  return [...bytes.flatMap((each) => reader.feed(each)), ...reader.end()]
}
const partsOf = (raiser: StreamRaiser, bytes: ReadonlyArray<Uint8Array>): ReadonlyArray<StreamPart> => [
  ...framesOf(bytes).flatMap((frame) => raiser.add(frame)),
  ...raiser.end()
]
const responseOf = (parts: ReadonlyArray<StreamPart>) =>
  parts.flatMap((part) => part.type === "response" ? [part.response] : [])

const chunk = (delta: Schema.JsonObject, finish_reason: string | null = null, more: Schema.JsonObject = {}) =>
  Buffer.from(
    `data: ${
      JSON.stringify({
        ...head,
        object: "chat.completion.chunk",
        choices: [{ index: 0, delta, finish_reason }],
        ...more
      })
    }\n\n`
  )
const done = Buffer.from("data: [DONE]\n\n")
const piece = (part: Schema.JsonObject) => chunk({ tool_calls: [part] })

const Text = Schema.String.check(Schema.isMinLength(1))
const blocks: Schema.Codec<ContentBlock, Schema.Json> = Schema.Union([
  Schema.Struct({ type: Schema.Literal("text"), text: Text }),
  Schema.Struct({
    type: Schema.Literal("tool_call"),
    id: Schema.String,
    name: Schema.String,
    input: Schema.JsonObject
  }),
  Schema.Struct({
    type: Schema.Literal("image"),
    source: Schema.Struct({ type: Schema.Literal("url"), url: Schema.String.check(Schema.isPattern(/^https:/)) })
  })
]) as never

describe("ChatDialect", () => {
  it.each(requests)("says a request with $name again as it was", ({ body }) => {
    const raised = Result.getOrThrow(chat.raise.request(body))
    const lowered = Result.getOrThrow(chat.lower.request(raised)).body
    assert.deepStrictEqual(json(lowered), json(body))
    Schema.decodeUnknownSync(SentRequest)(json(lowered))
  })

  it("knows a request's longest answer and its end in their other forms", () => {
    const raised = Result.getOrThrow(chat.raise.request({ model: "m", messages: [user], max_tokens: 5, stop: "x" }))
    assert.deepStrictEqual([raised.max_output_tokens, raised.stop], [5, ["x"]])
  })

  it.each([{}, { model: "m" }, { model: "m", messages: [{ role: "king", content: "x" }] }, "x", null])(
    "refuses the request %j",
    (body) => assert.strictEqual(Result.isFailure(chat.raise.request(body)), true)
  )

  it.each(completions)("understands an answer with $name, and says it again", ({ content, message }) => {
    const raised = Result.getOrThrow(chat.raise.response(completion(message), producer_model))
    assert.deepStrictEqual<unknown>(json(raised.content), content)
    assert.strictEqual(raised.usage?.cache_read_tokens, 4)
    assert.deepStrictEqual(json(chat.lower.response(raised)), json(completion(message)))
    Schema.decodeUnknownSync(ChatCompletion)(json(chat.lower.response(raised)))
  })

  it.each([{}, { choices: [] }, { choices: [{}] }, { error: { message: "no" } }, undefined])(
    "refuses the answer %j",
    (body) => {
      assert.isTrue(Result.isFailure(chat.raise.response(body)))
    }
  )

  it("says part by part what a stream says, and at its end the whole", () => {
    const parts = partsOf(chat.raise.stream(producer_model), [
      chunk({ role: "assistant", content: "", reasoning_content: "h" }),
      chunk({ reasoning_content: "m" }),
      chunk({ content: "Hel" }),
      chunk({ content: "lo" }),
      piece({ index: 0, id: "a", type: "function", function: { name: "get_", arguments: "" } }),
      piece({ index: 0, function: { name: "weather", arguments: "{\"x\"" } }),
      piece({ index: 1, id: "b", type: "function", function: { name: "g", arguments: "{}" } }),
      piece({ index: 0, function: { arguments: ":1}" } }),
      chunk({}, "tool_calls", { x_groq: { usage } }),
      done
    ])
    const origin = { producer_model }
    const words = { provider_options: { chat: { field: "reasoning_content" } } }
    assert.deepStrictEqual(json(parts.slice(1, -1)), [
      { type: "block_start", index: 0, block: "thinking" },
      { type: "block_delta", index: 0, text: "h" },
      { type: "block_delta", index: 0, text: "m" },
      { type: "block_end", index: 0, block: { type: "thinking", thinking: "hm", ...origin, ...words } },
      { type: "block_start", index: 1, block: "text" },
      { type: "block_delta", index: 1, text: "Hel" },
      { type: "block_delta", index: 1, text: "lo" },
      { type: "block_end", index: 1, block: { type: "text", text: "Hello", ...origin } },
      { type: "block_start", index: 2, block: "tool_call", id: "a", name: "get_weather" },
      { type: "block_delta", index: 2, text: "{\"x\"" },
      { type: "block_start", index: 3, block: "tool_call", id: "b", name: "g" },
      { type: "block_delta", index: 3, text: "{}" },
      { type: "block_delta", index: 2, text: ":1}" },
      {
        type: "block_end",
        index: 2,
        block: { type: "tool_call", id: "a", name: "get_weather", input: { x: 1 }, ...origin }
      },
      { type: "block_end", index: 3, block: { type: "tool_call", id: "b", name: "g", input: {}, ...origin } }
    ])
    const [response] = responseOf(parts)
    assert.deepStrictEqual([response?.finish_reason, response?.usage?.input_tokens, response?.metadata?.["id"]], [
      "tool_calls",
      5,
      "c1"
    ])
  })

  it("says an error in mid-stream, and no answer", () => {
    const parts = partsOf(chat.raise.stream(), [
      chunk({ content: "a" }),
      Buffer.from("data: {\"error\":{\"message\":\"no\"}}\n\n")
    ])
    assert.deepStrictEqual(parts.at(-1), {
      type: "error",
      error: { message: "no" },
      failure: { kind: "unknown", message: "no", type: null, code: null, param: null }
    })
  })

  it.each([[], [done], [Buffer.from(": ping\n\n")]])("says nothing of a stream that holds nothing", (...bytes) => {
    assert.deepStrictEqual(partsOf(chat.raise.stream(), bytes), [])
  })

  it.prop("loses nothing between the canonical model and a completion, plain and streamed", {
    content: Schema.Array(blocks)
  }, ({ content }) => {
    const order = ["text", "image", "tool_call"]
    const sorted = [...content].sort((one, other) => order.indexOf(one.type) - order.indexOf(other.type))
    const wire = json(chat.lower.response({ content: sorted, finish_reason: "stop", metadata: { id: "c" } }))
    const raised = Result.getOrThrow(chat.raise.response(wire))
    assert.deepStrictEqual(json(raised.content), json(joined(sorted)))

    const texts = sorted.filter(({ type }) => type === "text").slice(0, 1)
    const calls = sorted.filter(({ type }) => type === "tool_call").map((block, index) => ({
      ...block,
      id: `call_${index}`
    }))
    const sent = [...texts, ...calls] as ReadonlyArray<ContentBlock>
    const source = chat.raise.stream()
    const lower = chat.lower.stream()
    const message =
      (chat.lower.response({ content: sent })["choices"] as ReadonlyArray<{ message: Schema.JsonObject }>)[0]!.message
    const parts = partsOf(source, [chunk({ ...message, tool_calls: numbered(message) }, "stop", { usage }), done])
    const again = partsOf(chat.raise.stream(), parts.flatMap(lower.add))
    assert.deepStrictEqual(json(responseOf(again)[0]?.content), json(sent))
    assert.strictEqual(responseOf(again)[0]?.usage?.total_tokens, 7)
  })

  it("writes failures as OpenAI does, also in mid-stream", () => {
    const envelope = chat.errors.envelope({ message: "no", code: "c" })
    assert.deepStrictEqual(envelope, {
      error: { message: "no", type: "invalid_request_error", param: null, code: "c" }
    })
    assert.strictEqual(Buffer.from(chat.errors.frame(envelope)).toString(), `data: ${JSON.stringify(envelope)}\n\n`)
  })
})

/** The calls of a message as a chunk has them. */
const numbered = ({ tool_calls }: Schema.JsonObject): Schema.Json =>
  Array.isArray(tool_calls) ? tool_calls.map((each, index) => ({ index, ...each as Schema.JsonObject })) : null

/** Clients read one text. */
const joined = (content: ReadonlyArray<ContentBlock>): ReadonlyArray<unknown> => {
  const text = content.flatMap((block) => block.type === "text" ? [String(block["text"])] : []).join("")
  return [...(text === "" ? [] : [{ type: "text", text }]), ...content.filter(({ type }) => type !== "text")]
}
