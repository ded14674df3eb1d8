/** `remote::strata` for vectors: a collection here is a vector store of the same id there, whose chunks are brought. */
import { Effect, Predicate, Schema } from "effect"
import { HttpApiGroup } from "effect/http-api"
import type { ListOptions, SearchOptions } from "../../../apis/vector-io/VectorIndex.ts"
import { VectorIndex } from "../../../apis/vector-io/VectorIndex.ts"
import { VectorIoApi } from "../../../apis/vector-io/VectorIoApi.ts"
import type { ChunkAnswer, QueryChunksAnswer } from "../../../apis/vector-io/VectorIoModels.ts"
import { VectorIoRoutes } from "../../../apis/vector-io/VectorIoRoutes.ts"
import { VectorStoresRoutes } from "../../../apis/vector-stores/VectorStoresRoutes.ts"
import { isFields, numberOrNull, textOrNull } from "../../../events/types/JsonAccess.ts"
import * as EmbeddingVector from "../../../kernel/embeddings/EmbeddingVector.ts"
import type { ProviderError } from "../../../kernel/http/ProviderErrors.ts"
import type { Attributes } from "../../../kernel/vectors/AttributeFilter.ts"
import type { Collection, EmbeddedChunk, ScoredChunk } from "../../../kernel/vectors/VectorChunk.ts"
import { VectorIndexFailed } from "../../../kernel/vectors/VectorIndexFailed.ts"
import * as RemoteApi from "./RemoteApi.ts"
import * as StrataFailure from "./StrataFailure.ts"

const { createVectorStore, deleteVectorStore } = VectorStoresRoutes.endpoints
const { countChunks, insertChunks, listChunks, queryChunks, removeChunks, updateChunks } = VectorIoRoutes.endpoints

const routes = HttpApiGroup.make("vectors").add(
  createVectorStore,
  deleteVectorStore,
  insertChunks,
  queryChunks,
  listChunks,
  countChunks,
  updateChunks,
  removeChunks
)

const notFound = 404
const firstOfServer = 500

const failureOf = (provider: string) => (error: ProviderError) => {
  const { message: detail, reason, status = firstOfServer } = StrataFailure.of(error)
  const kind = reason === "unreachable" || reason === "timeout"
    ? reason
    : reason === "rejected" && status < firstOfServer
    ? "rejected"
    : "failed"
  return new VectorIndexFailed({ provider, reason: kind, detail })
}

/** What is not there has nothing in it. */
const unlessMissing = <A>(nothing: A) => (error: ProviderError) =>
  error._tag === "ProviderRejected" && error.status === notFound ? Effect.succeed(nothing) : Effect.fail(error)

const sent = ({ attributes, id, index, metadata, source, text, vector }: EmbeddedChunk) => ({
  chunk_id: id,
  content: text,
  metadata: attributes,
  chunk_metadata: { chunk_source: source, chunk_index: index, chunk_about: metadata },
  embedding: [...vector]
})

const isAttributes = Schema.is(
  Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Finite, Schema.Boolean]))
)

const chunkOf = (chunk: ChunkAnswer, score: number, withVectors: boolean): ScoredChunk => {
  const { chunk_about, chunk_index, chunk_source } = chunk.chunk_metadata
  return {
    id: chunk.chunk_id,
    source: textOrNull(chunk_source) ?? "",
    index: numberOrNull(chunk_index) ?? 0,
    text: chunk.content,
    attributes: isAttributes(chunk.metadata) ? chunk.metadata : {},
    metadata: isFields(chunk_about) ? chunk_about : {},
    score,
    ...withVectors ? { vector: EmbeddingVector.toBase64(Float32Array.from(chunk.embedding)) } : {}
  }
}

const chunksOf = ({ chunks, scores }: QueryChunksAnswer, withVectors: boolean): ReadonlyArray<ScoredChunk> =>
  chunks.map((chunk, at) => chunkOf(chunk, scores[at] ?? 0, withVectors))

