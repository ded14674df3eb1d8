/** Frames are cut as they were recorded only where they say the same. */
import { assert, describe, it } from "@effect/vitest"
import { cutAs } from "../../../src/kernel/replay/FrameCuts.ts"

const rows = [
  { name: "frames of a raw event", recorded: { frames: [[5, "ab"]] }, rerun: { frames: [[1, "a"], [2, "b"]] } },
  { name: "texts of a debug event", recorded: { response: ["a", "b"] }, rerun: { response: ["ab"] } }
]
const others = [
  { name: "another text", recorded: { frames: [[5, "ab"]] }, rerun: { frames: [[1, "a"], [2, "c"]] } },
  { name: "other times", recorded: { frames: [[5, "a"]] }, rerun: { frames: [[1, "a"]] } },
  { name: "a body", recorded: { frames: [[5, "a"]] }, rerun: { body: "a" } },
  { name: "a JSON answer that is a list", recorded: { response: [{ a: 1 }] }, rerun: { response: [{ a: 1 }, {}] } },
  { name: "nothing", recorded: undefined, rerun: null }
]

describe("FrameCuts", () => {
  it.each(rows)("cuts $name as it was recorded", ({ recorded, rerun }) => {
    assert.deepStrictEqual<unknown>(cutAs(recorded, { ...rerun, status: 200 }), { ...recorded, status: 200 })
  })

  it.each(others)("leaves $name", ({ recorded, rerun }) => {
    assert.strictEqual<unknown>(cutAs(recorded, rerun), rerun)
  })
})
