/** Each entry is a provider type of its own, and says what it is written from. */
import { assert, describe, it } from "@effect/vitest"
import { compatibleVendors } from "../../../../src/providers/remote/compatible/CompatibleVendors.ts"
import { entries } from "../../../../src/providers/remote/compatible/Entries.ts"

describe("CompatibleVendors", () => {
  it("are the entries, each under its own name", () => {
    assert.deepStrictEqual(compatibleVendors.map(({ type }) => type), entries.map(({ type }) => type))
    assert.strictEqual(new Set(entries.map(({ type }) => type)).size, entries.length)
    for (const { document } of entries) assert.match(document, /^https:\/\//)
  })
})
