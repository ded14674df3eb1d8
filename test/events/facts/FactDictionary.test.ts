/** What facts have in common. */
import { assert, describe, it } from "@effect/vitest"
import * as FactDictionary from "../../../src/events/facts/FactDictionary.ts"
import { sha256 } from "../../../src/events/types/Traffic.ts"

describe("the dictionary of format 2", () => {
  it("never changes: what was compressed with it can be read with no other", () => {
    assert.strictEqual(
      sha256(FactDictionary.bytes.toString()),
      "ce351a613f616797aa4742fcf99bd39d25df69869674a17018d5a93ba111e608"
    )
  })
})
