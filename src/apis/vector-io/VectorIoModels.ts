/** Chunks that clients bring and search for, as Llama Stack's dialect has them. */
import { Effect, Schema } from "effect"
import { nullable } from "../../events/types/OpenSchema.ts"
import * as BodyLimits from "../../kernel/http/BodyLimits.ts"
import { count } from "../../kernel/http/Pagination.ts"

const mostPieces = 1000
const mostValues = 1000
const mostNumbers = 32_768
const mostInQuery = 2 * mostNumbers

const within = (schema: Schema.Codec<Schema.JsonObject>, most: number) => {
  const limit = (sent: unknown) =>
    BodyLimits.hasMoreValues(sent, most) ? `Expected at most ${most} values: leave some out` : undefined
  return schema.check(Schema.makeFilter(limit)).pipe(BodyLimits.annotate(limit))
}

const Piece = Schema.JsonObject.annotate({
  description: "A piece of content: `{ type: \"text\", text }`. Images are refused.",
  examples: [{ type: "text", text: "Oslo is cold." }]
})

export const ChunkContent = Schema.Union([
  Schema.String,
  Piece,
  Schema.Array(Piece).check(Schema.isMaxLength(mostPieces, { expected: `at most ${mostPieces} pieces` }))
]).annotate({
  description: `A text, or pieces of text: at most ${mostPieces}.`,
  examples: ["Oslo is cold."]
})
export type ChunkContent = typeof ChunkContent.Type

const metadata = Schema.JsonObject.annotate({
  description:
    "What is known of it. Texts, numbers and truths in it are what filters ask; `document_id` says what it is " +
    "a piece of.",
  examples: [{ document_id: "manual", year: 2024 }]
})
const chunkMetadata = Schema.JsonObject.annotate({
  description: "What made it: `document_id`, `source`, `chunk_window` …; `chunk_index` is its place in its document, " +
    "from 0: default the order in which they come; `chunk_source` is what it is a piece of, whatever `document_id` says.",
  examples: [{ document_id: "manual" }]
})
const storeId = Schema.String.annotate({ description: "The store.", examples: ["vs_0f1e2d"] })
const chunkId = Schema.NonEmptyString.check(Schema.isMaxLength(512)).annotate({
  description: "Unique in its store: a chunk with the id of another takes its place.",
  examples: ["manual-1"]
})

export const SentChunk = Schema.Struct({
  chunk_id: chunkId,
  content: ChunkContent,
  metadata: nullable(within(metadata, mostValues)),
  chunk_metadata: nullable(within(chunkMetadata, mostValues)),
  embedding: nullable(
    Schema.Array(Schema.Finite).check(Schema.isMaxLength(mostNumbers, { expected: `at most ${mostNumbers} numbers` }))
  ).annotate({
    description: "Its vector. Absent: one is made with the store's model.",
    examples: [[0.1, 0.2]]
  }),
  embedding_model: nullable(Schema.String).annotate({
    description: "Taken: the store's model is the one that counts."
  }),
  embedding_dimension: nullable(Schema.Int).annotate({ description: "Taken: the vector says it." })
}).annotate({ identifier: "VectorChunk", description: "A piece of text, with its vector or without." })
export type SentChunk = typeof SentChunk.Type

const mostChunks = 10_000

export const InsertChunks = Schema.Struct({
  vector_store_id: storeId,
  chunks: Schema.Array(SentChunk).check(Schema.isMaxLength(mostChunks, { expected: `at most ${mostChunks} chunks` }))
    .annotate({ description: `The chunks: at most ${mostChunks}.` }),
  ttl_seconds: nullable(Schema.Int).annotate({ description: "Refused: chunks are kept until they are removed." })
}).annotate({ identifier: "InsertChunks" })
export type InsertChunks = typeof InsertChunks.Type

export const QueryChunks = Schema.Struct({
  vector_store_id: storeId,
  query: ChunkContent,
  params: nullable(within(Schema.JsonObject, mostInQuery)).annotate({
    description: "`mode` (vector, keyword, hybrid; default vector), `max_chunks` or `k` (1 to 200; default 5), " +
      "`score_threshold` (0 to 1), `ranker` ({ type: rrf or weighted, impact_factor, alpha }), `filters` (as in the " +
      "search of vector stores), `embedding` (the vector of the query; default: the store's model makes it).",
    examples: [{ mode: "hybrid", max_chunks: 5 }]
  })
}).annotate({ identifier: "QueryChunks" })
export type QueryChunks = typeof QueryChunks.Type

export const ChunkAnswer = Schema.Struct({
  chunk_id: chunkId,
  content: Schema.String.annotate({ description: "What it says.", examples: ["Oslo is cold."] }),
  metadata,
  chunk_metadata: chunkMetadata,
  embedding: Schema.Array(Schema.Finite).annotate({ description: "Its vector.", examples: [[0.1, 0.2]] }),
  embedding_model: Schema.String.annotate({
    description: "What made it.",
    examples: ["sentence-transformers/universal-sentence-encoder"]
  }),
  embedding_dimension: Schema.Int.annotate({ description: "How many numbers it has.", examples: [512] })
}).annotate({ identifier: "QueriedChunk" })
export type ChunkAnswer = typeof ChunkAnswer.Type

export const QueryChunksAnswer = Schema.Struct({
  chunks: Schema.Array(ChunkAnswer).annotate({ description: "Those that fit best, the highest score first." }),
  scores: Schema.Array(Schema.Finite).annotate({ description: "One for each chunk: 0 to 1.", examples: [[0.83]] })
}).annotate({ identifier: "QueryChunksResponse" })
export type QueryChunksAnswer = typeof QueryChunksAnswer.Type

const document_id = Schema.String.annotate({
  description: "What the chunks are pieces of: the id of a file, or a client's own.",
  examples: ["manual"]
})

export const ListChunks = Schema.Struct({
  vector_store_id: storeId,
  document_id,
  from: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)).pipe(Schema.withDecodingDefaultKey(Effect.succeed(0)))
    .annotate({ description: "Chunks from this place on. Default 0." }),
  limit: count({ default: 20, maximum: 1000, description: "Chunks on a page." })
})
export type ListChunks = typeof ListChunks.Type

export const CountChunks = Schema.Struct({
  vector_store_id: storeId,
  document_id: Schema.optionalKey(document_id).annotate({
    description: "Default: all of the store.",
    examples: ["manual"]
  })
})
export type CountChunks = typeof CountChunks.Type

export const ChunkCount = Schema.Struct({
  count: Schema.Int.annotate({ description: "How many there are.", examples: [12] })
}).annotate({ identifier: "ChunkCount" })
export type ChunkCount = typeof ChunkCount.Type

export const UpdateChunks = Schema.Struct({
  vector_store_id: storeId,
  document_id,
  metadata: within(metadata, mostValues)
}).annotate({
  identifier: "UpdateChunks"
})
export type UpdateChunks = typeof UpdateChunks.Type

export const RemoveChunks = Schema.Struct({ vector_store_id: storeId, document_id }).annotate({
  identifier: "RemoveChunks"
})
export type RemoveChunks = typeof RemoveChunks.Type
