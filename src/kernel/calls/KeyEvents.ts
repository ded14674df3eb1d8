/** Which of several keys a call goes with. */
import { Schema } from "effect"
import * as Event from "../../events/types/Event.ts"

/** In the events of the call. */
export const KeySelected = Event.define("provider:key_selected", {
  durability: "observation",
  description: "A provider has several keys, and the call goes with this one.",
  payload: Schema.Struct({
    provider: Schema.String.annotate({ description: "The provider instance." }),
    key: Schema.String.annotate({ description: "The key by its name or, where it has none, its place: `#1`." })
  })
})
