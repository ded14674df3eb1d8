/** Types by their numbers. */
import { assert, describe, it } from "@effect/vitest"
import * as FactTypes from "../../../src/events/facts/FactTypes.ts"

describe("the types of events in facts", () => {
  it("have the numbers that they had when facts were stored", () => {
    const stored = [
      "session:start",
      "api:request",
      "llm:request",
      "llm:response",
      "api:response",
      "api:error",
      "llm:error"
    ]
    for (const [index, type] of stored.entries()) {
      assert.strictEqual(FactTypes.numberOf(type), index + 1)
      assert.strictEqual(FactTypes.ofNumber(index + 1), type)
    }
  })

  it("are written out where they have none", () => assert.isUndefined(FactTypes.numberOf("audio:speech")))

  it.each([0, 1000])(
    "are refused by a number that is none's: %s",
    (number) => assert.throws(() => FactTypes.ofNumber(number), `number ${number}`)
  )
})
