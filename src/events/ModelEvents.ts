/** Events of the model registry: its routing table is their fold. */
import { Schema } from "effect"
import * as Event from "./Event.ts"

export const Registered = Event.define("model:registered", {
  durability: "state",
  description: "A model can be asked for from now on.",
  payload: Schema.Struct({
    model_id: Schema.String.annotate({ description: "What clients send: `provider_id/provider_model_id`." }),
    provider_id: Schema.String,
    provider_model_id: Schema.String.annotate({ description: "What the vendor calls it." }),
    source: Schema.Literals(["configuration", "discovery"]),
    created: Schema.Int.annotate({ description: "Seconds since 1970, as the vendor says; 0 when it does not." }),
    owned_by: Schema.String
  })
})

export const Unregistered = Event.define("model:unregistered", {
  durability: "state",
  description: "A model is gone: its provider no longer lists it, or is no longer configured.",
  payload: Schema.Struct({ model_id: Schema.String })
})

/** The stream of the registry. */
export const stream = "models"
