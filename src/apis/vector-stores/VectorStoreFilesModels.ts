/** Files of vector stores, one by one and in batches, as OpenAI's dialect shows them. */
import { Schema } from "effect"
import { nullable } from "../../events/types/OpenSchema.ts"
import { listOf } from "../../kernel/http/Pagination.ts"
import { flag } from "../../kernel/http/QueryFlag.ts"
import { ChunkingStrategy, StaticChunking } from "../../kernel/text/ChunkingStrategy.ts"
import { FileId } from "../files/FilesModels.ts"
import { FileCounts, pageQuery, VectorStoreId, VectorStoreParams } from "./VectorStoresModels.ts"

const maxPairs = 16
const maxKey = 64
const maxText = 512

const fits = (attributes: Readonly<Record<string, string | number | boolean>>): ReadonlyArray<Schema.FilterIssue> => {
  const entries = Object.entries(attributes)
  return entries.flatMap(([key, value]) => [
    ...[...key].length > maxKey
      ? [{ path: [key], issue: `the key is longer than ${maxKey} characters: shorten it` }]
      : [],
    ...typeof value === "string" && [...value].length > maxText
      ? [{ path: [key], issue: `the text is longer than ${maxText} characters: shorten it` }]
      : []
  ])
}

export const FileAttributes = Schema.Record(
  Schema.String,
  Schema.Union([Schema.String, Schema.Finite, Schema.Boolean])
).check(
  Schema.isMaxProperties(maxPairs, { expected: `at most ${maxPairs} pairs: leave some out` }).abort(),
  Schema.makeFilter(fits)
).annotate({
  identifier: "VectorStoreFileAttributes",
  description:
    `What filters of a search ask: at most ${maxPairs} pairs, keys up to ${maxKey} characters, texts up to ` +
    `${maxText}.`,
  examples: [{ language: "en", year: 2024, draft: false }]
})
export type FileAttributes = typeof FileAttributes.Type

export const FileStatus = Schema.Literals(["in_progress", "completed", "failed", "cancelled"]).annotate({
  description: "in_progress: it is being read; completed: it can be searched; failed: `last_error` says why.",
  examples: ["completed"]
})
export type FileStatus = typeof FileStatus.Type

export const LastError = Schema.Struct({
  code: Schema.Literals(["server_error", "unsupported_file", "invalid_file"]).annotate({
    description: "Whose it is: the server's, or the file's.",
    examples: ["unsupported_file"]
  }),
  message: Schema.String.annotate({ description: "What is wrong, and what to do.", examples: ["The PDF has no text."] })
}).annotate({ identifier: "VectorStoreFileError" })
export type LastError = typeof LastError.Type

/** As it was cut, whatever was asked for. */
export const AppliedChunking = Schema.Union([
  Schema.Struct({
    type: Schema.Literal("static").annotate({ description: "Chunks of a given size.", examples: ["static"] }),
    static: StaticChunking
  }),
  Schema.Struct({
    type: Schema.Literal("other").annotate({ description: "One chunk with all of it.", examples: ["other"] })
  })
]).annotate({ identifier: "VectorStoreFileChunking", description: "How its text is cut." })
export type AppliedChunking = typeof AppliedChunking.Type

export const VectorStoreFile = Schema.Struct({
  id: FileId,
  object: Schema.Literal("vector_store.file").annotate({ description: "What it is.", examples: ["vector_store.file"] }),
  usage_bytes: Schema.Int.annotate({ description: "Its texts and vectors, bytes.", examples: [4096] }),
  created_at: Schema.Int.annotate({
    description: "When it was attached, seconds since 1970.",
    examples: [1764000000]
  }),
  vector_store_id: VectorStoreId,
  status: FileStatus,
  last_error: Schema.NullOr(LastError).annotate({ description: "Why it failed. Null: it has not." }),
  chunking_strategy: AppliedChunking,
  attributes: FileAttributes
}).annotate({ identifier: "VectorStoreFile", description: "A file of a vector store." })
export type VectorStoreFile = typeof VectorStoreFile.Type

export const VectorStoreFileList = listOf(VectorStoreFile).annotate({ identifier: "VectorStoreFileList" })

export const AttachFile = Schema.Struct({
  file_id: FileId,
  attributes: nullable(FileAttributes),
  chunking_strategy: nullable(ChunkingStrategy)
}).annotate({ identifier: "CreateVectorStoreFile" })
export type AttachFile = typeof AttachFile.Type

