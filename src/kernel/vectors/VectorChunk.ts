/** Pieces of text with their vectors, as an index keeps them. */
import { Schema } from "effect"
import type { Attributes } from "./AttributeFilter.ts"

/** A collection of chunks whose vectors have one length. */
export interface Collection {
  /** Letters, digits and `_`: made here, never of what a client says. */
  readonly name: string
  readonly dimensions: number
}

export interface VectorChunk {
  /** Unique in its collection: what comes with the id of another takes its place. */
  readonly id: string
  /** What it is a piece of: the id of a file, or what a client calls its document; empty: nothing. */
  readonly source: string
  /** Its place there, from 0. */
  readonly index: number
  readonly text: string
  /** What filters ask. */
  readonly attributes: Attributes
  /** What is known of it besides: it is given back as it is. */
  readonly metadata: Schema.JsonObject
}

export interface EmbeddedChunk extends VectorChunk {
  readonly vector: Float32Array
}

/** As it is found, and as a recording keeps it. */
export const ScoredChunk = Schema.Struct({
  id: Schema.String,
  source: Schema.String,
  index: Schema.Int,
  text: Schema.String,
  attributes: Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Finite, Schema.Boolean])),
  metadata: Schema.JsonObject,
  /** From 0 to 1. */
  score: Schema.Finite,
  /** Base64 of little-endian 32-bit floats, where it was asked for. */
  vector: Schema.optionalKey(Schema.String)
})
export type ScoredChunk = typeof ScoredChunk.Type
