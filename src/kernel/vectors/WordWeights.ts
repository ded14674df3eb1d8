/** How much a text says each of its words, as BM25 counts it, for products that rank no words by themselves. */
import { createHash } from "node:crypto"
import { tokensOf } from "./Words.ts"

/** The usual numbers: how soon saying a word again adds little, and how much long texts are held back. */
const saturation = 1.2
const lengthShare = 0.75
/** Words of a chunk, about: the mean of a collection is not asked for each text. */
const usualLength = 256

export const weightsOf = (text: string): ReadonlyMap<string, number> => {
  const tokens = tokensOf(text)
  const counts = new Map<string, number>()
  for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1)
  const held = saturation * (1 - lengthShare + lengthShare * tokens.length / usualLength)
  return new Map([...counts].map(([token, count]) => [token, count * (saturation + 1) / (count + held)]))
}

/** From 0 to 1: of a text that has none of the words 0. */
export const shareOf = (text: string, words: ReadonlyArray<string>): number => {
  const weights = weightsOf(text)
  const sum = words.reduce((all, word) => all + (weights.get(word) ?? 0), 0)
  return words.length === 0 ? 0 : sum / (words.length * (saturation + 1))
}

/** A score without a bound as one from 0 to 1, in the same order. */
export const bounded = (score: number): number => score > 0 ? score / (1 + score) : 0

export interface SparseVector {
  readonly indices: ReadonlyArray<number>
  readonly values: ReadonlyArray<number>
}

/** The place of a word among 2³² of them. */
const placeOf = (word: string): number => createHash("sha256").update(word).digest().readUInt32LE()

const sparse = (weights: Iterable<readonly [string, number]>): SparseVector => {
  // Two words at one place count together.
  const places = new Map<number, number>()
  for (const [word, weight] of weights) {
    const place = placeOf(word)
    places.set(place, (places.get(place) ?? 0) + weight)
  }
  const sorted = [...places].toSorted(([a], [b]) => a - b)
  return { indices: sorted.map(([place]) => place), values: sorted.map(([, weight]) => weight) }
}

export const sparseOfText = (text: string): SparseVector => sparse(weightsOf(text))

export const sparseOfWords = (words: ReadonlyArray<string>): SparseVector => sparse(words.map((word) => [word, 1]))
