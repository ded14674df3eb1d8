/** The position of the last event, as the log's one row of state has it. */
import { Effect } from "effect"
import type { SqlError } from "effect/sql/SqlError"
import type { Queries } from "./PostgresDatabase.ts"

export const readHead = (queries: Queries): Effect.Effect<number, SqlError> =>
  Effect.map(queries.query("SELECT last_position FROM log_state"), ([row]) => Number(row?.["last_position"]))
