import { assert, describe, it } from "@effect/vitest"
import * as ProcessedText from "../../../../src/providers/remote/strata/ProcessedText.ts"

const chunk = (start: number, text: string, page = 1) => ({
  index: 0,
  text,
  tokens: 1,
  start,
  end: start + text.length,
  metadata: { page }
})

describe("ProcessedText", () => {
  it("given chunks that overlap, then the text has what they share once", () => {
    const { text } = ProcessedText.of([chunk(0, "Oslo is "), chunk(5, "is cold.")], { characters: 13, parts: 1 })
    assert.strictEqual(text, "Oslo is cold.")
  })

  it("given what stands in no chunk, then there are spaces, and the text is as long as it was", () => {
    const { text } = ProcessedText.of([chunk(2, "a"), chunk(5, "b")], { characters: 8, parts: 1 })
    assert.strictEqual(text, "  a  b  ")
  })

  it("given chunks of two pages, then they are two parts, and those without a chunk are there, too", () => {
    const { parts } = ProcessedText.of([chunk(0, "a"), chunk(1, "b"), chunk(2, "c", 2)], { characters: 3, parts: 3 })
    assert.deepStrictEqual(parts.map(({ text }) => text), ["ab", "c", ""])
  })

  it("given a window that is none, then a chunk stands at the beginning", () => {
    assert.deepStrictEqual(ProcessedText.windowOf("3-9", "abcdef"), [3, 9])
    assert.deepStrictEqual(ProcessedText.windowOf("", "abc"), [0, 3])
  })
})
