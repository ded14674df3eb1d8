/** What every provider of vector indexes implements. It knows collections and chunks, and nobody's rights. */
import { Context } from "effect"
import type { Effect } from "effect"
import type { AttributeFilter, Attributes } from "../../kernel/vectors/AttributeFilter.ts"
import type { Collection, EmbeddedChunk, ScoredChunk } from "../../kernel/vectors/VectorChunk.ts"
import type { VectorIndexFailed } from "../../kernel/vectors/VectorIndexFailed.ts"

export interface SearchOptions {
  readonly limit: number
  readonly filter: AttributeFilter | undefined
  /** The chunks come with their vectors. */
  readonly withVectors: boolean
}

export interface ListOptions {
  /** Chunks from this index on. */
  readonly from: number
  readonly limit: number
  readonly withVectors: boolean
}

type Done<A = void> = Effect.Effect<A, VectorIndexFailed>

/**
 * What is done twice comes to the same as once. In a collection that is not there nothing is found, and nothing of it can
 * be removed. Scores are from 0 to 1: of a vector, the cosine of the angle, and 0 for what points the other way.
 *
 * @example
 * VectorIndex.of({ create: (collection) => …, upsert: (name, chunks) => …, searchByVector: (name, vector, options) => …, … })
 */
export class VectorIndex extends Context.Service<VectorIndex, {
  /** Makes the collection where it is not there. Fails where it is, and for vectors of another length. */
  create(collection: Collection): Done
  drop(collection: string): Done
  /** All of them are there, and are found, when it returns. The collection is there. */
  upsert(collection: string, chunks: ReadonlyArray<EmbeddedChunk>): Done
  removeSource(collection: string, source: string): Done
  /** Of all chunks of a source. */
  setAttributes(collection: string, source: string, attributes: Attributes): Done
  /** The chunks of a source in their order. Their score is 0. */
  list(collection: string, source: string, options: ListOptions): Done<ReadonlyArray<ScoredChunk>>
  /** How many chunks a source has; without one, the collection. */
  count(collection: string, source?: string): Done<number>
  /** The nearest, the highest score first. */
  searchByVector(
    collection: string,
    vector: Float32Array,
    options: SearchOptions
  ): Done<ReadonlyArray<ScoredChunk>>
  /** Those that have one of the words at least, the highest score first. Absent: it knows no words. */
  searchByWords?(
    collection: string,
    words: ReadonlyArray<string>,
    options: SearchOptions
  ): Done<ReadonlyArray<ScoredChunk>>
  /** Says whether it works. Absent: it is taken to. */
  readonly health?: Effect.Effect<void, { readonly message: string }>
}>()("strata/apis/vector-io/VectorIndex") {}
