/** A product that keeps chunks on a server of its own: the little that differs between them. */
import type { Effect } from "effect"
import type { TagCondition } from "../../kernel/vectors/FilterTags.ts"
import type { StoredChunk, StoredHit } from "../../kernel/vectors/StoredChunk.ts"
import type { VectorIndexFailed } from "../../kernel/vectors/VectorIndexFailed.ts"

type Done<A = void> = Effect.Effect<A, VectorIndexFailed>

export interface StoreSearch {
  readonly limit: number
  readonly condition: TagCondition | undefined
  readonly withVectors: boolean
}

/** Chunks of a source, by their places there. */
export interface Places {
  readonly source: string
  /** From this place on, */
  readonly from: number
  /** and before this one; absent: to the end. */
  readonly to?: number
}

/** Everything but `dimensions`, `create` and `drop` is asked of collections that are there. */
export interface ChunkStore {
  /** Whether its filters compare texts. */
  readonly ordersTexts: boolean
  /** It answers, and takes the credentials. */
  readonly ping: Done
  /** How long a collection's vectors are; undefined: it is not there. */
  dimensions(collection: string): Done<number | undefined>
  create(collection: string, dimensions: number): Done
  drop(collection: string): Done
  /** In place of those with the same id. They can be found when it returns. */
  put(collection: string, chunks: ReadonlyArray<StoredChunk>): Done
  remove(collection: string, source: string): Done
  /** In any order. */
  list(collection: string, places: Places, withVectors: boolean): Done<ReadonlyArray<StoredHit>>
  count(collection: string, places?: Places): Done<number>
  /** The score is the cosine. */
  near(collection: string, vector: Float32Array, search: StoreSearch): Done<ReadonlyArray<StoredHit>>
  words?(collection: string, words: ReadonlyArray<string>, search: StoreSearch): Done<ReadonlyArray<StoredHit>>
}
