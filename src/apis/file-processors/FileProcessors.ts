/** Makes text and chunks of files: at once, or as a job in the background. */
import { Context } from "effect"
import type { Effect } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { DocumentConflict, DocumentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import type { DocumentPage } from "../../kernel/documents/Documents.ts"
import type { AccessDenied } from "../../kernel/http/AccessDenied.ts"
import type { ChunkingStrategy } from "../../kernel/text/ChunkingStrategy.ts"
import type { FileUnreadable } from "../../kernel/text/FileUnreadable.ts"
import type { ProcessedFile } from "../../kernel/text/ProcessedFile.ts"
import type { NoFileStorage } from "../files/FilesErrors.ts"
import type { StorageFailed } from "../files/FileStorage.ts"
import type { FileBytes } from "./FileProcessor.ts"
import type { CreateFileJob, FileJob, FileJobResult, FileJobsQuery } from "./FileProcessorsModels.ts"

export interface ProcessRequest {
  /** A file of `Files`, which who asks may read, or bytes. */
  readonly content: { readonly fileId: string } | FileBytes
  /** Default auto. */
  readonly chunking?: ChunkingStrategy
  readonly onProgress?: (done: number) => void
}

type ReadFailure = DocumentNotFound | EventLogUnavailable
export type ProcessFailure = FileUnreadable | ReadFailure | NoFileStorage | StorageFailed

/**
 * @example
 * const { chunks } = yield* fileProcessors.process({ content: { fileId: "file-0f1e2d" }, chunking: { type: "auto" } })
 */
export class FileProcessors extends Context.Service<FileProcessors, {
  /** The longest file that is taken. */
  readonly maxFileBytes: Effect.Effect<number, FileUnreadable>
  readonly process: (request: ProcessRequest) => Effect.Effect<ProcessedFile, ProcessFailure>
  readonly createJob: (job: CreateFileJob) => Effect.Effect<FileJob, ReadFailure | AccessDenied>
  readonly listJobs: (query: FileJobsQuery) => Effect.Effect<DocumentPage<FileJob>, ReadFailure>
  readonly getJob: (id: string) => Effect.Effect<FileJobResult, ReadFailure>
  readonly cancelJob: (id: string) => Effect.Effect<FileJob, ReadFailure | AccessDenied | DocumentConflict>
}>()("strata/apis/file-processors/FileProcessors") {}
