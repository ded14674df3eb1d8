/** Jobs that process files, as documents: each the fold of its stream, its chunks in a table of their own. */
import { Schema } from "effect"
import { payloadOf } from "../../events/types/Envelope.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import * as DocumentKind from "../../kernel/documents/DocumentKind.ts"
import * as DocumentParts from "../../kernel/documents/DocumentParts.ts"
import * as WorkEvents from "../../kernel/work/WorkEvents.ts"
import * as FileProcessorEvents from "./FileProcessorEvents.ts"
import { FileChunk, FileJob, ProcessFileResponse } from "./FileProcessorsModels.ts"

export const KeptJob = Schema.Struct({ job: FileJob, metadata: Schema.NullOr(ProcessFileResponse.fields.metadata) })
export type KeptJob = typeof KeptJob.Type

const { ChunksAdded, Created, Ended, Progressed } = FileProcessorEvents

const decodeCreated = Schema.decodeUnknownSync(Schema.Struct({ job: FileJob }))
const decodeProgress = Schema.decodeUnknownSync(Progressed.payload)
const decodeEnd = Schema.decodeUnknownSync(Ended.payload)
const decodeChunks = Schema.decodeUnknownSync(ChunksAdded.payload)

const evolve = (kept: KeptJob | undefined, event: RecordedEvent): KeptJob | undefined => {
  if (event.type === Created.type) return { job: decodeCreated(payloadOf(event)).job, metadata: null }
  if (kept === undefined) return undefined
  const { job } = kept
  switch (event.type) {
    case WorkEvents.Started.type:
      return { ...kept, job: { ...job, status: "in_progress", progress: 0 } }
    case Progressed.type:
      return { ...kept, job: { ...job, ...decodeProgress(payloadOf(event)) } }
    case Ended.type: {
      const { metadata, ...end } = decodeEnd(payloadOf(event))
      return { metadata, job: { ...job, ...end, progress: end.status === "completed" ? 1 : job.progress } }
    }
    default:
      return kept
  }
}

export const FileJobKind = DocumentKind.make<KeptJob>({
  type: "file_processing_job",
  prefix: "fpjob_",
  table: "file_processing_jobs",
  description: "Files that are, or were, processed in the background.",
  value: KeptJob,
  created: Created,
  events: [WorkEvents.Started, Progressed, Ended],
  evolve,
  index: { status: ({ job }) => job.status }
})

const KeptChunks = Schema.Array(FileChunk)

export const FileJobChunks = DocumentParts.make<KeptJob, typeof KeptChunks.Type>(FileJobKind, {
  type: "file_processing_job_chunks",
  table: "file_processing_job_chunks",
  description: "The chunks of files that were processed in the background, some in a row.",
  value: KeptChunks,
  added: [ChunksAdded],
  events: [],
  partOf: (event) =>
    event.type === ChunksAdded.type ? String(decodeChunks(payloadOf(event)).first).padStart(9, "0") : undefined,
  evolve: (kept, event) => event.type === ChunksAdded.type ? decodeChunks(payloadOf(event)).chunks : kept
})
