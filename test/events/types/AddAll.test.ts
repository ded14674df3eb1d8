import { assert, describe, it } from "@effect/vitest"
import { addAll } from "../../../src/events/types/AddAll.ts"

describe("addAll", () => {
  it("adds in order, and more than a call can take arguments", () => {
    const list = [0]
    addAll(list, Array.from({ length: 500_000 }, (_, index) => index + 1))
    assert.lengthOf(list, 500_001)
    assert.isTrue(list.every((value, index) => value === index))
  })
})
