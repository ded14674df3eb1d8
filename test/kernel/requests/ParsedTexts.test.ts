/** What a request parses, once. */
import { assert, describe, it } from "@effect/vitest"
import { ParsedTexts } from "../../../src/kernel/requests/ParsedTexts.ts"

describe("ParsedTexts", () => {
  it("parses a text once, and one of which it was given the value never", () => {
    const parsed = new ParsedTexts()
    const value = { a: 1 }
    parsed.remember("{\"a\":1}", value)
    assert.strictEqual(parsed.parse("{\"a\":1}"), value)
    const other = parsed.parse("{\"b\":1}")
    assert.deepStrictEqual(other, { b: 1 })
    assert.strictEqual(parsed.parse("{\"b\":1}"), other)
    assert.isUndefined(parsed.parse("{"))
    assert.strictEqual(parsed.parse("{\"a\":1}"), value)
  })

  it("keeps the last three", () => {
    const parsed = new ParsedTexts()
    const first = parsed.parse("[1]")
    for (const text of ["[2]", "[3]", "[4]"]) parsed.parse(text)
    assert.notStrictEqual(parsed.parse("[1]"), first)
  })
})
