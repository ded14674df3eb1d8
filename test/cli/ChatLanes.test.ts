/** Answers that come at once stand one below the other. */
import { assert, describe, it } from "@effect/vitest"
import { ChatLanes } from "../../src/cli/ChatLanes.ts"

const given = (count: number) => {
  const printed: Array<string> = []
  return { printed, lanes: new ChatLanes(count, (text) => printed.push(text)) }
}

describe("lanes", () => {
  it("print the first as it comes, and the others when it is whole", () => {
    const { lanes, printed } = given(2)
    lanes.write(1, "b")
    lanes.write(0, "a")
    lanes.write(1, "b")
    assert.deepStrictEqual(printed, ["a"])
    lanes.close(0)
    assert.deepStrictEqual(printed, ["a", "bb"])
    lanes.write(1, "c")
    assert.deepStrictEqual(printed, ["a", "bb", "c"])
  })

  it("do not mix those that end before the first does", () => {
    const { lanes, printed } = given(3)
    for (const lane of [2, 1]) {
      lanes.write(lane, String(lane))
      lanes.close(lane)
    }
    lanes.write(0, "0")
    lanes.close(0)
    assert.deepStrictEqual(printed, ["0", "1", "2"])
  })
})
