/** What went wrong with PostgreSQL, in words for people and without anything secret. */
import { Effect, Predicate } from "effect"
import type { SqlError } from "effect/sql/SqlError"
import { EventLogOpenFailed, EventLogUnavailable } from "../log/EventLog.ts"

const causeOf = ({ reason }: SqlError): unknown => Predicate.hasProperty(reason, "cause") ? reason.cause : undefined

/** The SQLSTATE, or the system's name for a failed connection. */
const codeOf = (error: SqlError): string => {
  const cause = causeOf(error)
  return Predicate.hasProperty(cause, "code") && Predicate.isString(cause.code) ? cause.code : ""
}

/** The server's own words where there are some. */
export const reasonOf = (error: SqlError): string => {
  const cause = causeOf(error)
  const text = cause instanceof Error && cause.message !== "" ? cause.message : ""
  return text === "" ? `${error.message} ${codeOf(error)}`.trim() : text
}

/** The server ended the session: at a stop (57P01 to 57P03), or because a transaction stood idle (25P03). */
const ended = /^(08...|57P0[123]|25P03)$/

const isConnection = (error: SqlError): boolean => error.reason._tag === "ConnectionError" || ended.test(codeOf(error))

/** A connection is gone that was there: whether the last statement was carried out is not known. */
const isConnectionLost = (error: SqlError): boolean => isConnection(error) && error.reason.operation !== "connect"

/** Connections that were idle may all be gone: the server was restarted, or a firewall forgot them. */
export const onOtherConnections = {
  times: 3,
  while: (error: SqlError | EventLogUnavailable) => error._tag === "SqlError" && isConnectionLost(error)
}

/** Makes the failures of a port of the store out of those of PostgreSQL. */
export const unavailable = (operation: string) =>
<A, E, R>(
  effect: Effect.Effect<A, E | SqlError, R>
): Effect.Effect<A, Exclude<E, SqlError> | EventLogUnavailable, R> =>
  Effect.mapError(effect, (error) =>
    isSqlError(error)
      ? new EventLogUnavailable({ operation, reason: reasonOf(error) })
      : error as Exclude<E, SqlError>)

const isSqlError = (error: unknown): error is SqlError => Predicate.isTagged(error, "SqlError")

/** Work in JavaScript between two statements: what a projection throws becomes a typed failure. */
export const attempt = <A>(operation: string, work: () => A): Effect.Effect<A, EventLogUnavailable> =>
  Effect.try({
    try: work,
    catch: (cause) =>
      new EventLogUnavailable({ operation, reason: cause instanceof Error ? cause.message : String(cause) })
  })

/** Says why the log could not be opened, and what to do. `place` is host and database. */
export const openFailed = (place: string, schema: string) => (error: SqlError): EventLogOpenFailed => {
  const reason = reasonOf(error)
  const failed = (message: string) => new EventLogOpenFailed({ message })
  const code = codeOf(error)
  if (code === "3D000") {
    return failed(`There is no such database at ${place} (${reason}). Create it, or name another in storage.url`)
  }
  if (code === "42501") {
    return failed(
      `The user may not make the tables of Strata at ${place} (${reason}). Let its owner run: ` +
        `CREATE SCHEMA ${schema} AUTHORIZATION the_user, or name a schema of the user's own: storage.schema`
    )
  }
  if (error.reason._tag === "AuthenticationError") {
    return failed(`PostgreSQL at ${place} refuses the user (${reason}). Check user and password in storage.url`)
  }
  if (code === "53300") {
    return failed(
      `PostgreSQL at ${place} has no connection left (${reason}). Raise its max_connections, or lower storage.pool_size`
    )
  }
  if (isConnection(error)) {
    return failed(`PostgreSQL at ${place} can't be reached (${reason}). Start it, or correct storage.url`)
  }
  return failed(`The event log at ${place} can't be opened (${reason})`)
}
