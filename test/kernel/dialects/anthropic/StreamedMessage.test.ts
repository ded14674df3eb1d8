/** A streamed message adds up to the plain one, whatever its events hold. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Schema } from "effect"
import { anthropic } from "../../../../src/kernel/dialects/anthropic/AnthropicDialect.ts"
import * as StreamedMessage from "../../../../src/kernel/dialects/anthropic/StreamedMessage.ts"
import * as Samples from "./AnthropicSamples.ts"
import * as Streams from "./AnthropicStreams.ts"

const textOf = (events: ReadonlyArray<Schema.JsonObject>) =>
  events.map((event) => Streams.bytesOf(String(event["type"]), event)).join("")

const start = { type: "message_start", message: { id: "msg_1", content: [] } }
const begin = (index: number, content_block: Schema.JsonObject) => ({
  type: "content_block_start",
  index,
  content_block
})
const delta = (index: number, delta: Schema.JsonObject) => ({ type: "content_block_delta", index, delta })
const stop = (index: number) => ({ type: "content_block_stop", index })

const contentOf = (...events: ReadonlyArray<Schema.JsonObject>) =>
  StreamedMessage.assemble(textOf([start, ...events]))?.["content"]

describe("StreamedMessage", () => {
  it.each(Samples.answers)("adds up to the plain answer: $name", ({ body }) => {
    assert.deepStrictEqual(StreamedMessage.assemble(Streams.streamOf(body)), body)
  })

  it("keeps pieces of blocks that stand between each other with their own", () => {
    const content = contentOf(
      begin(0, { type: "text", text: "" }),
      begin(1, { type: "tool_use", id: "t", name: "f", input: {} }),
      delta(1, { type: "input_json_delta", partial_json: "{\"a\":" }),
      delta(0, { type: "text_delta", text: "Hi" }),
      delta(1, { type: "input_json_delta", partial_json: "1}" }),
      delta(0, { type: "text_delta", text: "." }),
      delta(7, { type: "text_delta", text: "of no block" })
    )
    assert.deepStrictEqual<unknown>(content, [
      { type: "text", text: "Hi." },
      { type: "tool_use", id: "t", name: "f", input: { a: 1 } }
    ])
  })

  it("adds deltas of tomorrow to their block", () => {
    const content = contentOf(
      begin(0, { type: "compaction", content: null }),
      delta(0, { type: "compaction_delta", content: "so " }),
      delta(0, { type: "compaction_delta", content: "far" })
    )
    assert.deepStrictEqual<unknown>(content, [{ type: "compaction", content: "so far" }])
  })

  it("keeps input that was cut short as it came, and calls the tool with none", () => {
    const events = [
      start,
      begin(0, { type: "tool_use", id: "t", name: "f", input: {} }),
      delta(0, { type: "input_json_delta", partial_json: "{\"a\":" }),
      stop(0),
      { type: "message_delta", delta: { stop_reason: "max_tokens" } }
    ]
    const last = Streams.partsOf(anthropic.raise.stream(), textOf(events)).at(-1)
    const response = last?.type === "response" ? last.response : undefined
    assert.deepInclude(response?.content[0], { type: "tool_call", input: {} })
    assert.deepInclude(response, { finish_reason: "length" })
    const [answered] = anthropic.lower.response(response!)["content"] as ReadonlyArray<Schema.JsonObject>
    assert.strictEqual(answered?.["input"], "{\"a\":")
    const request = { model: "m", messages: [{ role: "assistant" as const, content: response!.content }] }
    const { body } = Result.getOrThrow(anthropic.lower.request(request))
    assert.include(JSON.stringify(body), "\"input\":{}")
  })

  it("counts what was counted last, and nothing where nothing is said", () => {
    const usage = (more: Schema.JsonObject) => ({ type: "message_delta", delta: {}, usage: more })
    const whole = StreamedMessage.assemble(textOf([
      { type: "message_start", message: { content: [], usage: { input_tokens: 10, output_tokens: 1 } } },
      usage({ output_tokens: 5, input_tokens: null }),
      usage({ output_tokens: 9, cache_read_input_tokens: 3 })
    ]))
    assert.deepStrictEqual<unknown>(whole?.["usage"], {
      input_tokens: 10,
      output_tokens: 9,
      cache_read_input_tokens: 3
    })
    assert.isUndefined(StreamedMessage.assemble(": a comment\n\n"))
  })
})
