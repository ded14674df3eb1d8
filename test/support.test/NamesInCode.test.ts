/** Names are told from comments, texts and regular expressions, however they are nested. */
import { assert, describe, it } from "@effect/vitest"
import { namesInCode, wordsOf } from "../support/NamesInCode.ts"

const cases = [
  { source: "const one = two(three)", names: ["const", "one", "two", "three"] },
  { source: "/** no */ one // neither\ntwo", names: ["one", "two"] },
  { source: "one.no(two.no)", names: ["one", "two"] },
  { source: "({ ...one, two: three })", names: ["one", "two", "three"] },
  { source: "one(\"no \\\" no\", 'no', `no`)", names: ["one"] },
  { source: "`no ${one({ two: `no ${three} no` })} no` + four", names: ["one", "two", "three", "four"] },
  { source: "one = /no[/\"]no/g.test(two)", names: ["one", "two"] },
  { source: "one / two / three", names: ["one", "two", "three"] },
  { source: "`$no ${one}$` + two", names: ["one", "two"] }
]

describe("namesInCode", () => {
  it.each(cases)("finds those of $source", ({ names, source }) => {
    assert.deepStrictEqual([...namesInCode(source)], names)
  })
})

describe("wordsOf", () => {
  it.each([
    { name: "lastCheck", words: ["last", "check"] },
    { name: "SessionNotFound", words: ["session", "not", "found"] },
    { name: "toHTTPError", words: ["to", "http", "error"] },
    { name: "max_body_bytes", words: ["max", "body", "bytes"] }
  ])("are $words in $name", ({ name, words }) => assert.deepStrictEqual(wordsOf(name), words))
})
