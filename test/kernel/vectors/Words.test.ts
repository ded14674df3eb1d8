import { assert, it } from "@effect/vitest"
import { wordsOf } from "../../../src/kernel/vectors/Words.ts"

it("a query's words are letters and digits, each once, whatever else it says", () => {
  assert.deepStrictEqual(wordsOf("Oslo's \"cold\" OR (cold*) AND NEAR/2 -- é"), [
    "oslo",
    "s",
    "cold",
    "or",
    "and",
    "near",
    "2",
    "é"
  ])
  assert.deepStrictEqual(wordsOf("'; DROP TABLE x"), ["drop", "table", "x"])
  assert.deepStrictEqual(wordsOf("  \u0000 *** "), [])
  assert.strictEqual(wordsOf(Array.from({ length: 500 }, (_, at) => `w${at}`).join(" ")).length, 64)
})
