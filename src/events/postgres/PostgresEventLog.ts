/** The log in a PostgreSQL database that any number of processes share. */
import { Effect } from "effect"
import { EventLog, EventLogUnavailable } from "../log/EventLog.ts"
import * as PostgresChanges from "./PostgresChanges.ts"
import type { Database } from "./PostgresDatabase.ts"
import { onOtherConnections, unavailable } from "./PostgresFailure.ts"
import { readHead } from "./PostgresHead.ts"
import * as PostgresReader from "./PostgresReader.ts"
import type { PostgresWriter } from "./PostgresWriter.ts"

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
        Effect.retry(onOtherConnections),
        unavailable("be written")
      )
    },
    read: (options) =>
      PostgresReader.read(database, options).pipe(Effect.retry(onOtherConnections), unavailable("be read")),
    head: readHead(database).pipe(Effect.retry(onOtherConnections), unavailable("be read")),
    changes: PostgresChanges.make(database, () => writer?.committed ?? 0)
  })
