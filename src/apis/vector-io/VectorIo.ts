/** The router of vector indexes: hands what is asked to the provider that keeps a collection. Each is a recorded call. */
import { Context } from "effect"
import type { Effect } from "effect"
import type { ProviderUnavailable } from "../../kernel/http/ProviderUnavailable.ts"
import type { AttributeFilter, Attributes } from "../../kernel/vectors/AttributeFilter.ts"
import type { Fusion } from "../../kernel/vectors/Fusion.ts"
import type { EmbeddedChunk, ScoredChunk } from "../../kernel/vectors/VectorChunk.ts"
import type { VectorIndexFailed } from "../../kernel/vectors/VectorIndexFailed.ts"
import type { ListOptions } from "./VectorIndex.ts"
import type { NoVectorIndex } from "./VectorIoErrors.ts"

/** A collection and who keeps it. */
export interface Place {
  readonly provider: string
  readonly collection: string
}

export type SearchMode = "vector" | "keyword" | "hybrid"

export interface VectorSearch {
  readonly mode: SearchMode
  readonly query: string
  /** Of the query; absent where the mode is keyword. */
  readonly vector?: Float32Array | undefined
  readonly limit: number
  readonly filter?: AttributeFilter | undefined
  /** How the two of a hybrid search become one. */
  readonly fusion: Fusion
  readonly withVectors?: boolean | undefined
}

export type VectorIoFailure = VectorIndexFailed | ProviderUnavailable | NoVectorIndex

type Asked<A> = Effect.Effect<A, VectorIoFailure>

export class VectorIo extends Context.Service<VectorIo, {
  /** The provider of new collections: the named one, else the first that is configured. */
  provider(named?: string): Effect.Effect<string, NoVectorIndex>
  /** Makes the collection where it is not there, and keeps the chunks in it. */
  upsert(place: Place, chunks: ReadonlyArray<EmbeddedChunk>): Asked<void>
  removeSource(place: Place, source: string): Asked<void>
  setAttributes(place: Place, source: string, attributes: Attributes): Asked<void>
  drop(place: Place): Asked<void>
  list(place: Place, source: string, options: ListOptions): Asked<ReadonlyArray<ScoredChunk>>
  count(place: Place, source?: string): Asked<number>
  /** The highest score first. */
  search(place: Place, search: VectorSearch): Asked<ReadonlyArray<ScoredChunk>>
}>()("strata/apis/vector-io/VectorIo") {}
