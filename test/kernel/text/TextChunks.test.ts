/** Chunks of texts of every kind: they cover the text, and none is longer than asked for. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { encode } from "gpt-tokenizer/encoding/o200k_base"
import * as TextChunks from "../../../src/kernel/text/TextChunks.ts"

const sizes = (max: number, overlap: number) => ({ max_chunk_size_tokens: max, chunk_overlap_tokens: overlap })

/** What every way to cut keeps to. */
const assertKept = (text: string, max: number, overlap: number) => {
  const chunks = TextChunks.cut(text, sizes(max, overlap))
  let covered = 0
  for (const [at, chunk] of chunks.entries()) {
    assert.strictEqual(chunk.index, at)
    assert.strictEqual(chunk.text, text.slice(chunk.start, chunk.end))
    assert.notStrictEqual(chunk.text.trim(), "")
    assert.isAtMost(chunk.tokens, max)
    // Only blanks may be left out.
    if (chunk.start > covered) assert.strictEqual(text.slice(covered, chunk.start).trim(), "")
    assert.isAbove(chunk.end, covered)
    covered = chunk.end
    if (text.isWellFormed()) assert.isTrue(chunk.text.isWellFormed())
  }
  assert.strictEqual(text.slice(covered).trim(), "")
  return chunks
}

describe("chunks", () => {
  const odd = Schema.Literals([
    "\n\n",
    " ",
    "   \t ",
    "One sentence. Another! (A third?) ",
    "a".repeat(700),
    "漢字".repeat(90),
    "漢字。",
    "👩‍👩‍👧‍👦".repeat(40),
    "<|endoftext|>",
    "\ud800",
    "\udc00\ud83d"
  ])
  it.prop("of any text cover it, keep to their size, are never empty, and cut no character", {
    words: Schema.Array(Schema.Union([Schema.String, odd, odd])),
    max: Schema.Int.check(Schema.isBetween({ minimum: 8, maximum: 300 })),
    percent: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 50 }))
  }, ({ max, percent, words }) => {
    assertKept(words.join(""), max, Math.floor(max * percent / 100))
  })

  it("of sentences begin and end with sentences, and overlap", () => {
    const text = Array.from({ length: 200 }, (_, at) => `Sentence number ${at} says that Oslo is cold.`).join(" ")
    const chunks = assertKept(text, 120, 40)
    assert.isAbove(chunks.length, 10)
    for (const chunk of chunks) {
      assert.match(chunk.text, /^ ?Sentence number/)
      assert.match(chunk.text, /cold\.$/)
    }
    for (const [at, chunk] of chunks.entries()) {
      if (at > 0) assert.isBelow(chunk.start, chunks[at - 1]!.end)
    }
  })

  it("of paragraphs end with paragraphs where one ends near", () => {
    const paragraph = "Oslo is cold. Bergen is wet. Bodø is far away. ".repeat(3).trim()
    const chunks = assertKept(Array.from({ length: 40 }, () => paragraph).join("\n\n"), 110, 0)
    for (const chunk of chunks) assert.match(chunk.text, /away\.\s*$/)
  })

  it("have as many tokens as the tokenizer counts in the whole chunk", () => {
    const text = "It's the 3rd of May; the sum is 12345.67, isn't it?\n  Indented: \"quoted\" (über, naïve).\n\n"
      .repeat(60)
    for (const chunk of assertKept(text, 150, 50)) assert.strictEqual(chunk.tokens, encode(chunk.text).length)
  })

  it("of ten megabytes without a space are made without an end in sight being waited for", () => {
    const chunks = assertKept("ab1".repeat(3_400_000), 800, 400)
    assert.isAbove(chunks.length, 1000)
  }, 60_000)

  it("of nothing but blanks are none", () => {
    assert.deepStrictEqual(TextChunks.cut(" \n\t ".repeat(1000), sizes(100, 0)), [])
    assert.deepStrictEqual(TextChunks.whole("  "), [])
  })

  it("are one where it is not to be cut", () => {
    const [only] = TextChunks.whole("Oslo is cold.")
    assert.deepStrictEqual(only, { index: 0, text: "Oslo is cold.", tokens: 5, start: 0, end: 13 })
  })
})
