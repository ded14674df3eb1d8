/** Files of vector stores and their batches as tables, and how many files there are. Each file has a stream of its own. */
import { Schema } from "effect"
import type { IndexValue } from "../../events/projections/Projection.ts"
import * as Projection from "../../events/projections/Projection.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import type { FileStatus } from "./VectorStoreFilesModels.ts"
import * as Files from "./VectorStoreFilesModels.ts"
import * as Events from "./VectorStoresEvents.ts"

export const filePrefix = "vsfile_"
export const batchPrefix = "vsfb_"

const filesBefore = "vector_store_file/"
const batchesBefore = "vector_store_file_batch/"

/** `attachment`: one file in one store, since it was attached. */
export const fileStream = (attachment: string): string => filesBefore + attachment
export const batchStream = (batch: string): string => batchesBefore + batch

export const AttachedFile = Schema.Struct({
  attachment: Schema.String,
  ...Events.FileAttached.payload.fields,
  status: Files.FileStatus,
  usage_bytes: Schema.Int,
  chunk_count: Schema.Int,
  last_error: Schema.NullOr(Files.LastError)
})
export type AttachedFile = typeof AttachedFile.Type

const decodeAttached = Schema.decodeUnknownSync(Events.FileAttached.payload)
const decodeUpdated = Schema.decodeUnknownSync(Events.FileUpdated.payload)
const decodeEnded = Schema.decodeUnknownSync(Events.FileEnded.payload)
const decodeDetached = Schema.decodeUnknownSync(Events.FileDetached.payload)
const decodeBatch = Schema.decodeUnknownSync(Events.BatchCreated.payload)
const decodeCancelled = Schema.decodeUnknownSync(Events.BatchCancelled.payload)

const fileEvents = [Events.FileAttached, Events.FileUpdated, Events.FileEnded, Events.FileDetached]

const attachmentOf = ({ stream }: RecordedEvent): string => stream.slice(filesBefore.length)

/** Of a column for both: a page of those of one status reads no others. */
const both = (one: string | null, status: FileStatus): string | null => one === null ? null : `${one} ${status}`

/** Which are asked for: those of a batch or of a store, all or with a status; a file in a store, or in all. */
export type WantedFiles =
  | { readonly batch: string; readonly status?: FileStatus | undefined }
  | { readonly store: string; readonly status?: FileStatus | undefined }
  | { readonly file: string; readonly store?: string }

/** Which values the table is asked for. */
export const columnsOf = (wanted: WantedFiles): Readonly<Record<string, IndexValue>> => {
  if ("file" in wanted) return { ...wanted }
  const { status, ...of } = wanted
  if (status === undefined) return of
  return "batch" in of ? { batch_status: both(of.batch, status) } : { store_status: both(of.store, status) }
}

export const FilesTable = Projection.make<AttachedFile>({
  name: "vector_store_files",
  version: 2,
  description: "The files of vector stores, and how far they are.",
  events: fileEvents,
  streams: (stream) => stream.startsWith(filesBefore),
  document: Schema.toType(AttachedFile),
  key: attachmentOf,
  evolve: (file, event) => {
    switch (event.type) {
      case Events.FileAttached.type:
        return {
          attachment: attachmentOf(event),
          ...decodeAttached(payloadOf(event)),
          status: "in_progress",
          usage_bytes: 0,
          chunk_count: 0,
          last_error: null
        }
      case Events.FileUpdated.type:
        return file === undefined ? undefined : { ...file, ...decodeUpdated(payloadOf(event)) }
      case Events.FileEnded.type:
        return file === undefined ? undefined : { ...file, ...decodeEnded(payloadOf(event)) }
      default:
        return undefined
    }
  },
  index: {
    store: ({ vector_store_id }) => vector_store_id,
    file: ({ file_id }) => file_id,
    batch: ({ batch_id }) => batch_id,
    store_status: ({ status, vector_store_id }) => both(vector_store_id, status),
    batch_status: ({ batch_id, status }) => both(batch_id, status)
  }
})

export const Totals = Schema.Struct({
  in_progress: Schema.Int,
  completed: Schema.Int,
  failed: Schema.Int,
  cancelled: Schema.Int,
  usage_bytes: Schema.Int
})
export type Totals = typeof Totals.Type

export const nothing: Totals = { in_progress: 0, completed: 0, failed: 0, cancelled: 0, usage_bytes: 0 }

/** One file more or less of a status. */
const added = (totals: Totals, status: FileStatus, files: 1 | -1, bytes = 0): Totals => ({
  ...totals,
  [status]: totals[status] + files,
  usage_bytes: totals.usage_bytes + bytes
})

const counted = (totals: Totals, event: RecordedEvent): Totals => {
  switch (event.type) {
    case Events.FileAttached.type:
      return added(totals, "in_progress", 1)
    case Events.FileEnded.type: {
      const { status, usage_bytes } = decodeEnded(payloadOf(event))
      return added(added(totals, "in_progress", -1), status, 1, usage_bytes)
    }
    case Events.FileDetached.type: {
      const { status, usage_bytes } = decodeDetached(payloadOf(event))
      return added(totals, status, -1, -usage_bytes)
    }
    default:
      return totals
  }
}

const countedEvents = [Events.FileAttached, Events.FileEnded, Events.FileDetached]

const decodeAbout = Schema.decodeUnknownSync(
  Schema.Struct({ vector_store_id: Schema.String, batch_id: Schema.NullOr(Schema.String) })
)

export const TotalsTable = Projection.make<Totals>({
  name: "vector_store_totals",
  version: 1,
  description: "How many files vector stores have, and how long they are.",
  events: countedEvents,
  streams: (stream) => stream.startsWith(filesBefore),
  document: Totals,
  key: (event) => decodeAbout(payloadOf(event)).vector_store_id,
  evolve: (totals = nothing, event) => counted(totals, event)
})

export const KeptBatch = Schema.Struct({
  id: Schema.String,
  vector_store_id: Schema.String,
  created_at: Schema.Int,
  cancelled: Schema.Boolean,
  totals: Totals
})
export type KeptBatch = typeof KeptBatch.Type

export const BatchesTable = Projection.make<KeptBatch>({
  name: "vector_store_file_batches",
  version: 1,
  description: "Files of vector stores that were attached together.",
  events: [Events.BatchCreated, Events.BatchCancelled, ...countedEvents],
  streams: (stream) => stream.startsWith(filesBefore) || stream.startsWith(batchesBefore),
  document: KeptBatch,
  key: (event) => {
    if (event.stream.startsWith(batchesBefore)) return event.stream.slice(batchesBefore.length)
    return decodeAbout(payloadOf(event)).batch_id ?? undefined
  },
  evolve: (batch, event) => {
    if (event.type === Events.BatchCreated.type) {
      const { batch_id: id, created_at, vector_store_id } = decodeBatch(payloadOf(event))
      return { id, vector_store_id, created_at, cancelled: false, totals: nothing }
    }
    if (batch === undefined) return undefined
    if (event.type === Events.BatchCancelled.type) {
      return { ...batch, cancelled: decodeCancelled(payloadOf(event)).batch_id === batch.id }
    }
    return { ...batch, totals: counted(batch.totals, event) }
  }
})
