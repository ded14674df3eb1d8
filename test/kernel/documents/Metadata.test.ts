import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { Metadata } from "../../../src/kernel/documents/Metadata.ts"
import * as FirstIssue from "../../../src/kernel/issues/FirstIssue.ts"

const decode = Schema.decodeUnknownResult(Metadata)
const issue = (value: unknown) => {
  const decoded = decode(value)
  return Result.isFailure(decoded) ? FirstIssue.of(decoded.failure) : undefined
}

const pairs = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, "v"]))

describe("Metadata", () => {
  it("takes what OpenAI takes, to the last character as people count them", () => {
    for (const value of [{}, pairs(16), { ["😀".repeat(64)]: "😀".repeat(512) }, { a: "" }]) {
      assert.isUndefined(issue(value))
    }
  })

  it("names the key of what is too much", () => {
    assert.strictEqual(issue(pairs(17))?.path, "k16")
    assert.deepInclude(issue({ a: "x".repeat(513) }), { path: "a" })
    assert.include(issue({ a: "x".repeat(513) })?.message, "513 characters, at most 512")
    assert.strictEqual(issue({ ["k".repeat(65)]: "" })?.path, "k".repeat(65))
    assert.strictEqual(issue({ a: null })?.path, "a")
  })
})
