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

/** Of the weights of two scores. */
const alphaOf = ({ alpha, weights }: RankingOptions): number => {
  const { keyword = 0, vector = 0 } = weights ?? {}
  return vector + keyword > 0 ? vector / (vector + keyword) : alpha ?? 0.5
}

const rerankingOf = ({ model, ranker, weights }: RankingOptions): Search["reranking"] => {
  if (model == null) return ranker === "neural" ? { model: undefined, share: 1 } : undefined
  const { keyword = 0, neural, vector = 0 } = weights ?? {}
  return { model, share: neural === undefined || neural === 0 ? 1 : neural / (neural + vector + keyword) }
}

const fusionOf = (options: RankingOptions): Fusion => {
  const { hybrid_search, impact_factor, ranker } = options
  if (ranker === "weighted") return { type: "weighted", alpha: alphaOf(options) }
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
  /** By a model, whose score has this share; undefined: by none. */
  readonly reranking?: { readonly model: string | undefined; readonly share: number } | undefined
  readonly withVectors: boolean
}

/** So many times as many are put in order as are wanted. */
const candidates = 4

const check = ({ filter, fusion, queries, reranking }: Search): DocumentInvalid | undefined => {
  if (queries.length === 0) return invalid("query", "query: say in words what is searched for.")
  if (reranking !== undefined && reranking.model === undefined) {
    return invalid("ranking_options.model", "ranking_options.model: neural takes the model that reranks: name it.")
  }
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
    reranking: rerankingOf(options),
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
const ordered = (results: ReadonlyArray<StoredResult>): ReadonlyArray<StoredResult> => {
  const all = new Map<string, StoredResult>()
  for (const result of results) {
    const key = `${result.store} ${result.id}`
    const before = all.get(key)
    if (before === undefined || before.score < result.score) all.set(key, result)
  }
  return ranked(all.values()) as ReadonlyArray<StoredResult>
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

  /** As a model says, beside what the index says. */
  const reranked = Effect.fnUntraced(function*(results: ReadonlyArray<StoredResult>, { queries, reranking }: Search) {
    if (reranking?.model === undefined) return results
    const { model, share } = reranking
    const scores = yield* embedding.rerank(model, queries.join("\n"), results.map(({ text }) => text))
    return ordered(
      results.map((result, at) => ({ ...result, score: share * scores[at]! + (1 - share) * result.score }))
    )
  })

  return Effect.fnUntraced(function*(ids: ReadonlyArray<string>, search: Search) {
    const wrong = check(search)
    if (wrong !== undefined) return yield* wrong
    const { filter, fusion, limit, mode, queries, reranking, threshold, withVectors } = search
    const asksFor = reranking === undefined ? limit : Math.min(200, limit * candidates)
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
          limit: asksFor,
          filter,
          fusion,
          withVectors
        })
        for (const chunk of chunks) results.push({ ...chunk, store: store.id })
      }
    }
    const best = yield* reranked(ordered(results).slice(0, asksFor), search)
    return best.filter(({ score }) => score >= threshold).slice(0, limit)
  })
}
