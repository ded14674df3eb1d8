/** Embeddings as Strata answers them: each input has its vector, all of one length, of numbers, in their order. */
import { Predicate, Result } from "effect"
import type { Schema } from "effect"
import { isFields } from "../../events/types/JsonAccess.ts"
import type { RaisedEmbeddings, RaisedVector } from "./EmbeddingDialect.ts"
import type { Embedding, EmbeddingsResponse } from "./EmbeddingsWire.ts"
import * as EmbeddingVector from "./EmbeddingVector.ts"

type Vector = Embedding["embedding"]

/** How many numbers a vector has; a text of what is wrong with it. */
const lengthOf = (embedding: unknown): number | string => {
  if (Predicate.isString(embedding)) {
    const floats = EmbeddingVector.fromBase64(embedding)
    if (floats === undefined) return "is no base64 of 32-bit floats"
    return EmbeddingVector.isFinite(floats) ? floats.length : "has a value that is no number"
  }
  if (!Array.isArray(embedding) || embedding.length === 0) return "is no list of numbers"
  return EmbeddingVector.isFinite(embedding) ? embedding.length : "has a value that is no number"
}

/** The place of each input's vector; undefined where they are not the places of so many inputs. */
const placesOf = (vectors: ReadonlyArray<RaisedVector>): ReadonlyArray<number> | undefined => {
  if (vectors.every(({ index }) => index === undefined)) return vectors.map((_, place) => place)
  const places: Array<number> = []
  for (const [at, { index }] of vectors.entries()) {
    if (index === undefined || index >= vectors.length || places[index] !== undefined) return undefined
    places[index] = at
  }
  return places
}

const usageOf = ({ input_tokens, rest: { usage }, total_tokens }: RaisedEmbeddings) => {
  const total = total_tokens ?? input_tokens
  const prompt = input_tokens ?? total_tokens
  if (total === undefined || prompt === undefined) return {}
  return { usage: { ...(isFields(usage) ? usage : {}), prompt_tokens: prompt, total_tokens: total } }
}

/** Of `count` inputs; `model` is the one that was asked. Fails with what is wrong with it. */
export const of = (
  raised: RaisedEmbeddings,
  { count, model }: { readonly count: number; readonly model: string }
): Result.Result<EmbeddingsResponse, string> => {
  const { rest: { usage: _, ...rest }, vectors } = raised
  if (vectors.length !== count) return Result.fail(`${vectors.length} vectors for ${count} inputs`)
  const places = placesOf(vectors)
  if (places === undefined) return Result.fail("its indexes are not those of the inputs")
  let expected: number | undefined
  const data: Array<Embedding> = []
  for (const [index, place] of places.entries()) {
    const { embedding, rest } = vectors[place]!
    const length = lengthOf(embedding)
    if (Predicate.isString(length)) return Result.fail(`the vector of input ${index} ${length}`)
    expected ??= length
    if (length !== expected) return Result.fail(`vectors of ${expected} and of ${length} numbers`)
    data.push({ object: "embedding", index, embedding: embedding as Vector, ...rest })
  }
  return Result.succeed({ object: "list", data, model: raised.model ?? model, ...usageOf(raised), ...rest })
}

const inFloats = (embedding: Vector): ReadonlyArray<number> =>
  Predicate.isString(embedding) ? Array.from(EmbeddingVector.fromBase64(embedding) ?? []) : embedding

const inBase64 = (embedding: Vector): string =>
  Predicate.isString(embedding) ? embedding : EmbeddingVector.toBase64(embedding)

/** As its client wants it, however its vendor gave it. */
export const inFormat = (
  response: EmbeddingsResponse,
  format: "float" | "base64" | null | undefined
): EmbeddingsResponse => {
  const written = format === "base64" ? inBase64 : inFloats
  return { ...response, data: response.data.map((each) => ({ ...each, embedding: written(each.embedding) })) }
}

/** How many numbers its vectors have. */
export const dimensionsOf = ({ data: [first] }: EmbeddingsResponse): number | null => {
  if (first === undefined) return null
  const length = lengthOf(first.embedding)
  return Predicate.isString(length) ? null : length
}

/** JSON for a client: it counts on a usage. */
export const body = (response: EmbeddingsResponse): Schema.JsonObject => {
  const { data, model, object, usage = { prompt_tokens: 0, total_tokens: 0 }, ...rest } = response
  return { object, data, model, usage, ...rest } as Schema.JsonObject
}
