/** What is suggested in place of a name there is none of. */
import { assert, describe, it } from "@effect/vitest"
import { suggestType } from "../../../src/kernel/issues/NearestKey.ts"

const known = ["remote::openai", "remote::strata", "inline::replay"]

describe("suggestType", () => {
  it.each([
    { wanted: "openai", nearest: "remote::openai" },
    { wanted: "opnai", nearest: "remote::openai" },
    { wanted: "inline::openai", nearest: "remote::openai" },
    { wanted: "remote::openia", nearest: "remote::openai" },
    { wanted: "replay", nearest: "inline::replay" },
    { wanted: "Strata", nearest: "remote::strata" },
    { wanted: "anthropic", nearest: undefined }
  ])("suggests $nearest for $wanted", ({ nearest, wanted }) => {
    const suggestion = nearest === undefined ? "" : `Did you mean ${nearest}? `
    assert.strictEqual(suggestType(wanted, known), `${suggestion}There is: ${known.join(", ")}`)
  })

  it("suggests nothing where there is nothing", () => {
    assert.strictEqual(suggestType("openai", []), "There is none")
  })
})
