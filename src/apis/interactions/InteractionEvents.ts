/** What happens to an interaction that is kept: the events of its stream. */
import { Schema } from "effect"
import * as Event from "../../events/types/Event.ts"
import { Principal } from "../../events/types/Principal.ts"
import { KeptInteraction } from "./InteractionsModels.ts"

export const Created = Event.define("interaction:created", {
  durability: "state",
  description: "A model has answered, and what it was asked and answered is kept.",
  payload: Schema.Struct({
    interaction: KeptInteraction,
    owner: Schema.NullOr(Principal).annotate({ description: "Whose it is. Null: nobody's." })
  })
})

export const Deleted = Event.define("interaction:deleted", {
  durability: "state",
  description: "The interaction is gone; those that went on from it can't be gone on from any more.",
  payload: Schema.Struct({})
})

export const all = [Created, Deleted] as const
