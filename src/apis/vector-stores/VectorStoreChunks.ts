/** Chunks that clients bring themselves, with their vectors or without: Llama Stack's insert and query. */
import { Effect, Predicate, Result } from "effect"
import type { Schema } from "effect"
import { isFields, numberOrNull, objectsIn, textOrNull } from "../../events/types/JsonAccess.ts"
import { DocumentInvalid } from "../../kernel/documents/DocumentErrors.ts"
import * as EmbeddingVector from "../../kernel/embeddings/EmbeddingVector.ts"
import type { Attributes } from "../../kernel/vectors/AttributeFilter.ts"
import type { ScoredChunk, VectorChunk } from "../../kernel/vectors/VectorChunk.ts"
import type { VectorIo } from "../vector-io/VectorIo.ts"
import type { ChunkAnswer, ChunkContent, InsertChunks, QueryChunks, SentChunk } from "../vector-io/VectorIoModels.ts"
import type { VectorEmbedding } from "./VectorEmbedding.ts"
import { placeOf } from "./VectorStoreRecords.ts"
import type { Search, StoredResult } from "./VectorStoreSearch.ts"
import { searchOf } from "./VectorStoreSearch.ts"
import type { KeptStore } from "./VectorStoresEvents.ts"

const invalid = (field: string, message: string) => new DocumentInvalid({ type: "chunk", field, message })

/** Texts of which vectors are asked for at once. */
const batch = 32

/** The text of content, whose pieces stand below each other; undefined where one is none. */
const textOf = (content: ChunkContent): string | undefined => {
  if (Predicate.isString(content)) return content
  const pieces = Array.isArray(content) ? objectsIn(content) : [content as Schema.JsonObject]
  const texts = pieces.map((piece) => textOrNull(piece["text"]))
  return texts.every(Predicate.isNotNull) ? texts.join("\n") : undefined
}

const isScalar = (value: unknown): value is string | number | boolean =>
  Predicate.isString(value) || Predicate.isNumber(value) || Predicate.isBoolean(value)

/** What of the metadata filters can ask. */
const attributesOf = (metadata: Schema.JsonObject): Attributes =>
  Object.fromEntries(
    Object.entries(metadata).filter((entry): entry is [string, string | number | boolean] => isScalar(entry[1]))
  )

const sourceOf = ({ chunk_metadata, metadata }: SentChunk): string =>
  textOrNull(metadata?.["document_id"]) ?? textOrNull(chunk_metadata?.["document_id"]) ?? ""

interface Sent extends VectorChunk {
  readonly vector: Float32Array | undefined
}

const sentOf = (chunk: SentChunk, at: number, places: Map<string, number>): Result.Result<Sent, DocumentInvalid> => {
  const text = textOf(chunk.content)
  if (text === undefined || text === "") {
    return Result.fail(invalid(`chunks[${at}].content`, `chunks[${at}].content: a text is kept, and nothing else.`))
  }
  if (chunk.embedding != null && !EmbeddingVector.isFinite(chunk.embedding)) {
    return Result.fail(invalid(`chunks[${at}].embedding`, `chunks[${at}].embedding: each is a number of 32 bits.`))
  }
  const source = sourceOf(chunk)
  const index = places.get(source) ?? 0
  places.set(source, index + 1)
  const metadata = chunk.metadata ?? {}
  return Result.succeed({
    id: chunk.chunk_id,
    source,
    index,
    text,
    attributes: attributesOf(metadata),
    metadata: {
      metadata,
      chunk_metadata: chunk.chunk_metadata ?? {},
      ...textOrNull(metadata["filename"]) === null ? {} : { filename: metadata["filename"]! }
    },
    vector: chunk.embedding == null || chunk.embedding.length === 0 ? undefined : Float32Array.from(chunk.embedding)
  })
}

const answerOf = (store: KeptStore) => ({ attributes, id, metadata, text, vector = "" }: ScoredChunk): ChunkAnswer => {
  const embedding = [...EmbeddingVector.fromBase64(vector) ?? []]
  const { chunk_metadata, metadata: own } = metadata
  return {
    chunk_id: id,
    content: text,
    metadata: isFields(own) ? own : { ...metadata, ...attributes },
    chunk_metadata: isFields(chunk_metadata) ? chunk_metadata : {},
    embedding,
    embedding_model: store.embedding_model,
    embedding_dimension: embedding.length
  }
}

const modes = new Set(["vector", "keyword", "hybrid"])

/** Llama Stack's `params`, under the names that it has had. */
const queryOf = ({ params, query }: QueryChunks): Search | DocumentInvalid => {
  const text = textOf(query)
  if (text === undefined) return invalid("query", "query: a text is searched for, and nothing else.")
  const given = params ?? {}
  const mode = textOrNull(given["mode"])
  if (mode !== null && !modes.has(mode)) {
    return invalid("params.mode", "params.mode: one of vector, keyword and hybrid.")
  }
  const limit = numberOrNull(given["max_chunks"]) ?? numberOrNull(given["k"]) ?? 5
  if (!Number.isInteger(limit) || limit < 1 || limit > 200) {
    return invalid("params.max_chunks", "params.max_chunks: a whole number from 1 to 200.")
  }
  const ranker = isFields(given["ranker"]) ? given["ranker"] : {}
  const options = isFields(ranker["params"]) ? ranker["params"] : ranker
  const search = searchOf({
    query: text,
    search_mode: mode as Search["mode"] | null,
    ranking_options: {
      ranker: ranker["type"] === "weighted" ? "weighted" : "rrf",
      alpha: numberOrNull(options["alpha"]),
      impact_factor: numberOrNull(options["impact_factor"])
    }
  })
  return { ...search, limit, threshold: numberOrNull(given["score_threshold"]) ?? 0, withVectors: true }
}

interface Options {
  readonly embedding: VectorEmbedding
  readonly index: VectorIo["Service"]
}

export const make = ({ embedding, index }: Options) => ({
  queryOf,
  insert: Effect.fnUntraced(function*(store: KeptStore, { chunks, ttl_seconds }: InsertChunks) {
    if (ttl_seconds != null) {
      return yield* invalid("ttl_seconds", "ttl_seconds: chunks are kept until they are removed: leave it out.")
    }
    const places = new Map<string, number>()
    const all = yield* Effect.fromResult(Result.all(chunks.map((chunk, at) => sentOf(chunk, at, places))))
    for (let at = 0; at < all.length; at += batch) {
      const some = all.slice(at, at + batch)
      const without = some.filter(({ vector }) => vector === undefined)
      const made = without.length === 0 ? [] : yield* embedding.embed(store, without.map(({ text }) => text))
      const vectors = new Map(without.map((chunk, each) => [chunk, made[each]!]))
      yield* index.upsert(
        placeOf(store),
        some.map((chunk) => ({ ...chunk, vector: chunk.vector ?? vectors.get(chunk)! }))
      )
    }
  }),
  answer: (store: KeptStore, results: ReadonlyArray<StoredResult>) => ({
    chunks: results.map(answerOf(store)),
    scores: results.map(({ score }) => score)
  })
})
