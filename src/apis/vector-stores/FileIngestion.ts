/**
 * Reads files into vector stores: durable work, one piece for each file. Ids of chunks are made of the file's and their
 * place, so that an attempt that goes on where another one was lost neither leaves out nor doubles any.
 */
import { Effect, Option, Schema } from "effect"
import * as Draft from "../../events/log/Draft.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import * as Bytes from "../../kernel/bytes/Bytes.ts"
import * as RequestInput from "../../kernel/requests/RequestInput.ts"
import { Requests } from "../../kernel/requests/Requests.ts"
import * as SystemOperations from "../../kernel/system/SystemOperations.ts"
import type { TextChunk } from "../../kernel/text/ProcessedFile.ts"
import type { EmbeddedChunk } from "../../kernel/vectors/VectorChunk.ts"
import { Work } from "../../kernel/work/Work.ts"
import * as WorkKind from "../../kernel/work/WorkKind.ts"
import { WorkFailed } from "../../kernel/work/WorkKind.ts"
import type { LeaseLost } from "../../kernel/work/WorkLease.ts"
import type { WorkTask } from "../../kernel/work/WorkTask.ts"
import { FileProcessors } from "../file-processors/FileProcessors.ts"
import type { VectorIo } from "../vector-io/VectorIo.ts"
import type { FileAttachments } from "./FileAttachments.ts"
import type { VectorEmbedding } from "./VectorEmbedding.ts"
import type { LastError } from "./VectorStoreFilesModels.ts"
import type { VectorStoreRecords } from "./VectorStoreRecords.ts"
import { placeOf } from "./VectorStoreRecords.ts"
import { NotServed } from "./VectorStoresErrors.ts"
import type { KeptStore } from "./VectorStoresEvents.ts"
import * as Events from "./VectorStoresEvents.ts"
import type { AttachedFile } from "./VectorStoreTables.ts"

export const IngestionInput = Schema.Struct({
  attachment: Schema.String,
  vector_store_id: Schema.String,
  batch_id: Schema.NullOr(Schema.String),
  file_id: Schema.String
})

export const FileIngestion = WorkKind.make({
  name: "vector_store_file",
  input: IngestionInput,
  retries: 4,
  retryDelay: "1 second"
})

/** Texts of which vectors are asked for at once. */
const batch = 32
const bytesOfNumber = 4

interface Options {
  readonly attachments: FileAttachments
  readonly embedding: VectorEmbedding
  readonly records: VectorStoreRecords
  readonly index: VectorIo["Service"]
}

export const chunkId = (file: string, index: number): string => `${file}-${index}`

const embeddedOf = (
  { attributes, file_id, filename }: AttachedFile,
  { end, index, metadata, start, text, tokens }: TextChunk,
  vector: Float32Array
): EmbeddedChunk => ({
  id: chunkId(file_id, index),
  source: file_id,
  index,
  text,
  attributes,
  metadata: { ...metadata, filename, tokens, start, end },
  vector
})

const ofFile = new Set(["unsupported_type", "no_text", "encrypted", "broken", "too_large"])

/** A failure as work knows it: its type is the code that the file shows. */
const workFailed = (error: { readonly _tag: string; readonly message: string }): WorkFailed => {
  const { _tag: tag, message } = error
  const reason = "reason" in error ? String(error.reason) : ""
  const fields = { message, retryable: false }
  switch (tag) {
    case "FileUnreadable":
      return ofFile.has(reason)
        ? new WorkFailed({ ...fields, type: reason === "unsupported_type" ? "unsupported_file" : "invalid_file" })
        : new WorkFailed({ ...fields, type: "server_error", retryable: reason === "busy" || reason === "timed_out" })
    case "DocumentNotFound":
      return new WorkFailed({ ...fields, type: "invalid_file" })
    case "EmbeddingFailed":
      return new WorkFailed({
        ...fields,
        type: "server_error",
        retryable: "retryable" in error && error.retryable === true
      })
    case "VectorIndexFailed":
      return new WorkFailed({
        ...fields,
        type: "server_error",
        retryable: reason !== "rejected" && reason !== "unsupported"
      })
    default:
      return new WorkFailed({
        ...fields,
        type: "server_error",
        retryable: tag === "ProviderUnavailable" || tag === "StorageFailed"
      })
  }
}

