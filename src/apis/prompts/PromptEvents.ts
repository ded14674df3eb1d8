/** What happens to a prompt: the events of its stream. */
import { Schema } from "effect"
import * as Event from "../../events/types/Event.ts"
import { Principal } from "../../events/types/Principal.ts"

export const PromptVersion = Schema.Struct({
  version: Schema.Int,
  prompt: Schema.String,
  variables: Schema.Array(Schema.String)
})
export type PromptVersion = typeof PromptVersion.Type

export const Created = Event.define("prompt:created", {
  durability: "state",
  description: "A prompt was made: its first version.",
  payload: Schema.Struct({
    id: Schema.String,
    created_at: Schema.Int,
    version: PromptVersion,
    owner: Schema.NullOr(Principal)
  })
})

export const VersionAdded = Event.define("prompt:version_added", {
  durability: "state",
  description: "There is a version behind the latest; `is_default`: who names none gets it from here on.",
  payload: Schema.Struct({ version: PromptVersion, is_default: Schema.Boolean })
})

export const DefaultChanged = Event.define("prompt:default_changed", {
  durability: "state",
  description: "Who names no version gets this one from here on.",
  payload: Schema.Struct({ version: PromptVersion })
})

export const Deleted = Event.define("prompt:deleted", {
  durability: "state",
  description: "The prompt is gone, with its versions.",
  payload: Schema.Struct({})
})

export const all = [Created, VersionAdded, DefaultChanged, Deleted] as const
