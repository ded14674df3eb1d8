/** Collections of chunks in Qdrant: vectors with its index, words as sparse vectors whose rarity it weighs. */
import type { QdrantClient } from "@qdrant/js-client-rest"
import { Effect, Predicate } from "effect"
import type { ChunkStore, Places, StoreSearch } from "../../../apis/vector-io/ChunkStore.ts"
import type { StoreClient } from "../../../apis/vector-io/StoreClient.ts"
import { addAll } from "../../../events/types/AddAll.ts"
import type { StoredChunk, StoredHit } from "../../../kernel/vectors/StoredChunk.ts"
import { keptOf } from "../../../kernel/vectors/StoredChunk.ts"
import type { SparseVector } from "../../../kernel/vectors/WordWeights.ts"
import { bounded, sparseOfText, sparseOfWords } from "../../../kernel/vectors/WordWeights.ts"
import { filterOf, placesOf } from "./QdrantFilter.ts"

/** Points that are read at once. */
const page = 256

const columns = ["chunk", "source", "place", "body", "attributes", "metadata"]

const indexes = [
  { field_name: "source_key", field_schema: "keyword" },
  { field_name: "tags", field_schema: "keyword" },
  { field_name: "place", field_schema: "integer" }
] as const

const statusOf = (cause: unknown): unknown => Predicate.hasProperty(cause, "status") ? cause.status : undefined

const sparse = ({ indices, values }: SparseVector) => ({ indices: [...indices], values: [...values] })

const pointOf = (stored: StoredChunk) => {
  const { body, id, numbers, vector } = stored
  const words = sparse(sparseOfText(body))
  return {
    id,
    vector: { embedding: [...vector], ...words.indices.length === 0 ? {} : { words } },
    payload: { ...keptOf(stored), numbers }
  }
}

interface Point {
  readonly payload?: Readonly<Record<string, unknown>> | null | undefined
  readonly vector?: unknown
  readonly score?: number
}

const hitOf = (scoreOf: (score: number) => number) => ({ payload, score = 0, vector }: Point): StoredHit => {
  const embedding = Predicate.hasProperty(vector, "embedding") ? vector.embedding : undefined
  return {
    row: payload,
    score: scoreOf(score),
    ...Array.isArray(embedding) ? { vector: embedding as Array<number> } : {}
  }
}

const vectorsOf = (withVectors: boolean) => withVectors ? ["embedding"] : false

export const make = ({ ask }: StoreClient<QdrantClient>): ChunkStore => {
  const scrolled = (name: string, places: Places, withVectors: boolean) =>
    Effect.gen(function*() {
      const all: Array<StoredHit> = []
      let offset: string | number | Record<string, unknown> | null | undefined
      do {
        const from: typeof offset = offset
        const { next_page_offset, points } = yield* ask((client) =>
          client.scroll(name, {
            filter: placesOf(places),
            limit: page,
            with_payload: columns,
            with_vector: vectorsOf(withVectors),
            ...from === undefined || from === null ? {} : { offset: from }
          })
        )
        addAll(all, points.map(hitOf(() => 0)))
        offset = next_page_offset
      } while (offset !== undefined && offset !== null)
      return all
    })

  const searched = (
    name: string,
    asked: { readonly query: Array<number> | ReturnType<typeof sparse>; readonly using: string },
    { condition, limit, withVectors }: StoreSearch,
    scoreOf: (score: number) => number
  ) =>
    ask((client) =>
      client.query(name, {
        ...asked,
        limit,
        with_payload: columns,
        with_vector: vectorsOf(withVectors),
        ...condition === undefined ? {} : { filter: filterOf(condition) }
      })
    ).pipe(Effect.map(({ points }) => points.map(hitOf(scoreOf))))

  return {
    ordersTexts: false,
    ping: Effect.asVoid(ask((client) => client.getCollections())),
    dimensions: (name) =>
      ask((client) =>
        client.getCollection(name).then(({ config }) => {
          const vectors: unknown = config.params.vectors
          const embedding = Predicate.hasProperty(vectors, "embedding") ? vectors.embedding : undefined
          return Predicate.hasProperty(embedding, "size") ? Number(embedding.size) : undefined
        }, (cause: unknown) => {
          if (statusOf(cause) === 404) return undefined
          throw cause
        })
      ),
    create: (name, dimensions) =>
      Effect.gen(function*() {
        yield* ask((client) =>
          client.createCollection(name, {
            vectors: { embedding: { size: dimensions, distance: "Cosine" } },
            sparse_vectors: { words: { modifier: "idf" } }
          })
        )
        for (const index of indexes) yield* ask((client) => client.createPayloadIndex(name, { ...index, wait: true }))
      }),
    drop: (name) => Effect.asVoid(ask((client) => client.deleteCollection(name))),
    put: (name, chunks) =>
      Effect.asVoid(ask((client) => client.upsert(name, { wait: true, points: chunks.map(pointOf) }))),
    remove: (name, source) =>
      Effect.asVoid(
        ask((client) =>
          client.delete(name, { wait: true, filter: { must: [{ key: "source_key", match: { value: source } }] } })
        )
      ),
    list: scrolled,
    count: (name, places) =>
      ask((client) => client.count(name, { exact: true, ...places === undefined ? {} : { filter: placesOf(places) } }))
        .pipe(Effect.map(({ count }) => count)),
    near: (name, vector, search) =>
      searched(name, { query: [...vector], using: "embedding" }, search, (score) => score),
    words: (name, words, search) =>
      searched(name, { query: sparse(sparseOfWords(words)), using: "words" }, search, bounded).pipe(
        Effect.map((all) => all.filter(({ score }) => score > 0))
      )
  }
}