const none: QueryChunksAnswer = { chunks: [], scores: [] }

type Query = {
  readonly vector?: Float32Array
  readonly words?: ReadonlyArray<string>
} & Pick<SearchOptions, "filter" | "limit">

const paramsOf = ({ filter, limit, vector }: Query): Schema.JsonObject => ({
  mode: vector === undefined ? "keyword" : "vector",
  max_chunks: limit,
  ...vector === undefined ? {} : { embedding: [...vector] },
  // An interface is JSON without the index that TypeScript wants of one.
  ...filter === undefined ? {} : { filters: filter as unknown as Schema.Json }
})

export const StrataVectors = RemoteApi.make({
  api: VectorIoApi,
  routes,
  description: "Vectors kept by another Strata, in vector stores of the key that is sent.",
  capabilities: ["vectors", "keywords", "filters"],
  service: ({ method, provider }) => {
    const failed = failureOf(provider)
    const create = method("createVectorStore", ({ dimensions, name }: Collection) => ({
      payload: { id: name, name, embedding_dimension: dimensions }
    }))
    const drop = method("deleteVectorStore", (vector_store_id: string) => ({ params: { vector_store_id } }))
    const insert = method("insertChunks", (vector_store_id: string, chunks: ReadonlyArray<EmbeddedChunk>) => ({
      payload: { vector_store_id, chunks: chunks.map(sent) }
    }))
    const query = method("queryChunks", (vector_store_id: string, asked: Query) => ({
      payload: { vector_store_id, query: asked.words?.join(" ") ?? "*", params: paramsOf(asked) }
    }))
    const list = method("listChunks", (vector_store_id: string, document_id: string, options: ListOptions) => ({
      query: { vector_store_id, document_id, from: options.from, limit: options.limit }
    }))
    const count = method("countChunks", (vector_store_id: string, document_id?: string) => ({
      query: { vector_store_id, ...Predicate.isUndefined(document_id) ? {} : { document_id } }
    }))
    const update = method(
      "updateChunks",
      (vector_store_id: string, document_id: string, metadata: Attributes) => ({
        payload: { vector_store_id, document_id, metadata }
      })
    )
    const remove = method("removeChunks", (vector_store_id: string, document_id: string) => ({
      payload: { vector_store_id, document_id }
    }))
    const search = (collection: string, asked: Query, withVectors: boolean) =>
      query(collection, asked).pipe(
        Effect.catch(unlessMissing(none)),
        Effect.map((answer) => chunksOf(answer, withVectors)),
        Effect.mapError(failed)
      )
    const done = (effect: Effect.Effect<unknown, ProviderError>) =>
      Effect.mapError(Effect.catch(Effect.asVoid(effect), unlessMissing<void>(undefined)), failed)

    return VectorIndex.of({
      create: (collection) => Effect.mapError(Effect.asVoid(create(collection)), failed),
      drop: (collection) => done(drop(collection)),
      upsert: (collection, chunks) => Effect.mapError(Effect.asVoid(insert(collection, chunks)), failed),
      removeSource: (collection, source) => done(remove(collection, source)),
      setAttributes: (collection, source, attributes) => done(update(collection, source, attributes)),
      list: (collection, source, options) =>
        list(collection, source, options).pipe(
          Effect.catch(unlessMissing(none)),
          Effect.map((answer) => chunksOf(answer, options.withVectors)),
          Effect.mapError(failed)
        ),
      count: (collection, source) =>
        count(collection, source).pipe(
          Effect.map(({ count }) => count),
          Effect.catch(unlessMissing(0)),
          Effect.mapError(failed)
        ),
      searchByVector: (collection, vector, { filter, limit, withVectors }) =>
        search(collection, { vector, filter, limit }, withVectors),
      searchByWords: (collection, words, { filter, limit, withVectors }) =>
        search(collection, { words, filter, limit }, withVectors)
    })
  }
})
