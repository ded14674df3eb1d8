/** Files that are attached together: a batch counts how far they are. */
import { Effect } from "effect"
import { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { ProjectionTables } from "../../events/log/ProjectionTables.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import { DocumentConflict, DocumentInvalid, DocumentNotFound } from "../../kernel/documents/DocumentErrors.ts"
import * as DocumentId from "../../kernel/documents/DocumentId.ts"
import * as Documents from "../../kernel/documents/Documents.ts"
import * as DocumentTime from "../../kernel/documents/DocumentTime.ts"
import type { FileAttachments } from "./FileAttachments.ts"
import type { VectorStoreFiles } from "./VectorStoreFiles.ts"
import type { AttachFile, CreateFileBatch, FileBatch } from "./VectorStoreFilesModels.ts"
import { countsOf } from "./VectorStoreRecords.ts"
import type { KeptStore } from "./VectorStoresEvents.ts"
import * as Events from "./VectorStoresEvents.ts"
import type { KeptBatch } from "./VectorStoreTables.ts"
import { BatchesTable, batchPrefix, batchStream } from "./VectorStoreTables.ts"

/** So many are attached at once. */
const concurrency = 8

const invalid = (field: string, message: string) =>
  new DocumentInvalid({ type: "vector_store_file_batch", field, message })

const statusOf = ({ cancelled, totals }: KeptBatch): FileBatch["status"] => {
  if (cancelled) return "cancelled"
  if (totals.in_progress > 0) return "in_progress"
  return totals.failed > 0 && totals.completed === 0 ? "failed" : "completed"
}

const shapeOf = (batch: KeptBatch): FileBatch => ({
  id: batch.id,
  object: "vector_store.files_batch",
  created_at: batch.created_at,
  vector_store_id: batch.vector_store_id,
  status: statusOf(batch),
  file_counts: countsOf(batch.totals)
})

/** Each file once, with the field that names it. */
interface NamedFile {
  readonly file: AttachFile
  readonly field: string
}

const filesOf = (request: CreateFileBatch): ReadonlyArray<NamedFile> | DocumentInvalid => {
  const { attributes, chunking_strategy, file_ids, files } = request
  if ((file_ids == null) === (files == null)) {
    return invalid("file_ids", "file_ids, files: name the files by one of these.")
  }
  const all = files ?? file_ids!.map((file_id): AttachFile => ({
    file_id,
    ...attributes === undefined ? {} : { attributes },
    ...chunking_strategy === undefined ? {} : { chunking_strategy }
  }))
  if (all.length === 0) return invalid(files == null ? "file_ids" : "files", "A batch has one file at least.")
  const field = (at: number) => files == null ? `file_ids[${at}]` : `files[${at}].file_id`
  return [...new Map(all.map((file, at) => [file.file_id, { file, field: field(at) }])).values()]
}

export const make = Effect.fnUntraced(function*(
  { attachments, files }: { readonly attachments: FileAttachments; readonly files: VectorStoreFiles }
) {
  const hub = yield* EventHub
  const tables = yield* ProjectionTables

  const get = Effect.fnUntraced(
    function*(store: string, id: string): Effect.fn.Return<KeptBatch, DocumentNotFound | EventLogUnavailable> {
      const row = yield* tables.get(BatchesTable, yield* CurrentTenant, id)
      return row === undefined || row.document.vector_store_id !== store
        ? yield* new DocumentNotFound({ type: "vector_store_file_batch", id })
        : row.document
    }
  )

  const unwritten = { VersionConflict: Effect.die, EventIdTaken: Effect.die } as const

  const attachAll = Effect.fnUntraced(function*(store: KeptStore, given: ReadonlyArray<NamedFile>) {
    const all = given.map(({ file }) => file)
    const names = yield* files.namesOf(all.map(({ file_id }) => file_id), (at) => given[at]!.field)
    const batch_id = yield* DocumentId.make(batchPrefix)
    const created: typeof Events.BatchCreated.payload.Type = {
      batch_id,
      vector_store_id: store.id,
      file_ids: all.map(({ file_id }) => file_id),
      created_at: yield* DocumentTime.seconds
    }
    const event = yield* Documents.draft(Events.BatchCreated, created)
    yield* Effect.catchTags(hub.append(batchStream(batch_id), "none", [event]), unwritten)
    yield* Effect.forEach(all, (file) => files.attach(store, file, names.get(file.file_id)!, batch_id), {
      concurrency,
      discard: true
    })
    return shapeOf(yield* get(store.id, batch_id))
  })

  return {
    attachAll,
    create: Effect.fnUntraced(function*(store: KeptStore, request: CreateFileBatch) {
      const all = filesOf(request)
      return all instanceof DocumentInvalid ? yield* all : yield* attachAll(store, all)
    }),
    get: (store: string, id: string) => Effect.map(get(store, id), shapeOf),
    cancel: Effect.fnUntraced(function*(store: string, id: string) {
      const batch = yield* get(store, id)
      if (!batch.cancelled && batch.totals.in_progress === 0) {
        return yield* new DocumentConflict({
          type: "vector_store_file_batch",
          code: "batch_not_in_progress",
          message: `The batch ${id} is ${statusOf(batch)}: none of its files is being read.`
        })
      }
      if (!batch.cancelled) {
        const event = yield* Documents.draft(Events.BatchCancelled, { batch_id: id })
        yield* Effect.catchTags(hub.append(batchStream(id), "any", [event]), unwritten)
      }
      yield* attachments.forEach({ batch: id, status: "in_progress" }, files.stop)
      return shapeOf(yield* get(store, id))
    })
  }
})