const codes: ReadonlySet<string> = new Set(["server_error", "unsupported_file", "invalid_file"])

const lastErrorOf = ({ message, type }: { readonly type: string; readonly message: string }): LastError => ({
  code: codes.has(type) ? type as LastError["code"] : "server_error",
  message
})

const decodeInput = Schema.decodeUnknownOption(IngestionInput)

export const register = Effect.fnUntraced(function*({ attachments, embedding, index, records }: Options) {
  const work = yield* Work
  const requests = yield* Requests
  const processors = Option.getOrUndefined(yield* Effect.serviceOption(FileProcessors))

  /** From where an attempt before this one was lost; the first one begins anew. */
  const begin = Effect.fnUntraced(function*(store: KeptStore, file: AttachedFile, attempt: number) {
    if (attempt > 1) return yield* index.count(placeOf(store), file.file_id)
    yield* index.removeSource(placeOf(store), file.file_id)
    return 0
  })

  const read = Effect.fnUntraced(function*(store: KeptStore, file: AttachedFile, attempt: number) {
    if (processors === undefined) return yield* new NotServed({ api: "file_processors" })
    const content = { fileId: file.file_id }
    const { chunks } = yield* processors.process({ content, chunking: file.chunking_strategy })
    let bytes = 0
    let dimensions = 0
    for (let at = yield* begin(store, file, attempt); at < chunks.length; at += batch) {
      const some = chunks.slice(at, at + batch)
      const vectors = yield* embedding.embed(store, some.map(({ text }) => text))
      // Attributes may have been changed meanwhile.
      const now = (yield* attachments.byAttachment(file.attachment)) ?? file
      yield* index.upsert(placeOf(store), some.map((chunk, each) => embeddedOf(now, chunk, vectors[each]!)))
      dimensions = vectors[0]!.length
    }
    for (const { text } of chunks) bytes += Buffer.byteLength(text) + dimensions * bytesOfNumber
    return { chunk_count: chunks.length, usage_bytes: bytes }
  })

  const attempt = (task: WorkTask<typeof IngestionInput.Type>) =>
    Effect.gen(function*() {
      const { attachment, batch_id, file_id, vector_store_id } = task.input
      const file = yield* attachments.byAttachment(attachment)
      const store = yield* records.find(vector_store_id)
      // It was taken out while it waited.
      if (file === undefined || store === undefined) return
      const input = RequestInput.make(SystemOperations.FileIngestion, { payload: { vector_store_id, file_id } })
      yield* requests.run(
        input,
        Effect.gen(function*() {
          const { chunk_count, usage_bytes } = yield* read(store, file, task.attempt)
          const status = "completed" as const
          const ended = { vector_store_id, batch_id, status, usage_bytes, chunk_count, last_error: null }
          yield* task.finish([yield* Draft.make(Events.FileEnded, ended)])
          return Bytes.json(200, JSON.stringify({ chunk_count, usage_bytes })) as Bytes.Bytes<never>
        })
      )
    }).pipe(
      Effect.catch((error): Effect.Effect<never, WorkFailed | LeaseLost | EventLogUnavailable> =>
        error._tag === "LeaseLost" || error._tag === "EventLogUnavailable"
          ? Effect.fail(error)
          : Effect.fail(workFailed(error))
      )
    )

  /** What is not whole is not searched. */
  const clear = Effect.fnUntraced(function*(store: string, file: string) {
    const kept = yield* records.find(store)
    if (kept !== undefined) yield* index.removeSource(placeOf(kept), file)
  }, Effect.catchCause((cause) => Effect.logWarning("Chunks of a file that was not read could not be removed", cause)))

  yield* work.register(FileIngestion, attempt, (outcome) =>
    Effect.gen(function*() {
      const input = decodeInput(outcome.input)
      if (Option.isNone(input)) return []
      const { batch_id, file_id, vector_store_id } = input.value
      yield* clear(vector_store_id, file_id)
      const last_error = outcome.status === "failed" ? lastErrorOf(outcome.error) : null
      const ended = { vector_store_id, batch_id, status: outcome.status, usage_bytes: 0, chunk_count: 0, last_error }
      return [yield* Draft.make(Events.FileEnded, ended)]
    }))
  return work
})
