import { assert, describe, it } from "@effect/vitest"
import { tableOf } from "../../../src/events/types/Table.ts"

describe("a table", () => {
  it("has what it was given, and none of what every object has", () => {
    const words = tableOf({ end_turn: "stop" })
    assert.strictEqual(words["end_turn"], "stop")
    for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty", "other"]) {
      assert.isUndefined(words[name])
    }
    assert.deepStrictEqual(Object.entries(words), [["end_turn", "stop"]])
  })
})
