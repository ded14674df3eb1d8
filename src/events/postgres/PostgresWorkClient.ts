/** Effect's `SqlClient` over PostgreSQL, in a schema of its own: for the tables of Effect's workflow engine. */
import * as PgClient from "@effect/sql-pg/PgClient"
import { Effect, Layer } from "effect"
import { namesItself } from "./PostgresUrl.ts"
import type { Options } from "./PostgresWorkSchema.ts"
import * as PostgresWorkSchema from "./PostgresWorkSchema.ts"

/** One is held for the locks that say which server does what. */
const maxConnections = 5

export const layer = (options: Options) =>
  Layer.unwrap(Effect.map(PostgresWorkSchema.choose(options), (schema) =>
    PgClient.layer({
      url: options.url,
      ...namesItself(options.url) ? {} : { applicationName: "strata" },
      keepAlive: "15 seconds",
      maxConnections,
      startupParameters: { search_path: schema, client_min_messages: "warning" }
    })))
