import { assert, describe, it } from "@effect/vitest"
import { fuse, ranked, reciprocal } from "../../../src/kernel/vectors/Fusion.ts"
import type { ScoredChunk } from "../../../src/kernel/vectors/VectorChunk.ts"

const chunk = (id: string, score: number, vector?: string): ScoredChunk => ({
  id,
  source: "",
  index: 0,
  text: id,
  attributes: {},
  metadata: {},
  score,
  ...vector === undefined ? {} : { vector }
})

const scores = (chunks: ReadonlyArray<ScoredChunk>) =>
  chunks.map(({ id, score }) => [id, Math.round(score * 1000) / 1000])

describe("two rankings become one", () => {
  const byVector = [chunk("a", 0.9, "v"), chunk("b", 0.8)]
  const byWords = [chunk("a", 0.5), chunk("c", 0.4)]

  it("by their places: what is first in both has 1, whatever its scores", () => {
    assert.deepStrictEqual(scores(fuse(byVector, byWords, reciprocal)), [["a", 1], ["b", 0.492], ["c", 0.492]])
    const weighed = { ...reciprocal, type: "rrf", impact: 0, vectorWeight: 1, wordWeight: 3 } as const
    assert.deepStrictEqual(scores(fuse(byVector, byWords, weighed)), [["a", 1], ["c", 0.375], ["b", 0.125]])
  })

  it("by their scores, of which alpha is the vector's share", () => {
    const weighted = (alpha: number) => scores(fuse(byVector, byWords, { type: "weighted", alpha }))
    assert.deepStrictEqual(weighted(0.5), [["a", 0.7], ["b", 0.4], ["c", 0.2]])
    assert.deepStrictEqual(weighted(0), [["a", 0.5], ["c", 0.4], ["b", 0]])
  })

  it("and what came with its vector keeps it", () => {
    assert.strictEqual(fuse(byVector, byWords, reciprocal)[0]!.vector, "v")
  })

  it("in an order that is the same each time", () => {
    assert.deepStrictEqual(ranked([chunk("b", 1), chunk("a", 1), chunk("c", 2)]).map(({ id }) => id), ["c", "a", "b"])
  })
})
