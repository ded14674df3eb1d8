/** A chunk as products keep it that know texts and numbers: what is deep in it is JSON, and its names are safe. */
import { Effect, Schema } from "effect"
import * as EmbeddingVector from "../embeddings/EmbeddingVector.ts"
import * as FilterTags from "./FilterTags.ts"
import type { EmbeddedChunk, ScoredChunk } from "./VectorChunk.ts"

/** What a product gives back of it. */
export const StoredRow = Schema.Struct({
  chunk: Schema.String,
  source: Schema.String,
  place: Schema.Finite,
  body: Schema.String,
  attributes: Schema.fromJsonString(Schema.Record(
    Schema.String,
    Schema.Union([Schema.String, Schema.Finite, Schema.Boolean])
  )),
  metadata: Schema.fromJsonString(Schema.JsonObject)
})
type Encoded = typeof StoredRow.Encoded

export interface StoredChunk extends Encoded, FilterTags.Tagged {
  /** A UUID of the chunk's id: the same each time. */
  readonly id: string
  /** Of the source, whatever its name. */
  readonly source_key: string
  readonly vector: Float32Array
}

/** What every product keeps of a chunk beside its vector and what filters compare. */
export const keptOf = ({ attributes, body, chunk, metadata, place, source, source_key, tags }: StoredChunk) => ({
  chunk,
  source,
  source_key,
  place,
  body,
  attributes,
  metadata,
  tags: [...tags]
})

export interface StoredHit {
  readonly row: unknown
  readonly score: number
  readonly vector?: ArrayLike<number> | undefined
}

const uuidOf = (text: string): string => {
  const digest = FilterTags.digestOf(text)
  const variant = "89ab"[Number.parseInt(digest[16]!, 16) % 4]
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `5${digest.slice(13, 16)}`,
    `${variant}${digest.slice(17, 20)}`,
    digest.slice(20)
  ].join("-")
}

export const sourceKeyOf = FilterTags.digestOf

/** Texts go over wires that know no half of a character. */
export const storedOf = (
  { attributes, id, index, metadata, source, text, vector }: EmbeddedChunk
): StoredChunk => ({
  id: uuidOf(id),
  chunk: id.toWellFormed(),
  source: source.toWellFormed(),
  source_key: sourceKeyOf(source),
  place: index,
  body: text.toWellFormed(),
  attributes: JSON.stringify(attributes),
  metadata: JSON.stringify(metadata),
  ...FilterTags.taggedOf(attributes),
  vector
})

const decode = Schema.decodeUnknownEffect(StoredRow)

export const scoredOf = ({ row, score, vector }: StoredHit) =>
  Effect.map(decode(row), ({ attributes, body, chunk, metadata, place, source }): ScoredChunk => ({
    id: chunk,
    source,
    index: place,
    text: body,
    attributes,
    metadata,
    score: Math.max(0, Math.min(1, Number.isFinite(score) ? score : 0)),
    ...vector === undefined ? {} : { vector: EmbeddingVector.toBase64(Array.from(vector)) }
  }))
