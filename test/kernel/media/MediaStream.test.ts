/** Streams of media operations: when they are whole, when they failed, and when they were cut off. */
import { assert, describe, it } from "@effect/vitest"
import { speech } from "../../../src/apis/audio/AudioOperations.ts"
import { generation } from "../../../src/apis/images/ImageOperations.ts"
import * as MediaStream from "../../../src/kernel/media/MediaStream.ts"

const frame = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`
const [delta, done] = [frame({ type: "speech.audio.delta", audio: "AA" }), frame({ type: "speech.audio.done" })]
const failed = frame({ type: "error", error: { message: "No." } })

const judged = (text: string, operation = speech) =>
  MediaStream.judgeOf(operation, false).failureOf({ status: 200, json: undefined, frames: [[0, text]] })

describe("a stream of events", () => {
  it.each([
    [delta + done, "finished"],
    [`${delta}${done}data: [DONE]\n\n`, "finished"],
    [delta + failed, "failed"],
    [delta, "cut off"],
    ["", "cut off"]
  ])("%j is %s", (text, ending) => {
    assert.strictEqual(MediaStream.endOf(speech).endingOf?.(text), ending)
    assert.strictEqual(
      judged(text)?.type,
      { finished: undefined, failed: "vendor_error", "cut off": "cut_off" }[ending!]
    )
  })

  it("is held back from its last event on", () => {
    const { isLastFrame } = MediaStream.events(speech)
    assert.isFalse(isLastFrame(Buffer.from(delta)))
    assert.isTrue(isLastFrame(Buffer.from(done)))
  })
})

describe("a whole answer", () => {
  const of = (json: unknown) =>
    MediaStream.judgeOf(generation, false).failureOf({ status: 200, json, frames: undefined })

  it("that says that it failed did", () => {
    assert.deepStrictEqual(of({ error: { message: "No." } }), { type: "vendor_error", message: "No." })
    assert.strictEqual(of({ error: "No." })?.message, "No.")
    assert.strictEqual(of([1])?.type, "invalid_answer")
    assert.isUndefined(of({ created: 1, error: null }))
  })
})

describe("bytes of sound", () => {
  it("say nothing, whatever stands in them", () => {
    const { failureOf } = MediaStream.judgeOf(speech, true)
    assert.isUndefined(failureOf({ status: 200, json: undefined, frames: [[0, failed]] }))
    assert.strictEqual(MediaStream.sound.breaks, true)
  })
})
