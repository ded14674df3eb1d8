/** Whether an answer is whole, and whether it is one: on this wire nothing stands behind the finish. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit } from "effect"
import type { Frame } from "../../../../src/events/types/Traffic.ts"
import * as ByteCollector from "../../../../src/kernel/bytes/ByteCollector.ts"
import * as ByteSource from "../../../../src/kernel/bytes/ByteSource.ts"
import * as Ending from "../../../../src/kernel/dialects/gemini/Ending.ts"
import { lastFrameAtEnd } from "../../../../src/kernel/dialects/sse/EndOfStream.ts"

const frame = (value: unknown) => `data: ${JSON.stringify(value)}\r\n\r\n`
const delta = frame({ candidates: [{ content: { parts: [{ text: "Hi" }] } }] })
const finish = frame({ candidates: [{ content: { parts: [{ text: "" }] }, finishReason: "STOP" }] })
const usage = frame({ usageMetadata: { totalTokenCount: 1 } })
const blocked = frame({ promptFeedback: { blockReason: "SAFETY" } })
const failed = frame({ error: { code: 503, message: "no more" } })
const vendorError = { type: "vendor_error", message: "no more" } as const
const cutOff = { type: "cut_off", message: "the stream ended before the answer was complete" } as const

const rows = [
  { name: "a finish", frames: [delta, finish], ending: "finished", failure: undefined },
  { name: "a finish, and usage behind it", frames: [delta, finish, usage], ending: "finished", failure: undefined },
  { name: "a prompt that is blocked", frames: [blocked], ending: "finished", failure: undefined },
  { name: "no finish", frames: [delta, usage], ending: "cut off", failure: cutOff },
  { name: "nothing", frames: [], ending: "cut off", failure: cutOff },
  { name: "an error", frames: [delta, failed], ending: "failed", failure: vendorError },
  {
    name: "an error without a frame",
    frames: [delta, "{\n  \"error\": {\n    \"message\": \"no more\"\n  }\n}\n"],
    ending: "failed",
    failure: vendorError
  },
  {
    name: "an error in a list",
    frames: [delta, "[{\"error\":{\"message\":\"no more\"}}]"],
    ending: "failed",
    failure: vendorError
  },
  { name: "a finish that is torn", frames: [delta, finish.slice(0, -20)], ending: "cut off", failure: cutOff },
  {
    name: "a text that looks like a finish",
    frames: [frame({ candidates: [{ content: { parts: [{ text: "\"finishReason\":\"STOP\"" }] } }] })],
    ending: "cut off",
    failure: cutOff
  }
] as const

const collected = (frames: ReadonlyArray<string>) =>
  ByteCollector.collect(
    lastFrameAtEnd(
      ByteSource.fromChunks(frames.map((text) => Buffer.from(text))),
      Ending.streamEnd,
      (error) => error,
      { cutOff: () => "cut off" as const, tooLong: () => "too long" as const }
    )
  )

describe("Ending", () => {
  it.each(rows)("of a stream with $name", ({ ending, failure, frames }) => {
    assert.strictEqual(Ending.streamEnd.endingOf(frames.join("")), ending)
    const captured = frames.map((text, index): Frame => [index, text])
    assert.deepStrictEqual(Ending.failureOf({ status: 200, json: undefined, frames: captured }), failure)
  })

  it.each([
    { json: { candidates: [] }, failure: undefined },
    { json: { error: { message: "no more" } }, failure: vendorError },
    { json: [{ error: { message: "no more" } }], failure: vendorError },
    { json: { error: { code: 7 } }, failure: { type: "vendor_error", message: "{\"code\":7}" } },
    { json: undefined, failure: undefined }
  ])("of the body $json", ({ failure, json }) => {
    assert.deepStrictEqual<unknown>(Ending.failureOf({ status: 200, json, frames: undefined }), failure)
    assert.strictEqual(Ending.failureIn({ json, frames: undefined }), failure === undefined ? undefined : json)
  })

  it("takes a list of JSON for an answer of a vendor that does not stream", () => {
    const frames: ReadonlyArray<Frame> = [[0, "[{\"candidates\":[]}"], [1, ",{\"candidates\":[]}]"]]
    assert.isUndefined(Ending.failureOf({ status: 200, json: undefined, frames }))
  })

  it.effect.each(rows)(
    "passes a stream with $name byte for byte, and adds no frame",
    ({ ending, frames }) =>
      Effect.gen(function*() {
        const exit = yield* Effect.exit(collected(frames))
        if (ending === "cut off") assert.isTrue(Exit.isFailure(exit))
        else assert.strictEqual((yield* exit).toString("utf8").trimEnd(), frames.join("").trimEnd())
      })
  )
})
