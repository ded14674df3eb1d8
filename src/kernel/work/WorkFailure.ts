/** Why work could not be done, as its events say it. */
import { Schema } from "effect"

export const WorkFailure = Schema.Struct({
  type: Schema.String.annotate({ description: "As a program reads it." }),
  message: Schema.String.annotate({ description: "As a person reads it." })
})
export type WorkFailure = typeof WorkFailure.Type
