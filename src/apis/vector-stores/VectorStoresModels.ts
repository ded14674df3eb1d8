/** Vector stores as OpenAI's dialect shows them. */
import { Effect, Schema } from "effect"
import { nullable } from "../../events/types/OpenSchema.ts"
import { Metadata } from "../../kernel/documents/Metadata.ts"
import { count, listOf } from "../../kernel/http/Pagination.ts"
import { ChunkingStrategy } from "../../kernel/text/ChunkingStrategy.ts"

const seconds = (description: string) =>
  Schema.Int.annotate({ description: `${description}, seconds since 1970.`, examples: [1764000000] })

export const VectorStoreId = Schema.String.annotate({ description: "The store's.", examples: ["vs_0f1e2d"] })

const number = (description: string) => Schema.Int.annotate({ description, examples: [1] })

export const FileCounts = Schema.Struct({
  in_progress: number("Files that are being read."),
  completed: number("Files that can be searched."),
  failed: number("Files that could not be read."),
  cancelled: number("Files that were stopped."),
  total: number("All of these.")
}).annotate({ identifier: "VectorStoreFileCounts", description: "How many files it has, by how far they are." })
export type FileCounts = typeof FileCounts.Type

export const ExpiresAfter = Schema.Struct({
  anchor: Schema.Literal("last_active_at").annotate({
    description: "From when on the days count: from when it was last searched or changed.",
    examples: ["last_active_at"]
  }),
  days: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 365 })).annotate({
    description: "How many days: 1 to 365.",
    examples: [7]
  })
}).annotate({ identifier: "VectorStoreExpiresAfter", description: "When a store that nobody uses is given up." })
export type ExpiresAfter = typeof ExpiresAfter.Type

export const VectorStore = Schema.Struct({
  id: VectorStoreId,
  object: Schema.Literal("vector_store").annotate({ description: "What it is.", examples: ["vector_store"] }),
  created_at: seconds("When it was made"),
  name: Schema.String.annotate({
    description: "As the client calls it; empty: it has no name.",
    examples: ["Manuals"]
  }),
  description: Schema.NullOr(Schema.String).annotate({
    description: "What it is for, as the client says. Null: it says nothing.",
    examples: ["How our pumps are mounted and cleaned."]
  }),
  usage_bytes: Schema.Int.annotate({ description: "Texts and vectors of its files, bytes.", examples: [4096] }),
  file_counts: FileCounts,
  status: Schema.Literals(["in_progress", "completed", "expired"]).annotate({
    description: "in_progress: files are being read; completed: none is; expired: it can't be searched any more.",
    examples: ["completed"]
  }),
  expires_after: Schema.NullOr(ExpiresAfter).annotate({ description: "Null: it stays." }),
  expires_at: Schema.NullOr(Schema.Int).annotate({
    description: "When it expires unless it is used, seconds since 1970. Null: it stays.",
    examples: [1764604800]
  }),
  last_active_at: Schema.NullOr(Schema.Int).annotate({
    description: "When it was last used, to the hour where it is searched, seconds since 1970.",
    examples: [1764000000]
  }),
  metadata: Metadata,
  provider_id: Schema.String.annotate({ description: "Who keeps its vectors.", examples: ["sqlite-vec"] }),
  embedding_model: Schema.String.annotate({
    description: "What makes vectors of its texts, and of queries.",
    examples: ["sentence-transformers/universal-sentence-encoder"]
  })
}).annotate({ identifier: "VectorStore", description: "Files that can be searched by what they mean." })
export type VectorStore = typeof VectorStore.Type

export const VectorStoreList = listOf(VectorStore).annotate({ identifier: "VectorStoreList" })

const name = Schema.String.annotate({ description: "What to call it.", examples: ["Manuals"] })

const longestDescription = 4096

export const CreateVectorStore = Schema.Struct({
  id: nullable(
    Schema.String.check(Schema.isPattern(/^vs_\w{8,100}$/, { expected: "vs_ and 8 to 100 letters or digits" }))
  )
    .annotate({
      description:
        "Its id, where who makes it has one for it already: asked for once more, it is the same store, and " +
        "nothing else happens. Default: a new one.",
      examples: ["vs_0f1e2d3c4b5a"]
    }),
  name: nullable(name),
  description: nullable(Schema.String.check(Schema.isMaxLength(longestDescription))).annotate({
    description: `What it is for: at most ${longestDescription} characters.`,
    examples: ["How our pumps are mounted and cleaned."]
  }),
  file_ids: nullable(
    Schema.Array(Schema.String).check(Schema.isMaxLength(500, { expected: "at most 500 files" })).annotate({
      description: "Files that it has from the beginning: at most 500.",
      examples: [["file-0f1e2d"]]
    })
  ),
  expires_after: nullable(ExpiresAfter),
  chunking_strategy: nullable(ChunkingStrategy).annotate({ description: "How these files are cut. Default: auto." }),
  metadata: nullable(Metadata),
  provider_id: nullable(Schema.String).annotate({
    description: "Who keeps its vectors: a provider of vector_io. Default: the first.",
    examples: ["sqlite-vec"]
  }),
  embedding_model: nullable(Schema.String).annotate({
    description: "A model that makes vectors, as GET /v1/models lists it. Default: the first that is one.",
    examples: ["sentence-transformers/universal-sentence-encoder"]
  }),
  embedding_dimension: nullable(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 8192 }))).annotate({
    description: "How many numbers its vectors have, where the model can choose. Default: as the model has them.",
    examples: [512]
  })
}).annotate({ identifier: "CreateVectorStore" })
export type CreateVectorStore = typeof CreateVectorStore.Type

export const UpdateVectorStore = Schema.Struct({
  name: nullable(name),
  expires_after: nullable(ExpiresAfter).annotate({ description: "Null: it stays." }),
  metadata: nullable(Metadata)
}).annotate({ identifier: "UpdateVectorStore", description: "What is not named stays as it is." })
export type UpdateVectorStore = typeof UpdateVectorStore.Type

export const DeletedVectorStore = Schema.Struct({
  id: VectorStoreId,
  object: Schema.Literal("vector_store.deleted").annotate({
    description: "What became of it.",
    examples: ["vector_store.deleted"]
  }),
  deleted: Schema.Literal(true).annotate({ description: "It is gone.", examples: [true] })
}).annotate({ identifier: "DeletedVectorStore" })

/** Of a page of things whose ids look like `example`. */
export const pageQuery = (what: string, example: string) => ({
  after: Schema.optionalKey(Schema.String).annotate({
    description: "`last_id` of the page before.",
    examples: [example]
  }),
  before: Schema.optionalKey(Schema.String).annotate({
    description: "`first_id` of the page behind: for who goes back.",
    examples: [example]
  }),
  order: Schema.Literals(["asc", "desc"]).pipe(Schema.withDecodingDefaultKey(Effect.succeed("desc" as const))).annotate(
    { description: "By the time they were made: desc, the newest first, or asc. Default desc." }
  ),
  limit: count({ default: 20, maximum: 100, description: `${what} on a page.` })
})

export const VectorStoresQuery = Schema.Struct(pageQuery("Stores", "vs_0f1e2d"))
export type VectorStoresQuery = typeof VectorStoresQuery.Type

export const VectorStoreParams = { vector_store_id: VectorStoreId }
