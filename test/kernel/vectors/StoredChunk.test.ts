import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { scoredOf, storedOf } from "../../../src/kernel/vectors/StoredChunk.ts"

const chunk = {
  id: "file-1:0",
  source: "file-1",
  index: 3,
  text: "half \uD83D of a character",
  attributes: { year: 2024, name: "a" },
  metadata: { deep: { a: [null, 1] } },
  vector: Float32Array.of(0.5, 1)
}

it.effect("a chunk comes back as it was, but for half a character", () =>
  Effect.gen(function*() {
    const stored = storedOf(chunk)
    assert.match(stored.id, /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    assert.strictEqual(storedOf(chunk).id, stored.id)
    const { vector: _, ...rest } = chunk
    const text = "half \uFFFD of a character"
    assert.deepStrictEqual(yield* scoredOf({ row: stored, score: 1.5 }), { ...rest, text, score: 1 })
    const { score, vector } = yield* scoredOf({ row: stored, score: NaN, vector: stored.vector })
    assert.deepStrictEqual([score, vector], [0, "AAAAPwAAgD8="])
  }))

it.effect("what is none of Strata's chunks is named", () =>
  Effect.gen(function*() {
    const { message } = yield* Effect.flip(scoredOf({ row: { chunk: "a", source: "b" }, score: 1 }))
    assert.include(message, "place")
  }))
