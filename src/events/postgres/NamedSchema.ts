/** Schemas of PostgreSQL by their names: whether one is there, and how it is made. */
import { Effect } from "effect"

/** Runs a statement, whatever holds the connection. */
export interface Query<E> {
  (sql: string, parameters: ReadonlyArray<unknown>): Effect.Effect<ReadonlyArray<unknown>, E>
}

export const exists = <E>(query: Query<E>, name: string): Effect.Effect<boolean, E> =>
  Effect.map(query("SELECT 1 FROM pg_namespace WHERE nspname = $1", [name]), (rows) => rows.length > 0)

export const create = <E>(query: Query<E>, name: string): Effect.Effect<void, E> =>
  Effect.asVoid(query(`CREATE SCHEMA IF NOT EXISTS "${name.replaceAll("\"", "\"\"")}"`, []))

/** Looks first: `IF NOT EXISTS` alone asks for the right to make one, also where it is there. */
export const ensure = <E>(query: Query<E>, name: string): Effect.Effect<void, E> =>
  Effect.flatMap(exists(query, name), (there) => there ? Effect.void : create(query, name))
