/** What a client may ask for, and what it is told. */
import { assert, describe, it } from "@effect/vitest"
import { Exit, Schema } from "effect"
import { auto, ChunkingStrategy, sizesOf } from "../../../src/kernel/text/ChunkingStrategy.ts"

const decode = Schema.decodeUnknownExit(ChunkingStrategy)

describe("a chunking strategy", () => {
  it("has OpenAI's sizes where it is auto, or where a size is left out", () => {
    const expected = { max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 }
    assert.deepStrictEqual(sizesOf(auto), expected)
    const exit = decode({ type: "static", static: {} })
    assert.deepStrictEqual(Exit.isSuccess(exit) ? sizesOf(exit.value) : exit, expected)
    assert.isUndefined(sizesOf({ type: "none" }))
  })

  it("is refused with the sizes and the remedy where the overlap is too long", () => {
    for (const [max, overlap] of [[800, 800], [200, 400], [800, 401]]) {
      const exit = decode({ type: "static", static: { max_chunk_size_tokens: max, chunk_overlap_tokens: overlap } })
      assert.isTrue(Exit.isFailure(exit))
      assert.include(String(exit), "at most half of max_chunk_size_tokens")
    }
    for (
      const sizes of [{ max_chunk_size_tokens: 99 }, { max_chunk_size_tokens: 4097 }, { chunk_overlap_tokens: -1 }]
    ) {
      assert.isTrue(Exit.isFailure(decode({ type: "static", static: sizes })))
    }
  })
})
