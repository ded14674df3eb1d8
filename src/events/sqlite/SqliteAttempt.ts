/** Runs synchronous work on the database; what SQLite throws becomes a typed failure. */
import { Effect, Predicate } from "effect"
import { EventLogUnavailable } from "../log/EventLog.ts"

export const attempt = <A>(operation: string, work: () => A): Effect.Effect<A, EventLogUnavailable> =>
  Effect.try({
    try: work,
    catch: (cause) =>
      new EventLogUnavailable({ operation, reason: cause instanceof Error ? cause.message : String(cause) })
  })

const uniqueViolated = 2067

/** True when an event's id stands in the log already. */
export const isIdTaken = (cause: unknown): boolean =>
  cause instanceof Error && Predicate.hasProperty(cause, "errcode") && cause.errcode === uniqueViolated &&
  (cause.message.includes("events.id") || cause.message.includes("facts."))
