/** What facts have in common. */
import { assert, describe, it } from "@effect/vitest"
import * as FactDictionary from "../../../src/events/facts/FactDictionary.ts"
import { sha256 } from "../../../src/events/types/Traffic.ts"

describe("a dictionary", () => {
  it.each([
    {
      of: "formats 2 to 6",
      dictionary: FactDictionary.first,
      digest: "ce351a613f616797aa4742fcf99bd39d25df69869674a17018d5a93ba111e608"
    },
    {
      of: "formats 7 and 8",
      dictionary: FactDictionary.bytes,
      digest: "76c598ad67bfa3cf9c34aa00d51c7d639727bd6337798be91582e1740457d32b"
    }
  ])("of $of never changes: what was compressed with it can be read with no other", ({ dictionary, digest }) => {
    assert.strictEqual(sha256(dictionary.toString()), digest)
  })
})
