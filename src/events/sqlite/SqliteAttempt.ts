/** Runs synchronous work on the database; what SQLite throws becomes a typed failure. */
import { Effect, Predicate } from "effect"
import { EventLogUnavailable } from "../log/EventLog.ts"

export const attempt = <A>(operation: string, work: () => A): Effect.Effect<A, EventLogUnavailable> =>
  Effect.try({
    try: work,
    catch: (cause) =>
      new EventLogUnavailable({ operation, reason: cause instanceof Error ? cause.message : String(cause) })
  })

/** `SQLITE_CONSTRAINT_UNIQUE` and `SQLITE_CONSTRAINT_PRIMARYKEY`. */
const [uniqueViolated, primaryKeyViolated] = [2067, 1555]

const codeOf = (cause: unknown): unknown =>
  cause instanceof Error && Predicate.hasProperty(cause, "errcode") ? cause.errcode : undefined

/** True when an event's id stands in the log already. */
export const isIdTaken = (cause: unknown): boolean =>
  cause instanceof Error && codeOf(cause) === uniqueViolated &&
  (cause.message.includes("events.id") || cause.message.includes("facts."))

/** True when a row of its key or its position is there already. */
export const isRowTaken = (cause: unknown): boolean => {
  const code = codeOf(cause)
  return code === uniqueViolated || code === primaryKeyViolated
}
