/** Collections of chunks in Elasticsearch: an index each, vectors as `dense_vector`, words with its BM25. */
import type { Client, estypes } from "@elastic/elasticsearch"
import { Effect, Predicate, Schema } from "effect"
import type { ChunkStore } from "../../../apis/vector-io/ChunkStore.ts"
import type { StoreClient } from "../../../apis/vector-io/StoreClient.ts"
import type { StoredChunk, StoredHit } from "../../../kernel/vectors/StoredChunk.ts"
import { keptOf } from "../../../kernel/vectors/StoredChunk.ts"
import { bounded } from "../../../kernel/vectors/WordWeights.ts"
import type { Query } from "./ElasticFilter.ts"
import { placesOf, queryOf } from "./ElasticFilter.ts"

/** It gives no more at once. */
const mostHits = 10_000

/** Of documents with a change each. */
const removedAtOnce = 1000

/** Of vectors that are compared, and how many of them at least. */
const candidates = 100

const columns = ["chunk", "source", "place", "body", "attributes", "metadata"]

/** What it says of one of many documents. */
export class DocumentRefused extends Schema.TaggedError<DocumentRefused>()("DocumentRefused", {
  message: Schema.String
}) {}

/** Its names have no capital letters, and those of collections no `-`. */
const indexOf = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

const statusOf = (cause: unknown): unknown => Predicate.hasProperty(cause, "statusCode") ? cause.statusCode : undefined

const kept = { type: "keyword", index: false, doc_values: false } as const

const mappings = (dimensions: number): estypes.MappingTypeMapping => ({
  dynamic_templates: [
    { numbers: { match: "number_*", mapping: { type: "double" } } },
    { texts: { match: "text_*", mapping: { type: "keyword" } } }
  ],
  properties: {
    chunk: kept,
    source: kept,
    source_key: { type: "keyword" },
    place: { type: "long" },
    body: { type: "text" },
    attributes: kept,
    metadata: kept,
    tags: { type: "keyword" },
    dimensions: { type: "integer", index: false },
    embedding: {
      type: "dense_vector",
      dims: dimensions,
      index: true,
      similarity: "cosine",
      // Its default keeps a byte of each number, and scores with it.
      index_options: { type: "hnsw" }
    }
  }
})

const documentOf = (stored: StoredChunk) => {
  const { numbers, texts, vector } = stored
  return {
    ...keptOf(stored),
    ...numbers,
    ...texts,
    // Of a vector of zeros there is no cosine: it refuses one, and finds nothing of a document without.
    ...vector.some((each) => each !== 0) ? { embedding: [...vector] } : {},
    dimensions: vector.length
  }
}

interface Document {
  readonly embedding?: ReadonlyArray<number>
  readonly dimensions: number
}

const hitOf =
  (scoreOf: (score: number) => number, withVectors: boolean) => (hit: estypes.SearchHit<Document>): StoredHit => {
    const document = hit._source
    return {
      row: document,
      score: scoreOf(hit._score ?? 0),
      ...withVectors && document !== undefined
        ? { vector: document.embedding ?? new Float32Array(document.dimensions) }
        : {}
    }
  }

/** From 0 to 1 it says (1 + cosine) / 2. */
const cosineOf = (score: number): number => 2 * score - 1

export const make = ({ ask }: StoreClient<Client>): ChunkStore => {
  const searched = (
    name: string,
    request: estypes.SearchRequest,
    withVectors: boolean,
    scoreOf: (score: number) => number = () => 0
  ) =>
    ask((client) =>
      client.search<Document>({
        index: indexOf(name),
        ...request,
        _source: withVectors ? { includes: [...columns, "embedding", "dimensions"] } : { includes: columns }
      })
    ).pipe(Effect.map(({ hits }) => hits.hits.map(hitOf(scoreOf, withVectors))))

  const filtered = (condition: Parameters<ChunkStore["near"]>[2]["condition"]): { readonly filter: Array<Query> } => ({
    filter: condition === undefined ? [] : [queryOf(condition)]
  })

  const changed = (name: string, operations: Array<object>) =>
    ask((client) =>
      client.bulk({ index: indexOf(name), refresh: true, operations }).then(({ items }) => {
        const refused = items.map(({ index: one }) => one?.error).find((error) => error !== undefined)
        if (refused === undefined) return
        throw new DocumentRefused({
          message: [refused.reason, refused.caused_by?.reason].filter(Predicate.isString).join(": ")
        })
      })
    )

  const removed = (name: string, query: Query) =>
    Effect.gen(function*() {
      for (;;) {
        const { hits } = yield* ask((client) =>
          client.search({ index: indexOf(name), query, size: removedAtOnce, _source: false })
        )
        if (hits.hits.length === 0) return
        yield* changed(name, hits.hits.flatMap(({ _id }) => _id === undefined ? [] : [{ delete: { _id } }]))
      }
    })

  return {
    ordersTexts: true,
    ping: Effect.asVoid(ask((client) => client.indices.exists({ index: "strata" }))),
    dimensions: (name) =>
      ask((client) =>
        client.indices.getMapping({ index: indexOf(name) }).then((answer) => {
          const embedding: unknown = answer[indexOf(name)]?.mappings.properties?.["embedding"]
          return Predicate.hasProperty(embedding, "dims") ? Number(embedding.dims) : undefined
        }, (cause: unknown) => {
          if (statusOf(cause) === 404) return undefined
          throw cause
        })
      ),
    create: (name, dimensions) =>
      Effect.asVoid(ask((client) => client.indices.create({ index: indexOf(name), mappings: mappings(dimensions) }))),
    drop: (name) => Effect.asVoid(ask((client) => client.indices.delete({ index: indexOf(name) }))),
    put: (index, chunks) =>
      changed(index, chunks.flatMap((chunk) => [{ index: { _id: chunk.id } }, documentOf(chunk)])),
    remove: (index, source) => removed(index, { term: { source_key: source } }),
    list: (index, places, withVectors) => searched(index, { query: placesOf(places), size: mostHits }, withVectors),
    count: (index, places) =>
      ask((client) =>
        client.count({ index: indexOf(index), query: places === undefined ? { match_all: {} } : placesOf(places) })
      ).pipe(
        Effect.map(({ count }) => count)
      ),
    near: (index, vector, { condition, limit, withVectors }) =>
      vector.some((each) => each !== 0)
        ? searched(
          index,
          {
            knn: {
              field: "embedding",
              query_vector: [...vector],
              k: limit,
              num_candidates: Math.min(mostHits, Math.max(candidates, limit * 2)),
              ...filtered(condition)
            },
            size: limit
          },
          withVectors,
          cosineOf
        )
        // All are as near to it.
        : searched(index, { query: { bool: filtered(condition) }, size: limit }, withVectors),
    words: (index, words, { condition, limit, withVectors }) =>
      searched(
        index,
        {
          query: { bool: { must: [{ match: { body: words.join(" ") } }], ...filtered(condition) } },
          size: limit
        },
        withVectors,
        bounded
      )
  }
}
