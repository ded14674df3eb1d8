/** Batches as durable work: one piece each. */
import { Schema } from "effect"
import * as WorkKind from "../../kernel/work/WorkKind.ts"

export const BatchWork = WorkKind.make({
  name: "batch",
  input: Schema.Struct({
    batch: Schema.String,
    provider_id: Schema.optionalKey(Schema.String).annotate({
      description: "Whose vendor does it. Absent: each line is asked."
    }),
    headers: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)).annotate({
      description: "What the client said in headers that the lines' vendor reads. Absent: nothing."
    })
  }),
  // What fails so is the storage of files, for a moment.
  retries: 5,
  retryDelay: "2 seconds"
})
export type Input = typeof BatchWork.input.Type

/** In a request that a line of a batch is: the batch. */
export const header = "x-strata-batch"
