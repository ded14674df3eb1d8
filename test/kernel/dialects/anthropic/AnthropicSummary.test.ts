/** What default events say of a call, read off whatever of it is there. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { anthropic } from "../../../../src/kernel/dialects/anthropic/AnthropicDialect.ts"
import * as AnthropicSummary from "../../../../src/kernel/dialects/anthropic/AnthropicSummary.ts"
import * as Samples from "./AnthropicSamples.ts"
import * as Streams from "./AnthropicStreams.ts"

const framesOf = (text: string) =>
  text.split("\n\n").filter((frame) => frame !== "").map((frame) => [0, `${frame}\n\n`] as const)

const ofFrames = (text: string) => AnthropicSummary.ofAnswer({ status: 200, json: undefined, frames: framesOf(text) })
const nothing = { response_id: null, response_model: null, finish_reason: null, usage: null }

describe("AnthropicSummary", () => {
  it("counts what a request holds", () => {
    const body = { stream: true, messages: [1, 2], tools: [1] }
    assert.deepStrictEqual(AnthropicSummary.ofRequest(body), { stream: true, message_count: 2, tool_count: 1 })
    assert.deepStrictEqual(AnthropicSummary.ofRequest(null), { stream: false, message_count: 0, tool_count: 0 })
  })

  it.each(Samples.answers)("says of a stream what it says of its plain answer: $name", ({ body }) => {
    const { finish_reason, usage } = Result.getOrThrow(anthropic.raise.response(body))
    const plain = AnthropicSummary.ofAnswer({ status: 200, json: body, frames: undefined })
    assert.deepStrictEqual<unknown>(plain, { response_id: "msg_1", response_model: "claude-x", finish_reason, usage })
    assert.deepStrictEqual(ofFrames(Streams.streamOf(body)), plain)
  })

  it("is not misled by what the model says", () => {
    const body = {
      id: "msg_1",
      model: "m",
      content: [{ type: "text", text: "message_delta \"message_start\"" }],
      usage: {},
      stop_reason: "end_turn"
    }
    assert.deepInclude(ofFrames(Streams.streamOf(body)), { response_id: "msg_1", finish_reason: "stop" })
  })

  it("says of a torn stream what it has, and nothing of what is none", () => {
    const start = Streams.bytesOf("message_start", {
      type: "message_start",
      message: { id: "msg_1", usage: { input_tokens: 3 } }
    })
    assert.deepStrictEqual(ofFrames(start), {
      ...nothing,
      response_id: "msg_1",
      usage: { input_tokens: 3, output_tokens: 0, total_tokens: 3 }
    })
    assert.deepStrictEqual(ofFrames(""), nothing)
    assert.deepStrictEqual(ofFrames("data: no JSON\n\n"), nothing)
  })
})
