/** Events of provider instances: which there are, which were left out, which answer. */
import { Schema } from "effect"
import * as Event from "../../events/types/Event.ts"

const instance = { api: Schema.String, provider_id: Schema.String, provider_type: Schema.String }

export const Registered = Event.define("provider:registered", {
  durability: "state",
  description: "A provider instance was started with this configuration, its secrets redacted.",
  payload: Schema.Struct({ ...instance, config: Schema.Json })
})

export const Unregistered = Event.define("provider:unregistered", {
  durability: "state",
  description: "A provider instance is no longer configured.",
  payload: Schema.Struct({ api: Schema.String, provider_id: Schema.String })
})

export const RecordingStarted = Event.define("provider:recording_started", {
  durability: "state",
  description:
    "A provider instance that answers from recordings begins to record anew: what it records from here on replaces " +
    "what it recorded before in the same session.",
  payload: Schema.Struct({ api: Schema.String, provider_id: Schema.String })
})

export const Skipped = Event.define("provider:skipped", {
  durability: "observation",
  description: "A provider was left out, with the reason.",
  payload: Schema.Struct({ api: Schema.String, provider_type: Schema.String, reason: Schema.String })
})

export const Deprecated = Event.define("provider:deprecated", {
  durability: "observation",
  description: "A provider instance was started whose type, or an upstream's type, should not be used any more.",
  payload: Schema.Struct({
    ...instance,
    reason: Schema.String.annotate({ description: "Why, and what to use instead." })
  })
})

export const Unhealthy = Event.define("provider:unhealthy", {
  durability: "observation",
  description: "A provider does not work: it can't be started, lacks its key, or does not answer.",
  payload: Schema.Struct({ ...instance, reason: Schema.String })
})

export const Healthy = Event.define("provider:healthy", {
  durability: "observation",
  description: "A provider works, again or for the first time.",
  payload: Schema.Struct(instance)
})

/** The stream of all provider instances. */
export const stream = "providers"

/** The events that say which instances run. */
export const registrationTypes = [Registered.type, Unregistered.type]
