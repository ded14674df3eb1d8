/** The log in a PostgreSQL database that any number of processes share. */
import { Effect } from "effect"
import { EventLog, EventLogUnavailable } from "../EventLog.ts"
import { readEvents } from "./PostgresCatchUp.ts"
import * as PostgresChanges from "./PostgresChanges.ts"
import type { Database, Queries } from "./PostgresDatabase.ts"
import { isConnectionLost, unavailable } from "./PostgresFailure.ts"
import type { PostgresWriter } from "./PostgresWriter.ts"

export const readHead = (queries: Queries) =>
  Effect.map(queries.query("SELECT head FROM log_state"), ([row]) => Number(row?.["head"]))

/** `writer`: undefined where the log is only read. */
export const make = (database: Database, writer: PostgresWriter | undefined): EventLog["Service"] =>
  EventLog.of({
    commit: (group) => {
      if (writer === undefined) {
        return Effect.fail(new EventLogUnavailable({ operation: "be written", reason: "it was opened to be read" }))
      }
      if (group.length === 0) return Effect.succeed([])
      // What was carried out before the connection was lost is known by its ids: the second time changes nothing.
      return writer.commit(group).pipe(
        Effect.retry({ times: 1, while: (error) => error._tag === "SqlError" && isConnectionLost(error) }),
        unavailable("be written")
      )
    },
    read: (options) => unavailable("be read")(readEvents(database, options)),
    head: unavailable("be read")(readHead(database)),
    changes: PostgresChanges.make(database, () => writer?.committed ?? 0)
  })
