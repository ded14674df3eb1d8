/** Chunks that clients bring themselves, with their vectors or without: Llama Stack's insert and query. */
import { Effect, Option, Predicate, Result, Schema } from "effect"
import { isFields, numberOrNull, objectsIn, textOrNull } from "../../events/types/JsonAccess.ts"
import { DocumentInvalid } from "../../kernel/documents/DocumentErrors.ts"
import * as EmbeddingVector from "../../kernel/embeddings/EmbeddingVector.ts"
import type { Attributes } from "../../kernel/vectors/AttributeFilter.ts"
import { AttributeFilter } from "../../kernel/vectors/AttributeFilter.ts"
import type { ScoredChunk, VectorChunk } from "../../kernel/vectors/VectorChunk.ts"
import type { VectorIo } from "../vector-io/VectorIo.ts"
import type {
  ChunkAnswer,
  ChunkContent,
  InsertChunks,
  ListChunks,
  QueryChunks,
  SentChunk,
  UpdateChunks
} from "../vector-io/VectorIoModels.ts"
import type { VectorEmbedding } from "./VectorEmbedding.ts"
import { placeOf } from "./VectorStoreRecords.ts"
import type { Search } from "./VectorStoreSearch.ts"
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
  textOrNull(chunk_metadata?.["chunk_source"]) ??
    textOrNull(metadata?.["document_id"]) ??
    textOrNull(chunk_metadata?.["document_id"]) ?? ""

/** Its place, where the client says it. */
const indexOf = ({ chunk_metadata }: SentChunk): number | undefined => {
  const index = numberOrNull(chunk_metadata?.["chunk_index"])
  return index !== null && Number.isSafeInteger(index) && index >= 0 ? index : undefined
}

/** Of the metadata that a client brought, what filters ask may have been changed since. */
const metadataOf = (own: Schema.JsonObject, attributes: Attributes): Schema.JsonObject => ({
  ...Object.fromEntries(Object.entries(own).filter(([, value]) => !isScalar(value))),
  ...attributes
})

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
    index: indexOf(chunk) ?? index,
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
    metadata: isFields(own) ? metadataOf(own, attributes) : { ...metadata, ...attributes },
    chunk_metadata: isFields(chunk_metadata) ? chunk_metadata : {},
    embedding,
    embedding_model: store.embedding_model,
    embedding_dimension: embedding.length
  }
}

const answer = (store: KeptStore, chunks: ReadonlyArray<ScoredChunk>) => ({
  chunks: chunks.map(answerOf(store)),
  scores: chunks.map(({ score }) => score)
})

const decodeFilter = Schema.decodeUnknownOption(AttributeFilter)
const isNumbers = Schema.is(Schema.Array(Schema.Finite))

const modes = new Set(["vector", "keyword", "hybrid"])

/** What a number among the params breaks; absent or null: nothing. */
const outside = (field: string, value: unknown, most: number): DocumentInvalid | undefined =>
  value == null || (typeof value === "number" && value >= 0 && value <= most)
    ? undefined
    : invalid(field, `${field}: a number from 0 to ${most}.`)

const mostImpact = 1_000_000

/** Llama Stack's `params`, under the names that it has had. */
const queryOf = ({ params, query }: QueryChunks): Search | DocumentInvalid => {
  const text = textOf(query)
  if (text === undefined) return invalid("query", "query: a text is searched for, and nothing else.")
  const given = params ?? {}
  const mode = textOrNull(given["mode"])
  if (given["mode"] != null && (mode === null || !modes.has(mode))) {
    return invalid("params.mode", "params.mode: one of vector, keyword and hybrid.")
  }
  const limit = given["max_chunks"] ?? given["k"] ?? 5
  if (!Predicate.isNumber(limit) || !Number.isInteger(limit) || limit < 1 || limit > 200) {
    return invalid("params.max_chunks", "params.max_chunks: a whole number from 1 to 200.")
  }
  const filters = given["filters"] == null ? Option.none() : decodeFilter(given["filters"])
  if (given["filters"] != null && Option.isNone(filters)) {
    return invalid("params.filters", "params.filters: { type, key, value }, or { type: and or or, filters }.")
  }
  const embedding = given["embedding"]
  if (
    embedding != null && !(isNumbers(embedding) && embedding.length > 0 && EmbeddingVector.isFinite(embedding))
  ) {
    return invalid("params.embedding", "params.embedding: a list of numbers of 32 bits, one at least.")
  }
  const ranker = isFields(given["ranker"]) ? given["ranker"] : {}
  const options = isFields(ranker["params"]) ? ranker["params"] : ranker
  const wrong = outside("params.score_threshold", given["score_threshold"], 1) ??
    outside("params.ranker.alpha", options["alpha"], 1) ??
    outside("params.ranker.impact_factor", options["impact_factor"], mostImpact)
  if (wrong !== undefined) return wrong
  const search = searchOf({
    query: text,
    search_mode: mode as Search["mode"] | null,
    ranking_options: {
      ranker: ranker["type"] === "weighted" ? "weighted" : "rrf",
      alpha: numberOrNull(options["alpha"]),
      impact_factor: numberOrNull(options["impact_factor"])
    }
  })
  return {
    ...search,
    filter: Option.getOrUndefined(filters),
    vector: embedding == null ? undefined : Float32Array.from(embedding as ReadonlyArray<number>),
    limit,
    threshold: numberOrNull(given["score_threshold"]) ?? 0,
    withVectors: true
  }
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
  list: Effect.fnUntraced(function*(store: KeptStore, { document_id, from, limit }: ListChunks) {
    return answer(store, yield* index.list(placeOf(store), document_id, { from, limit, withVectors: true }))
  }),
  count: (store: KeptStore, document?: string) =>
    Effect.map(index.count(placeOf(store), document), (count) => ({ count })),
  update: (store: KeptStore, { document_id, metadata }: UpdateChunks) =>
    index.setAttributes(placeOf(store), document_id, attributesOf(metadata)),
  remove: (store: KeptStore, document: string) => index.removeSource(placeOf(store), document),
  answer
})
