/** Interactions in the background, as work: what is submitted is answered once by whichever server is there. */
import { Schema } from "effect"
import * as WorkKind from "../../kernel/work/WorkKind.ts"

export const InteractionWork = WorkKind.make({
  name: "interaction",
  input: Schema.Struct({
    interaction: Schema.String,
    /** What was asked, without its input, which stands in the interaction, and `background`. */
    request: Schema.JsonObject,
    /** By which path, and in which form it is answered there. */
    operation: Schema.String,
    form: Schema.Literals(["steps", "outputs"]),
    /** Where the request stood that asked for it. */
    session: Schema.NullOr(Schema.String)
  })
})
export type Input = typeof InteractionWork.input.Type

/** In a request that an attempt is: the interaction it answers. A verification finds it again by it. */
export const header = "x-strata-interaction"
