/** That a provider is left in peace, and that it is back. They stand in the stream of providers. */
import { Schema } from "effect"
import * as Event from "../../events/types/Event.ts"

const provider = Schema.String.annotate({ description: "The provider instance." })

export const Opened = Event.define("provider:breaker_opened", {
  durability: "observation",
  description: "A provider has failed so often within its window that it is not asked for a while.",
  payload: Schema.Struct({
    provider,
    failures: Schema.Int,
    window_ms: Schema.Int.annotate({ description: "The window in which they were, milliseconds." }),
    open_ms: Schema.Int.annotate({ description: "So long it is not asked, milliseconds." }),
    key: Schema.optionalKey(Schema.String).annotate({ description: "The key that rests. Absent: the whole provider." })
  })
})

export const Closed = Event.define("provider:breaker_closed", {
  durability: "observation",
  description: "A provider that was left in peace has answered again.",
  payload: Schema.Struct({
    provider,
    key: Schema.optionalKey(Schema.String).annotate({
      description: "The key that is back. Absent: the whole provider."
    })
  })
})
