/** Searches vector stores: several queries in several stores, one ranking, one threshold, one cap. */
import { Effect, Predicate } from "effect"
import { DocumentInvalid } from "../../kernel/documents/DocumentErrors.ts"
import * as Documents from "../../kernel/documents/Documents.ts"
import * as DocumentTime from "../../kernel/documents/DocumentTime.ts"
import type { AttributeFilter } from "../../kernel/vectors/AttributeFilter.ts"
import { problem } from "../../kernel/vectors/AttributeFilter.ts"
import type { Fusion } from "../../kernel/vectors/Fusion.ts"
import { ranked, reciprocal } from "../../kernel/vectors/Fusion.ts"
import type { ScoredChunk } from "../../kernel/vectors/VectorChunk.ts"
import type { SearchMode, VectorIo } from "../vector-io/VectorIo.ts"
import type { VectorEmbedding } from "./VectorEmbedding.ts"
import type { RankingOptions, SearchResult, SearchVectorStore } from "./VectorSearchModels.ts"
import type { VectorStoreRecords } from "./VectorStoreRecords.ts"
import { placeOf, unlessExpired } from "./VectorStoreRecords.ts"
import type { KeptStore } from "./VectorStoresEvents.ts"
import * as Events from "./VectorStoresEvents.ts"
import { expiresAt } from "./VectorStoresKind.ts"

const defaultResults = 10
const usedEvery = 3600

const invalid = (field: string, message: string) => new DocumentInvalid({ type: "search", field, message })

/** A model would have to be asked, and no client says which. */
export const notRewritten = invalid(
  "rewrite_query",
  "rewrite_query: queries are searched for as they are. Leave it out, or send several wordings as a list in query."
)

const fusionOf = ({ alpha, hybrid_search, impact_factor, ranker }: RankingOptions): Fusion => {
  if (ranker === "weighted") return { type: "weighted", alpha: alpha ?? 0.5 }
  const { embedding_weight: vectorWeight = 1, text_weight: wordWeight = 1 } = hybrid_search ?? {}
  return { ...reciprocal, type: "rrf", impact: impact_factor ?? 60, vectorWeight, wordWeight }
}

const modeOf = ({ ranking_options, search_mode }: SearchVectorStore): SearchMode =>
  search_mode ?? (ranking_options?.hybrid_search == null ? "vector" : "hybrid")

export const queriesOf = (query: SearchVectorStore["query"]): ReadonlyArray<string> =>
  [...new Set(Predicate.isString(query) ? [query] : query)].filter((each) => each.trim() !== "")

/** A chunk and the store that it is in. */
export interface StoredResult extends ScoredChunk {
  readonly store: string
}

/** One request for all stores: what is not said is the default. */
export interface Search {
  readonly queries: ReadonlyArray<string>
  /** Of its one query, where who asks has it; else the stores' models make it. */
  readonly vector?: Float32Array | undefined
  readonly mode: SearchMode
  readonly filter: AttributeFilter | undefined
  readonly limit: number
  readonly threshold: number
  readonly fusion: Fusion
  readonly withVectors: boolean
}

const check = ({ filter, fusion, queries }: Search): DocumentInvalid | undefined => {
  if (queries.length === 0) return invalid("query", "query: say in words what is searched for.")
  if (fusion.type === "rrf" && fusion.vectorWeight + fusion.wordWeight === 0) {
    return invalid("ranking_options.hybrid_search", "hybrid_search: one of the weights has to be above 0.")
  }
  const wrong = filter === undefined ? undefined : problem(filter)
  return wrong === undefined ? undefined : invalid(wrong.split(":")[0]!, `${wrong}.`)
}

export const searchOf = (request: SearchVectorStore): Search => {
  const { filters, max_num_results, query, ranking_options } = request
  const options = ranking_options ?? {}
  return {
    queries: queriesOf(query),
    mode: modeOf(request),
    filter: filters ?? undefined,
    limit: max_num_results ?? defaultResults,
    threshold: options.score_threshold ?? 0,
    fusion: fusionOf(options),
    withVectors: false
  }
}

export const resultOf = ({ attributes, metadata, score, source, text }: ScoredChunk): SearchResult => ({
  file_id: source,
  filename: Predicate.isString(metadata["filename"]) ? metadata["filename"] : source,
  score,
  attributes,
  content: [{ type: "text", text }]
})

/** Of what several queries or stores gave: each chunk once, with its best score. */
const best = (results: ReadonlyArray<StoredResult>, { limit, threshold }: Search): ReadonlyArray<StoredResult> => {
  const all = new Map<string, StoredResult>()
  for (const result of results) {
    const key = `${result.store} ${result.id}`
    const before = all.get(key)
    if (before === undefined || before.score < result.score) all.set(key, result)
  }
  const ordered = ranked(all.values()) as ReadonlyArray<StoredResult>
  return ordered.filter(({ score }) => score >= threshold).slice(0, limit)
}

interface Options {
  readonly embedding: VectorEmbedding
  readonly records: VectorStoreRecords
  readonly index: VectorIo["Service"]
}

export const make = ({ embedding, index, records: { stores } }: Options) => {
  /** A store that expires stays while it is searched. */
  const touched = Effect.fnUntraced(function*(store: KeptStore) {
    const now = yield* DocumentTime.seconds
    yield* unlessExpired(store)
    if (expiresAt(store) === null || now - store.last_active_at < usedEvery) return
    yield* stores.change(
      store.id,
      "read",
      () => Effect.map(Documents.draft(Events.Used, { last_active_at: now }), (event) => [event])
    )
  })

  const vectorsOf = (store: KeptStore, { mode, queries, vector }: Search) =>
    vector !== undefined
      ? Effect.succeed([vector])
      : mode === "keyword"
      ? Effect.succeed([])
      : embedding.embed(store, queries)

  return Effect.fnUntraced(function*(ids: ReadonlyArray<string>, search: Search) {
    const wrong = check(search)
    if (wrong !== undefined) return yield* wrong
    const { filter, fusion, limit, mode, queries, withVectors } = search
    const asked: Array<KeptStore> = []
    for (const id of new Set(ids)) asked.push((yield* stores.get(id)).value)
    for (const store of asked) yield* touched(store)
    const vectors = new Map<string, ReadonlyArray<Float32Array>>()
    const results: Array<StoredResult> = []
    // One after the other: so a verification finds each call at its place.
    for (const store of asked) {
      const model = `${store.embedding_model} ${store.embedding_dimension}`
      const made = vectors.get(model) ?? (yield* vectorsOf(store, search))
      vectors.set(model, made)
      for (const [at, query] of queries.entries()) {
        const chunks = yield* index.search(placeOf(store), {
          mode,
          query,
          vector: made[at],
          limit,
          filter,
          fusion,
          withVectors
        })
        for (const chunk of chunks) results.push({ ...chunk, store: store.id })
      }
    }
    return best(results, search)
  })
}
