/** Whether an answer is whole, and whether it is one. */
import { assert, describe, it } from "@effect/vitest"
import type { Frame } from "../../../../src/events/types/Traffic.ts"
import { cutOff } from "../../../../src/kernel/calls/AnswerFailure.ts"
import * as ChatEnding from "../../../../src/kernel/dialects/chat/ChatEnding.ts"

const done = "data: [DONE]\n\n"
const frame = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`
const delta = frame({ choices: [{ index: 0, delta: { content: "Hi" }, finish_reason: null }] })
const finish = frame({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] })
const usage = frame({ choices: [], usage: { total_tokens: 1 } })
const failed = frame({ error: { message: "no more" } })
const vendorError = { type: "vendor_error", message: "no more" }

const rows = [
  { name: "a finish and [DONE]", frames: [delta, finish, usage, done], ending: "finished", failure: undefined },
  { name: "a finish alone", frames: [delta, finish, usage], ending: "finished", failure: undefined },
  { name: "[DONE] alone", frames: [delta, done], ending: "cut off", failure: undefined },
  { name: "neither", frames: [delta], ending: "cut off", failure: cutOff },
  { name: "nothing", frames: [], ending: "cut off", failure: cutOff },
  { name: "an error", frames: [delta, failed], ending: "failed", failure: vendorError },
  { name: "an error and [DONE]", frames: [delta, failed, done], ending: "failed", failure: vendorError },
  { name: "an error as text", frames: [frame({ error: "no more" })], ending: "failed", failure: vendorError },
  { name: "an error that is null", frames: [frame({ error: null }), finish], ending: "finished", failure: undefined },
  { name: "a JSON body", frames: ["{\"choices\":[]}"], ending: "cut off", failure: undefined }
] as const

describe("ChatEnding", () => {
  it.each(rows)("of a stream with $name", ({ ending, failure, frames }) => {
    assert.strictEqual(ChatEnding.endingOf(frames.join("")), ending)
    const captured = frames.map((text, index): Frame => [index, text])
    assert.deepStrictEqual(ChatEnding.failureOf({ status: 200, json: undefined, frames: captured }), failure)
  })

  it.each([
    { json: { choices: [] }, failure: undefined },
    { json: { error: { message: "no more" } }, failure: vendorError },
    { json: { error: { code: 7 } }, failure: { type: "vendor_error", message: "{\"code\":7}" } },
    { json: undefined, failure: undefined }
  ])("of the body $json", ({ failure, json }) => {
    assert.deepStrictEqual(ChatEnding.failureOf({ status: 200, json, frames: undefined }), failure)
  })
})
