/** What is cut out of texts, and put in again. */
import { assert, describe, it } from "@effect/vitest"
import type { Cut } from "../../../src/events/facts/Passage.ts"
import * as Passage from "../../../src/events/facts/Passage.ts"

const long = "so it goes on and on, ".repeat(10)

const stringsIn = (text: string): ReadonlyArray<string> => {
  const strings: Array<string> = []
  Passage.eachString(text, (start, end) => strings.push(text.slice(start, end)))
  return strings
}

describe("a passage", () => {
  it("is what stands between two quotes, however it is escaped, and long enough", () => {
    const said = JSON.stringify(`${long}"quoted" and \\ too, ${long}\\`)
    assert.deepStrictEqual(stringsIn(`{"a":${said},"b":"short"}`), [said.slice(1, -1)])
    assert.deepStrictEqual(stringsIn(JSON.stringify({ a: "x".repeat(Passage.shortest - 1) })), [])
    assert.deepStrictEqual(stringsIn(JSON.stringify({ a: "x".repeat(Passage.shortest) })).length, 1)
  })

  it("is found whatever stands around it: as one finds it who looks at each quote", () => {
    const each = (text: string): ReadonlyArray<string> => {
      const quotes = [...text.matchAll(/"/g)].map(({ index }) => index).filter((at) => {
        const [before] = /\\*$/.exec(text.slice(0, at))!
        return before.length % 2 === 0
      })
      return quotes.slice(1).flatMap((at, index) =>
        at - quotes[index]! > Passage.shortest ? [text.slice(quotes[index]! + 1, at)] : []
      )
    }
    const pieces = [
      "\"",
      "\\\"",
      "\\\\\"",
      "\\",
      "x".repeat(60),
      "y".repeat(127),
      "z".repeat(128),
      "w".repeat(300),
      ","
    ]
    let state = 7
    const next = (most: number) => (state = (state * 1103515245 + 12345) % 2147483648) % most
    for (let round = 0; round < 2000; round++) {
      const text = Array.from({ length: next(14) }, () => pieces[next(pieces.length)]!).join("")
      assert.deepStrictEqual(stringsIn(text), text.length < Passage.shortest ? [] : each(text), text)
    }
  })

  it("is there in a piece of JSON that begins within a string", () => {
    assert.include(stringsIn(`end of one","b":"${long}","c":"`), long)
  })

  const cuts: ReadonlyArray<Cut> = [
    { after: 6, length: long.length, position: 9, part: 2, offset: 3 },
    { after: 1, length: long.length, position: 4, part: 0, offset: 0 }
  ]
  const whole = `begin ${long},${long} end`
  const payloadOf: Passage.StoredPayload = ({ part, position }) =>
    position === 9 && part === 2 ? `012${long}` : position === 4 ? long : undefined

  it("is left out and put in again, at each of its places", () => {
    const stored = Passage.withoutCuts(whole, cuts)
    assert.strictEqual(stored, "begin , end")
    assert.strictEqual(Passage.restored(stored, cuts, payloadOf), whole)
    assert.deepStrictEqual(Passage.ofEntries(Passage.toEntries(cuts)), cuts)
  })

  it("makes no text where it is gone, or shorter than it was", () => {
    assert.isUndefined(Passage.restored("begin , end", cuts, () => undefined))
    assert.isUndefined(Passage.restored("begin , end", cuts, () => long.slice(5)))
  })
})
