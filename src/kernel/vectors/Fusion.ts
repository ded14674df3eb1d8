/** One ranking of two: of vectors and of words. Its scores are from 0 to 1, as theirs are. */
import { Schema } from "effect"
import type { ScoredChunk } from "./VectorChunk.ts"

export const Fusion = Schema.Union([
  /** By the places alone: what is first in both has 1. A higher `impact` lets places differ less. */
  Schema.Struct({
    type: Schema.Literal("rrf"),
    impact: Schema.Finite,
    vectorWeight: Schema.Finite,
    wordWeight: Schema.Finite
  }),
  /** By the scores: `alpha` of that of the vector, the rest of that of the words. */
  Schema.Struct({ type: Schema.Literal("weighted"), alpha: Schema.Finite })
])
export type Fusion = typeof Fusion.Type

/** As OGX has it. */
export const reciprocal: Fusion = { type: "rrf", impact: 60, vectorWeight: 1, wordWeight: 1 }

/** The highest score first; of equals the order is theirs by their ids, so that it is the same each time. */
export const ranked = (chunks: Iterable<ScoredChunk>): ReadonlyArray<ScoredChunk> =>
  [...chunks].toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))

const sharesOf = (fusion: Fusion) => {
  if (fusion.type === "weighted") {
    return {
      ofVector: ({ score }: ScoredChunk) => fusion.alpha * score,
      ofWords: ({ score }: ScoredChunk) => (1 - fusion.alpha) * score
    }
  }
  const { impact, vectorWeight, wordWeight } = fusion
  const whole = (vectorWeight + wordWeight) / (impact + 1)
  const share = (weight: number) => (_: ScoredChunk, place: number) => weight / (impact + place + 1) / whole
  return { ofVector: share(vectorWeight), ofWords: share(wordWeight) }
}

export const fuse = (
  byVector: ReadonlyArray<ScoredChunk>,
  byWords: ReadonlyArray<ScoredChunk>,
  fusion: Fusion
): ReadonlyArray<ScoredChunk> => {
  const { ofVector, ofWords } = sharesOf(fusion)
  const all = new Map<string, ScoredChunk>()
  const add = (chunk: ScoredChunk, share: number) => {
    const before = all.get(chunk.id)
    // The one of the vector may hold it.
    all.set(chunk.id, { ...chunk, ...before, score: (before?.score ?? 0) + share })
  }
  for (const [place, chunk] of byVector.entries()) add(chunk, ofVector(chunk, place))
  for (const [place, chunk] of byWords.entries()) add(chunk, ofWords(chunk, place))
  return ranked(all.values())
}
