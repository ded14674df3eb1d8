/** What is decided around a call: that it is made again, that it waits, whose key it goes with, who is asked instead. */
import { Schema } from "effect"
import * as Event from "../../events/types/Event.ts"
import { RateLimits } from "./RateLimits.ts"

const about = {
  provider: Schema.String.annotate({ description: "The provider instance." }),
  model: Schema.NullOr(Schema.String).annotate({ description: "What the vendor calls the model." })
}

const error = Schema.Struct({
  type: Schema.String.annotate({ description: "The name of the typed error: `RateLimitError`." }),
  message: Schema.String
})

const milliseconds = (description: string) => Schema.Int.annotate({ description: `${description}, milliseconds.` })

/** In the events of the call, before it is sent. */
export const Throttle = Event.define("provider:throttle", {
  durability: "observation",
  description: "A call waits for its turn: its provider is at a limit that is configured here.",
  payload: Schema.Struct({
    ...about,
    reason: Schema.Literals(["concurrency", "requests", "tokens"]).annotate({ description: "The limit in the way." }),
    place: Schema.Int.annotate({ description: "Its place in the queue, from 1." }),
    active: Schema.Int.annotate({ description: "So many calls run." }),
    vendor: Schema.NullOr(RateLimits).annotate({
      description: "What the vendor has last said of its own limits. Null: nothing."
    })
  })
})

/** In the events of the call that failed; it causes the next call. */
export const Retry = Event.define("provider:retry", {
  durability: "observation",
  description: "A call failed in a way that may pass, and is made again after a wait: another call follows.",
  payload: Schema.Struct({
    ...about,
    attempt: Schema.Int.annotate({ description: "The number of the retry, from 1." }),
    max_retries: Schema.Int.annotate({ description: "So many are made at most, besides those with another key." }),
    delay_ms: milliseconds("The wait before it"),
    retry_after: Schema.NullOr(Schema.Finite).annotate({ description: "What the vendor asked to wait, seconds." }),
    key: Schema.NullOr(Schema.String).annotate({
      description:
        "The configured key that was refused or is to rest, by its name: another is used at once. Null: the " +
        "call waits and is made as before."
    }),
    error
  })
})
