/** What happens to an interaction that is kept: the events of its stream. */
import { Schema } from "effect"
import * as Event from "../../events/types/Event.ts"
import { Principal } from "../../events/types/Principal.ts"
import { KeptInteraction } from "./InteractionsModels.ts"

export const Created = Event.define("interaction:created", {
  durability: "state",
  description: "An interaction is kept: a model has answered, or is to answer in the background.",
  payload: Schema.Struct({
    interaction: KeptInteraction,
    owner: Schema.NullOr(Principal).annotate({ description: "Whose it is. Null: nobody's." })
  })
})

export const Ended = Event.define("interaction:ended", {
  durability: "state",
  description: "What was asked in the background has been answered, has failed, or was cancelled.",
  payload: Schema.Struct({
    steps: KeptInteraction.fields.steps,
    head: KeptInteraction.fields.head
  })
})

export const Deleted = Event.define("interaction:deleted", {
  durability: "state",
  description: "The interaction is gone; those that went on from it can't be gone on from any more.",
  payload: Schema.Struct({})
})

export const all = [Created, Ended, Deleted] as const
