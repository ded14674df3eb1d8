import { assert, describe, it } from "@effect/vitest"
import type { Frame } from "../../../../src/events/types/Traffic.ts"
import * as FrameJson from "../../../../src/kernel/dialects/sse/FrameJson.ts"

describe("FrameJson", () => {
  it("is the value of a frame, parsed once", () => {
    const frame: Frame = [0, "event: a\ndata: {\"a\":[1]}\n\n"]
    assert.deepStrictEqual(FrameJson.of(frame), { a: [1] })
    assert.strictEqual(FrameJson.of(frame), FrameJson.of(frame))
  })

  it("is none where a frame carries none", () => {
    assert.isUndefined(FrameJson.of([0, "data: [DONE]\n\n"]))
    assert.isUndefined(FrameJson.of([0, ": comment\n\n"]))
  })
})
