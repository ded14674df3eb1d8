/** A kind of work for tests. */
import { Schema } from "effect"
import * as WorkKind from "../../src/kernel/work/WorkKind.ts"

export const Poem = WorkKind.make({
  name: "poem",
  input: Schema.Struct({ title: Schema.String }),
  retries: 2,
  retryDelay: "10 millis"
})

export const streamOf = (workId: string): string => `poems/${workId}`
