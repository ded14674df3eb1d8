/** Which schema of PostgreSQL holds the tables of background work. */
import * as PgConnection from "@effect/sql-pg/PgConnection"
import { Effect } from "effect"
import type { Redacted } from "effect"

export interface Options {
  readonly url: Redacted.Redacted
  /** Made when it is missing and the user may make it. */
  readonly schema: string
  /** Where the user may not: the log's own schema. */
  readonly logSchema: string
}

/** Asked before anything is made: `CREATE SCHEMA IF NOT EXISTS` is refused to who may make none, though it is there. */
const whatIsThere = `SELECT
  EXISTS (SELECT FROM pg_namespace WHERE nspname = $1) AS there,
  EXISTS (SELECT FROM pg_tables WHERE schemaname = $2 AND tablename = 'cluster_messages') AS "inLog",
  has_database_privilege(current_database(), 'CREATE') AS "mayCreate"`

/** The same in every process and at every start: where work is once, it stays, whatever the user may do later. */
export const choose = Effect.fnUntraced(function*({ logSchema, schema, url }: Options) {
  const connection = yield* PgConnection.make({ url, startupParameters: { client_min_messages: "warning" } })
  // Until this connection ends; two processes that start at once make it once.
  yield* connection.query("SELECT pg_advisory_lock(hashtext('strata tables'), hashtext($1)) IS NULL", [schema])
  const { rows: [rights] } = yield* connection.query(whatIsThere, [schema, logSchema])
  if (rights?.there === true) return schema
  if (rights?.inLog === true || rights?.mayCreate !== true) return logSchema
  yield* connection.query(`CREATE SCHEMA "${schema.replaceAll(`"`, `""`)}"`)
  return schema
}, Effect.scoped)
