/** What is asked of file processors, and what they answer, as OGX's dialect has it. */
import { Effect, Schema } from "effect"
import { count, listOf } from "../../kernel/http/Pagination.ts"
import { ChosenChunking, ChunkingStrategy } from "../../kernel/text/ChunkingStrategy.ts"
import { TextMetadata } from "../../kernel/text/ProcessedFile.ts"
import { FileId } from "../files/FilesModels.ts"

const seconds = (description: string) =>
  Schema.Int.annotate({ description: `${description}, seconds since 1970.`, examples: [1764000000] })

const Options = Schema.Record(Schema.String, Schema.Json).annotate({
  description: "Settings of a processor's own. The one in this process has none.",
  examples: [{}]
})

export const ProcessFields = Schema.Struct({
  file_id: Schema.optionalKey(FileId).annotate({ description: "A file that is kept here; else send `file`." }),
  chunking_strategy: Schema.optionalKey(ChunkingStrategy),
  options: Schema.optionalKey(Options)
})
export type ProcessFields = typeof ProcessFields.Type

/** For the document: a form is read as it comes. */
export const ProcessForm = Schema.Struct({
  ...ProcessFields.fields,
  file: Schema.optionalKey(Schema.Uint8Array.annotate({ description: "The file, with its name; else send `file_id`." }))
}).annotate({
  identifier: "ProcessFileForm",
  description: "A form with a file or the id of one; chunking_strategy and options are written in it as JSON."
})

export const ChunkMetadata = Schema.Struct({
  chunk_id: Schema.String.annotate({ description: "The chunk's.", examples: ["chunk_0f1e2d"] }),
  document_id: Schema.NullOr(Schema.String).annotate({
    description: "The file's id. Null: it is not kept here.",
    examples: ["file-0f1e2d"]
  }),
  source: Schema.String.annotate({ description: "The file's name.", examples: ["notes.pdf"] }),
  created_timestamp: seconds("When it was made"),
  chunk_window: Schema.String.annotate({
    description: "Where in the text it stands: first and behind the last UTF-16 code unit.",
    examples: ["0-1200"]
  }),
  chunk_tokenizer: Schema.String.annotate({ description: "Who counts its tokens.", examples: ["o200k_base"] }),
  content_token_count: Schema.Int.annotate({ description: "How long it is, tokens.", examples: [300] })
}).annotate({ identifier: "FileChunkMetadata" })

export const FileChunk = Schema.Struct({
  chunk_id: ChunkMetadata.fields.chunk_id,
  content: Schema.String.annotate({ description: "What it says.", examples: ["Oslo is cold."] }),
  metadata: TextMetadata,
  chunk_metadata: ChunkMetadata
}).annotate({ identifier: "FileChunk", description: "A piece of a file's text, ready for a vector store." })
export type FileChunk = typeof FileChunk.Type

export const ProcessFileResponse = Schema.Struct({
  chunks: Schema.Array(FileChunk).annotate({ description: "The pieces, in their order: one at least." }),
  metadata: Schema.Struct({
    content_type: Schema.String.annotate({ description: "What the bytes are.", examples: ["application/pdf"] }),
    characters: Schema.Int.annotate({ description: "How long the text is, UTF-16 code units.", examples: [4200] }),
    parts: Schema.Int.annotate({ description: "Pages, sheets, slides or sections it has.", examples: [3] }),
    warnings: Schema.Array(Schema.String).annotate({ description: "What could not be read.", examples: [[]] })
  }).annotate({ description: "What was found out about the file." })
}).annotate({ identifier: "ProcessFileResponse" })
export type ProcessFileResponse = typeof ProcessFileResponse.Type

export const CreateFileJob = Schema.Struct({
  file_id: FileId,
  chunking_strategy: Schema.optionalKey(ChunkingStrategy),
  options: Schema.optionalKey(Options)
}).annotate({ identifier: "CreateFileProcessingJob" })
export type CreateFileJob = typeof CreateFileJob.Type

export const FileJobStatus = Schema.Literals(["queued", "in_progress", "completed", "failed", "cancelled"]).annotate({
  description: "How far it is.",
  examples: ["in_progress"]
})
export type FileJobStatus = typeof FileJobStatus.Type

export const FileJobError = Schema.Struct({
  code: Schema.String.annotate({ description: "As a program reads it.", examples: ["no_text"] }),
  message: Schema.String.annotate({ description: "What is wrong, and what to do.", examples: ["The PDF has no text."] })
})

export const FileJob = Schema.Struct({
  id: Schema.String.annotate({ description: "The job's.", examples: ["fpjob_0f1e2d"] }),
  object: Schema.Literal("file_processing_job").annotate({
    description: "What it is.",
    examples: ["file_processing_job"]
  }),
  file_id: FileId,
  chunking_strategy: ChosenChunking,
  status: FileJobStatus,
  progress: Schema.Finite.annotate({ description: "How much is done, 0 to 1.", examples: [0.5] }),
  chunk_count: Schema.NullOr(Schema.Int).annotate({
    description: "How many chunks there are. Null: not known yet.",
    examples: [12]
  }),
  error: Schema.NullOr(FileJobError).annotate({ description: "Why it failed. Null: it has not." }),
  created_at: seconds("When it was asked for"),
  completed_at: Schema.NullOr(Schema.Int).annotate({
    description: "When it ended, seconds since 1970. Null: it has not.",
    examples: [1764000010]
  })
}).annotate({ identifier: "FileProcessingJob", description: "A file that is processed in the background." })
export type FileJob = typeof FileJob.Type

export const FileJobResult = Schema.Struct({
  ...FileJob.fields,
  result: Schema.NullOr(ProcessFileResponse).annotate({ description: "The chunks. Null: it is not completed." })
}).annotate({ identifier: "FileProcessingJobResult" })
export type FileJobResult = typeof FileJobResult.Type

export const FileJobList = listOf(FileJob).annotate({ identifier: "FileProcessingJobList" })

export const FileJobsQuery = Schema.Struct({
  status: Schema.optionalKey(FileJobStatus),
  after: Schema.optionalKey(Schema.String).annotate({
    description: "`last_id` of the page before.",
    examples: ["fpjob_0f1e2d"]
  }),
  order: Schema.Literals(["asc", "desc"]).pipe(Schema.withDecodingDefaultKey(Effect.succeed("desc" as const))).annotate(
    { description: "By the time they were asked for: desc, the newest first, or asc. Default desc." }
  ),
  limit: count({ default: 20, maximum: 100, description: "Jobs on a page." })
})
export type FileJobsQuery = typeof FileJobsQuery.Type

export const FileJobParams = { job_id: FileJob.fields.id }
