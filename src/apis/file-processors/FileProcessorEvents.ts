/** What becomes of jobs that process files. */
import { Schema } from "effect"
import * as Event from "../../events/types/Event.ts"
import { Principal } from "../../events/types/Principal.ts"
import { FileChunk, FileJob, FileJobError, ProcessFileResponse } from "./FileProcessorsModels.ts"

export const Created = Event.define("file_processing_job:created", {
  durability: "state",
  description: "A file is to be processed in the background.",
  payload: Schema.Struct({
    job: FileJob,
    owner: Schema.NullOr(Principal).annotate({ description: "Who asked for it. Null: nobody known." })
  })
})

export const Progressed = Event.define("file_processing_job:progressed", {
  durability: "state",
  description: "The file is being processed.",
  payload: Schema.Struct({
    progress: Schema.Finite.annotate({ description: "How much is done, 0 to 1." })
  })
})

export const ChunksAdded = Event.define("file_processing_job:chunks_added", {
  durability: "state",
  description: "Chunks of the file, some at a time; they stand in the log together with the job's end.",
  payload: Schema.Struct({
    first: Schema.Int.annotate({ description: "Index of the first of them, from 0." }),
    chunks: Schema.Array(FileChunk)
  })
})

export const Ended = Event.define("file_processing_job:ended", {
  durability: "state",
  description: "The file is processed, or never will be.",
  payload: Schema.Struct({
    status: Schema.Literals(["completed", "failed", "cancelled"]),
    completed_at: Schema.Int,
    chunk_count: Schema.NullOr(Schema.Int),
    metadata: Schema.NullOr(ProcessFileResponse.fields.metadata),
    error: Schema.NullOr(FileJobError)
  })
})
