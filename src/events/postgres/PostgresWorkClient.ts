/** Effect's `SqlClient` over PostgreSQL, in a schema of its own: for the tables of Effect's workflow engine. */
import * as PgClient from "@effect/sql-pg/PgClient"
import { Effect, Layer } from "effect"
import type { Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { namesItself } from "./PostgresUrl.ts"

export interface Options {
  readonly url: Redacted.Redacted
  /** Made when it is missing. */
  readonly schema: string
}

/** One is held for the locks that say which server does what. */
const maxConnections = 5

const makeSchema = (schema: string) =>
  Layer.effectDiscard(Effect.flatMap(SqlClient.SqlClient, (sql) => sql`CREATE SCHEMA IF NOT EXISTS ${sql(schema)}`))

export const layer = ({ schema, url }: Options) => {
  const client = PgClient.layer({
    url,
    ...namesItself(url) ? {} : { applicationName: "strata" },
    keepAlive: "15 seconds",
    maxConnections,
    startupParameters: { search_path: schema, client_min_messages: "warning" }
  })
  return Layer.provideMerge(makeSchema(schema), client)
}
