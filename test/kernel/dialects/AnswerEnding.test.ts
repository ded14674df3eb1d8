/** What every dialect asks of an answer under a status of success; each dialect's own endings are tested in its room. */
import { assert, describe, it } from "@effect/vitest"
import { cutOff } from "../../../src/kernel/calls/AnswerFailure.ts"
import * as AnswerEnding from "../../../src/kernel/dialects/AnswerEnding.ts"
import { doneFrame } from "../../../src/kernel/dialects/chat/DoneFrame.ts"

const { endingOf, failureIn, failureOf } = AnswerEnding.ofLastFrame(
  doneFrame,
  (value) => Object(value).finish === true
)

const frame = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`
const done = "data: [DONE]\n\n"
const failing = frame({ error: { message: "no" } })

const streams: ReadonlyArray<{
  readonly name: string
  readonly frames: ReadonlyArray<string>
  readonly failure: unknown
}> = [
  { name: "with its last frame", frames: [frame({ a: 1 }), done], failure: undefined },
  { name: "with a finish", frames: [frame({ finish: true }), frame({ usage: 1 })], failure: undefined },
  { name: "with neither", frames: [frame({ a: 1 })], failure: cutOff },
  { name: "with an error", frames: [frame({ a: 1 }), failing, done], failure: { type: "vendor_error", message: "no" } },
  { name: "that is one JSON body", frames: ["{\"a\":", "1}"], failure: undefined }
]

describe("AnswerEnding", () => {
  it.each(streams)("judges a stream $name", ({ failure, frames }) => {
    const answer = { status: 200, json: undefined, frames: frames.map((text) => [0, text] as const) }
    assert.deepStrictEqual<unknown>(failureOf(answer), failure)
  })

  it("gives the value that says it", () => {
    assert.deepStrictEqual(failureIn({ json: undefined, frames: [[0, failing]] }), { error: { message: "no" } })
    assert.deepStrictEqual(failureIn({ json: { error: "no" }, frames: undefined }), { error: "no" })
    assert.isUndefined(failureIn({ json: { error: null }, frames: undefined }))
  })

  it.each([[failing, "failed"], [frame({ finish: true }), "finished"], [frame({}), "cut off"]])(
    "says how %j leaves a stream",
    (frames, ending) => {
      assert.strictEqual(endingOf(frames), ending)
    }
  )
})
