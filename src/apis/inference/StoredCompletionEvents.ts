/** What happens to a chat completion that is kept: the events of its stream. */
import { Schema } from "effect"
import * as Event from "../../events/types/Event.ts"
import { Principal } from "../../events/types/Principal.ts"
import { Metadata } from "../../kernel/documents/Metadata.ts"
import { StoredCompletion } from "./StoredCompletionsModels.ts"

export const Stored = Event.define("chat_completion:stored", {
  durability: "state",
  description:
    "A chat completion is kept, with its request's messages: also where the log keeps less of its request, or " +
    "removes that one day.",
  payload: Schema.Struct({
    /** As the request names the model. */
    requested_model: Schema.String,
    completion: StoredCompletion,
    owner: Schema.NullOr(Principal)
  })
})

export const Updated = Event.define("chat_completion:updated", {
  durability: "state",
  description: "Its metadata is another.",
  payload: Schema.Struct({ metadata: Metadata })
})

export const Deleted = Event.define("chat_completion:deleted", {
  durability: "state",
  description: "It is not kept any more.",
  payload: Schema.Struct({})
})

export const all = [Stored, Updated, Deleted] as const
