/** Quotes in JSON text. */
import { assert, describe, it } from "@effect/vitest"
import { isEscaped, nextQuote } from "../../../src/events/types/JsonQuotes.ts"

describe("nextQuote", () => {
  it.each([
    { name: "plain", value: "abc" },
    { name: "with a quote", value: "a\"b" },
    { name: "with a backslash at its end", value: "a\\" },
    { name: "with both", value: "\\\"\\\\\"" },
    { name: "that is empty", value: "" }
  ])("given a string $name, then it is the one that ends it", ({ value }) => {
    const text = `${JSON.stringify(value)},"next"`
    assert.strictEqual(JSON.parse(text.slice(0, nextQuote(text, 1) + 1)), value)
  })

  it("given a string that does not end, then there is none", () => {
    assert.strictEqual(nextQuote("\"abc\\\"", 1), -1)
    assert.strictEqual(nextQuote("", 0), -1)
  })
})

describe("isEscaped", () => {
  it("counts the backslashes before it", () => {
    assert.deepStrictEqual(["\"", "\\\"", "\\\\\"", "\\\\\\\""].map((text) => isEscaped(text, text.length - 1)), [
      false,
      true,
      false,
      true
    ])
  })
})
