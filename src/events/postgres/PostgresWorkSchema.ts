/** Which schema of PostgreSQL holds the tables of background work: one beside the log's, or the log's. */
import * as PgConnection from "@effect/sql-pg/PgConnection"
import { Effect } from "effect"
import type { Redacted } from "effect"
import * as NamedSchema from "./NamedSchema.ts"

export interface Options {
  readonly url: Redacted.Redacted
  /** The log's own. That of work is named after it, and made when it is missing and the user may make it. */
  readonly logSchema: string
}

const whatHolds = `SELECT
  EXISTS (SELECT FROM pg_tables WHERE schemaname = $1 AND tablename = 'cluster_messages') AS "inLog",
  has_database_privilege(current_database(), 'CREATE') AS "mayCreate"`

/** The same in every process and at every start: where work is once, it stays, whatever the user may do later. */
export const choose = Effect.fnUntraced(function*({ logSchema, url }: Options) {
  const schema = `${logSchema}_work`
  const connection = yield* PgConnection.make({ url, startupParameters: { client_min_messages: "warning" } })
  const query = (sql: string, parameters: ReadonlyArray<unknown>) =>
    Effect.map(connection.query(sql, parameters), ({ rows }) => rows)
  // Until this connection ends; two processes that start at once make it once.
  yield* query("SELECT pg_advisory_lock(hashtext('strata tables'), hashtext($1)) IS NULL", [schema])
  if (yield* NamedSchema.exists(query, schema)) return schema
  const [holds] = yield* query(whatHolds, [logSchema])
  if (holds?.["inLog"] === true || holds?.["mayCreate"] !== true) return logSchema
  yield* NamedSchema.create(query, schema)
  return schema
}, Effect.scoped)
