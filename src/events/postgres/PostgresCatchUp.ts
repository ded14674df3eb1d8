/** Folds the log into tables that are made anew. */
import { Effect } from "effect"
import type { SqlError } from "effect/sql/SqlError"
import type { EventLogUnavailable } from "../log/EventLog.ts"
import type { Lift } from "../types/Upcasting.ts"
import type { Queries } from "./PostgresDatabase.ts"
import { attempt } from "./PostgresFailure.ts"
import type { PostgresProjectionTable } from "./PostgresProjections.ts"
import { changesOf, together, writeAll } from "./PostgresProjections.ts"
import * as PostgresReader from "./PostgresReader.ts"

/** Events read at once. */
const pageSize = 1000

export interface PostgresCatchUp {
  /** From behind `after` to the end; gives how many events were folded, and the position of the last. */
  (
    queries: Queries,
    tables: ReadonlyArray<PostgresProjectionTable>,
    after: number,
    onPage?: (position: number) => Effect.Effect<void>
  ): Effect.Effect<{ readonly events: number; readonly position: number }, SqlError | EventLogUnavailable>
}

export const make = (lift: Lift): PostgresCatchUp =>
  Effect.fnUntraced(function*(queries, tables, after, onPage) {
    const types = [...new Set(tables.flatMap(({ projection }) => [...projection.types]))]
    let [position, events] = [after, 0]
    while (true) {
      const page = yield* PostgresReader.read(queries, { after: position, types, limit: pageSize })
      const lifted = yield* attempt("be read", () => page.map(lift))
      const changes = yield* changesOf(queries, tables.map((table) => ({ table, foldedTo: position })), lifted)
      const parameters: Array<unknown> = []
      const parts = writeAll(tables, changes, (parameter) => `$${parameters.push(parameter)}`)
      if (parts.length > 0) yield* queries.query(together(parts, "SELECT 1"), parameters)
      events += page.length
      position = page.at(-1)?.position ?? position
      if (page.length < pageSize) return { events, position }
      if (onPage !== undefined) yield* onPage(position)
    }
  })
