/** Where a stream of this dialect ends, and what it is when it does not. */
import { assert, describe, it } from "@effect/vitest"
import { cutOff } from "../../../../src/kernel/calls/AnswerFailure.ts"
import * as AnthropicEnding from "../../../../src/kernel/dialects/anthropic/AnthropicEnding.ts"
import { stopFrame } from "../../../../src/kernel/dialects/anthropic/StopFrame.ts"
import { longestLastFrame } from "../../../../src/kernel/dialects/sse/EndOfStream.ts"
import * as Samples from "./AnthropicSamples.ts"
import * as Streams from "./AnthropicStreams.ts"

const stop = Buffer.from(stopFrame.lastFrame).toString("utf8")
const delta = Streams.bytesOf("content_block_delta", {
  type: "content_block_delta",
  index: 0,
  delta: { type: "text_delta", text: "message_stop" }
})
const finish = Streams.bytesOf("message_delta", {
  type: "message_delta",
  delta: { stop_reason: "end_turn" },
  usage: { output_tokens: 1 }
})
const ping = Streams.bytesOf("ping", { type: "ping" })
const error = { type: "error", error: { type: "api_error", message: "broken" } }

const failureOf = (...frames: ReadonlyArray<string>) =>
  AnthropicEnding.failureOf({ status: 200, json: undefined, frames: frames.map((frame) => [0, frame] as const) })

describe("AnthropicEnding", () => {
  it.each([
    [stop, true],
    ["data: {\"type\": \"message_stop\"}\n\n", true],
    ["event: message_stop\r\ndata: {}\r\n\r\n", true],
    [delta, false],
    ["event: ping\ndata: message_stop\n\n", false],
    [": message_stop\n\n", false]
  ])("knows the last frame: %j %s", (frame, isLast) => assert.strictEqual(stopFrame.isLastFrame(frame), isLast))

  it("writes a last frame that is looked at as one", () => assert.isAtMost(stop.length, longestLastFrame))

  it.each([
    [finish, "finished"],
    [finish + ping, "finished"],
    [delta + stop, "finished"],
    [delta, "cut off"],
    ["", "cut off"],
    [finish + Streams.bytesOf("error", error), "failed"]
  ])(
    "says how frames leave a stream: %j %s",
    (frames, ending) => assert.strictEqual(AnthropicEnding.endingOf(frames), ending)
  )

  it("finds nothing wrong with a whole stream, whether or not its last frame came", () => {
    assert.isUndefined(failureOf(delta, finish, stop))
    assert.isUndefined(failureOf(delta, finish))
    assert.isUndefined(failureOf(delta, finish, stop, ...Array.from({ length: 20 }, () => ping)))
  })

  it("finds a stream cut off, a failure within it, and a plain answer that claims to be one", () => {
    assert.deepStrictEqual(failureOf(delta, ping), cutOff)
    assert.deepStrictEqual(failureOf(delta, Streams.bytesOf("error", error)), {
      type: "vendor_error",
      message: "broken"
    })
    assert.deepStrictEqual(
      AnthropicEnding.failureIn({ json: undefined, frames: [[0, Streams.bytesOf("error", error)]] }),
      error
    )
    assert.isUndefined(failureOf(JSON.stringify(Samples.answers[0]?.body)))
  })

  it("finds a failure under the status of a success", () => {
    assert.deepStrictEqual(AnthropicEnding.failureOf({ status: 200, json: error, frames: undefined }), {
      type: "vendor_error",
      message: "broken"
    })
    assert.isUndefined(AnthropicEnding.failureOf({ status: 200, json: Samples.answers[0]?.body, frames: undefined }))
    assert.deepStrictEqual(AnthropicEnding.failureIn({ json: error, frames: undefined }), error)
  })
})
