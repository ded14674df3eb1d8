/** Whatever JSON comes is read without a throw; whatever is canonical is sent as the vendor takes it, and comes back. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema, Struct } from "effect"
import { responses } from "../../../../src/kernel/dialects/responses/ResponsesDialect.ts"
import { SentRequest } from "../../../../src/kernel/dialects/responses/SentWire.ts"
import type { ChatRequest } from "../../../../src/kernel/messages/ChatRequest.ts"
import type { ContentBlock } from "../../../../src/kernel/messages/ContentBlock.ts"
import { frame, framesOf } from "./ResponsesSamples.ts"

const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const Id = Schema.String.check(Schema.isPattern(/^[a-z]{1,8}$/))
const Call = Schema.Struct({ type: Schema.Literal("tool_call"), id: Id, name: Id, input: Schema.JsonObject })
const Text = Schema.Struct({ type: Schema.Literal("text"), text: Schema.String })
const Own = Schema.Struct({
  type: Schema.Literal("thinking"),
  thinking: Schema.String,
  content: Schema.Tuple([Id, Id]),
  producer_dialect: Schema.Literal("responses")
})
const Signed = Schema.Struct({ type: Schema.Literal("thinking"), thinking: Schema.String, signature: Schema.String })
const Redacted = Schema.Struct({ type: Schema.Literal("redacted_thinking"), data: Schema.String })
const SignedCall = Schema.Struct({ ...Call.fields, signature: Schema.String })
const Answer = Schema.Array(Schema.Union([SignedCall, Call, Text, Own, Signed, Redacted]))

const Result_ = Schema.Struct({
  type: Schema.Literal("tool_result"),
  tool_call_id: Id,
  output: Schema.Union([Schema.Array(Text), Schema.Json])
})
const Message = Schema.Union([
  Schema.Struct({
    role: Schema.Literals(["user", "system", "developer"]),
    content: Schema.Union([Schema.String, Schema.Array(Text)])
  }),
  Schema.Struct({ role: Schema.Literal("assistant"), content: Answer }),
  Schema.Struct({ role: Schema.Literal("tool"), content: Schema.Array(Result_) })
])
const Request = Schema.Struct({
  model: Id,
  messages: Schema.NonEmptyArray(Message),
  tools: Schema.optionalKey(Schema.Array(Schema.Struct({ name: Id, parameters: Schema.JsonObject }))),
  temperature: Schema.optionalKey(Schema.Finite),
  max_output_tokens: Schema.optionalKey(Schema.Int),
  reasoning_budget_tokens: Schema.optionalKey(Schema.Int),
  metadata: Schema.optionalKey(Schema.JsonObject)
})

const Item = Schema.Record(
  Schema.Literals([
    "type",
    "role",
    "content",
    "output",
    "summary",
    "call_id",
    "name",
    "arguments",
    "encrypted_content"
  ]),
  Schema.optionalKey(
    Schema.Union([Schema.Literals(["message", "reasoning", "function_call", "assistant"]), Schema.Json])
  )
)
const Event = Schema.Struct({
  type: Schema.Literals([
    "response.created",
    "response.output_item.added",
    "response.content_part.added",
    "response.output_text.delta",
    "response.reasoning_summary_text.delta",
    "response.function_call_arguments.delta",
    "response.output_item.done",
    "response.completed",
    "error"
  ]),
  item: Schema.optionalKey(Item),
  output_index: Schema.optionalKey(Schema.Json),
  content_index: Schema.optionalKey(Schema.Json),
  delta: Schema.optionalKey(Schema.Json),
  response: Schema.optionalKey(Schema.Union([Schema.Struct({ output: Schema.Array(Item) }), Schema.Json]))
})

/**
 * Arguments that were kept as text as well are the same JSON. They are where Node 24's `JSON.parse` has read a key of
 * escapes alone as another, which it does once in some ten thousand: the text says what was written.
 */
const content = (blocks: ReadonlyArray<ContentBlock>) =>
  blocks.map((block) => {
    const written = block["arguments"]
    if (written !== undefined) assert.deepStrictEqual(JSON.parse(String(written)), json(block["input"]))
    return Struct.omit(block, ["provider_options", "arguments"])
  })

describe("ResponsesDialect, whatever comes", () => {
  it.prop("reads any JSON without a throw", {
    body: Schema.Json,
    input: Schema.Array(Schema.Union([Item, Schema.Json]))
  }, ({ body, input }) => {
    for (
      const each of [body, { input, tools: input, text: body, reasoning: body }, {
        output: input,
        usage: body,
        error: null
      }]
    ) {
      responses.raise.request(each)
      responses.raise.response(each)
      responses.errors.raise(400, each)
      responses.summary.request(each)
      responses.summary.answer({ status: 200, json: each, frames: undefined })
      responses.failureOf({ status: 200, json: each, frames: undefined })
      responses.conversation.answer(JSON.stringify(each), false)
    }
  })

  it.prop(
    "reads any stream without a throw",
    { events: Schema.Array(Schema.Union([Event, Schema.JsonObject])) },
    ({ events }) => {
      const bytes = events.map((event) => frame(event as Schema.JsonObject))
      const raiser = responses.raise.stream()
      const parts = [...framesOf(bytes).flatMap((each) => raiser.add(each)), ...raiser.end()]
      const ended = parts.flatMap((part) => part.type === "block_end" ? [part.index] : [])
      assert.strictEqual(new Set(ended).size, ended.length)
      const text = Buffer.concat(bytes).toString()
      responses.endingOf?.(text)
      responses.conversation.answer(text, true)
      responses.summary.answer({
        status: 200,
        json: undefined,
        frames: bytes.map((each) => [0, Buffer.from(each).toString()])
      })
    }
  )

  it.prop("sends any request as the vendor takes it", { request: Request }, ({ request }) => {
    const lowered = responses.lower.request(request as ChatRequest)
    if (Result.isFailure(lowered)) return assert.strictEqual(lowered.failure.param, "messages")
    Schema.decodeUnknownSync(SentRequest)(json(lowered.success.body))
    return undefined
  })

  it.prop("gets back from a client what it answered, whichever vendor's it is", { answer: Answer }, ({ answer }) => {
    const { output } = responses.lower.response({ content: answer, metadata: { id: "r" } })
    const { messages } = Result.getOrThrow(responses.raise.request({ model: "m", input: json(output) }))
    assert.deepStrictEqual<unknown>(
      json(content(messages.flatMap(({ content }) => content as ReadonlyArray<ContentBlock>))),
      json(answer)
    )
  })

  it.prop("streams what its whole says", { answer: Answer }, ({ answer }) => {
    const { add } = responses.lower.stream()
    const bytes = [
      ...add({ type: "response_start", metadata: { id: "r" } }),
      ...answer.flatMap((block, index) => [
        ...add({ type: "block_start", index, block: block.type }),
        ...add({ type: "block_end", index, block })
      ]),
      ...add({ type: "response", response: { content: answer, metadata: { id: "r" } } })
    ]
    const raiser = responses.raise.stream()
    const last = [...framesOf(bytes).flatMap((each) => raiser.add(each)), ...raiser.end()].at(-1)
    const read = last?.type === "response" ? last.response.content : []
    assert.deepStrictEqual<unknown>(json(content(read)), json(answer))
  })
})