export const UpdateFile = Schema.Struct({
  attributes: Schema.NullOr(FileAttributes).annotate({ description: "All of them from now on; null: none." })
}).annotate({ identifier: "UpdateVectorStoreFile" })
export type UpdateFile = typeof UpdateFile.Type

export const DetachedFile = Schema.Struct({
  id: FileId,
  object: Schema.Literal("vector_store.file.deleted").annotate({
    description: "What became of it.",
    examples: ["vector_store.file.deleted"]
  }),
  deleted: Schema.Literal(true).annotate({ description: "It is in the store no more.", examples: [true] })
}).annotate({ identifier: "DeletedVectorStoreFile" })

export const FilesQuery = Schema.Struct({
  ...pageQuery("Files", "file-0f1e2d"),
  filter: Schema.optionalKey(FileStatus)
})
export type FilesQuery = typeof FilesQuery.Type

export const ContentQuery = Schema.Struct({
  include_embeddings: flag({ description: "With the vector of each piece. Default false." }),
  include_metadata: flag({ description: "With what is known of each piece. Default false." })
})
export type ContentQuery = typeof ContentQuery.Type

export const ContentPiece = Schema.Struct({
  type: Schema.Literal("text").annotate({ description: "What it is.", examples: ["text"] }),
  text: Schema.String.annotate({ description: "What it says.", examples: ["Oslo is cold."] }),
  embedding: Schema.optionalKey(Schema.Array(Schema.Finite)).annotate({
    description: "Its vector, where it is asked for.",
    examples: [[0.1, 0.2]]
  }),
  metadata: Schema.optionalKey(Schema.JsonObject).annotate({
    description: "What is known of it, where it is asked for.",
    examples: [{ page: 3 }]
  })
}).annotate({ identifier: "VectorStoreContent" })
export type ContentPiece = typeof ContentPiece.Type

export const FileContent = Schema.Struct({
  object: Schema.Literal("vector_store.file_content.page").annotate({
    description: "What it is.",
    examples: ["vector_store.file_content.page"]
  }),
  data: Schema.Array(ContentPiece).annotate({ description: "The pieces of the file, in their order." }),
  has_more: Schema.Boolean.annotate({ description: "Always false: all of it is here.", examples: [false] }),
  next_page: Schema.Null.annotate({ description: "There is none." })
}).annotate({ identifier: "VectorStoreFileContent" })
export type FileContent = typeof FileContent.Type

export const FileBatch = Schema.Struct({
  id: Schema.String.annotate({ description: "The batch's.", examples: ["vsfb_0f1e2d"] }),
  object: Schema.Literal("vector_store.files_batch").annotate({
    description: "What it is.",
    examples: ["vector_store.files_batch"]
  }),
  created_at: Schema.Int.annotate({ description: "When it was made, seconds since 1970.", examples: [1764000000] }),
  vector_store_id: VectorStoreId,
  status: Schema.Literals(["in_progress", "completed", "cancelled", "failed"]).annotate({
    description: "completed: no file is being read any more; failed: none could be read.",
    examples: ["completed"]
  }),
  file_counts: FileCounts
}).annotate({ identifier: "VectorStoreFileBatch", description: "Files that were attached together." })
export type FileBatch = typeof FileBatch.Type

const mostInBatch = 2000

const someFiles = <S extends Schema.Top>(item: S) =>
  nullable(
    Schema.Array(item).check(Schema.isMaxLength(mostInBatch, { expected: `at most ${mostInBatch} files` })).annotate({
      description: `Files: 1 to ${mostInBatch}.`
    })
  )

export const CreateFileBatch = Schema.Struct({
  file_ids: someFiles(FileId),
  files: someFiles(AttachFile).annotate({
    description: "Files with attributes and chunking of their own: in place of file_ids."
  }),
  attributes: nullable(FileAttributes).annotate({ description: "Of all files in file_ids." }),
  chunking_strategy: nullable(ChunkingStrategy).annotate({ description: "Of all files in file_ids. Default: auto." })
}).annotate({ identifier: "CreateVectorStoreFileBatch" })
export type CreateFileBatch = typeof CreateFileBatch.Type

export const FileParams = { ...VectorStoreParams, file_id: FileId }
export const BatchParams = { ...VectorStoreParams, batch_id: FileBatch.fields.id }
