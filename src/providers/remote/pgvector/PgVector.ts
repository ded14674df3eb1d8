/** `remote::pgvector`: vectors and words in PostgreSQL, with its extension pgvector. */
import { Context, Effect, Layer, Predicate, Schema } from "effect"
import { SqlClient } from "effect/sql"
import type { SqlError } from "effect/sql"
import { VectorIndex } from "../../../apis/vector-io/VectorIndex.ts"
import { VectorIoApi } from "../../../apis/vector-io/VectorIoApi.ts"
import * as NamedSchema from "../../../events/postgres/NamedSchema.ts"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"
import { flag, text, whole } from "../../../kernel/provider/FieldSchema.ts"
import * as Provider from "../../../kernel/provider/Provider.ts"
import * as PgVectorIndex from "./PgVectorIndex.ts"

const withDefault = (description: string, fallback: string, prompt: string) =>
  text.annotate({ description, default: fallback }).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(fallback)),
    FieldPrompt.annotate({ prompt })
  )

export const Config = Schema.Struct({
  host: withDefault("Where PostgreSQL is. Default localhost.", "localhost", "Host of PostgreSQL"),
  port: whole(1, 65_535, { description: "Its port. Default 5432.", default: 5432 }).pipe(
    FieldPrompt.annotate({ prompt: "Port of PostgreSQL" })
  ),
  db: withDefault("The database. Default postgres.", "postgres", "Database"),
  user: withDefault("Who uses it. Default postgres.", "postgres", "User"),
  password: Schema.optionalKey(Schema.RedactedFromValue(Schema.String)).annotate({
    description: "Its password. Default: none."
  }).pipe(FieldPrompt.annotate({ prompt: "Password" })),
  schema: withDefault(
    "The schema of the tables, made when it is missing. Default strata_vectors.",
    "strata_vectors",
    "Schema"
  ),
  ssl: flag({ description: "Whether the connection is encrypted. Default false." }).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(false)),
    FieldPrompt.annotate({ prompt: "Encrypt the connection" })
  ),
  hnsw: flag({
    description:
      "Whether collections have an index for approximate search (pgvector 0.8 or later). Default false: exact."
  }).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(false)),
    FieldPrompt.annotate({ prompt: "Approximate search with an index" })
  ),
  pool_size: whole(1, 100, { description: "Connections at most. Default 4.", default: 4 }).pipe(
    FieldPrompt.annotate({ prompt: "Connections at most" })
  ),
  query_timeout_ms: whole(1, 3_600_000, {
    description: "How long a statement may take, milliseconds. Default 30000.",
    default: 30_000
  }).pipe(FieldPrompt.annotate({ prompt: "How long a statement may take, milliseconds" }))
})
export type Config = typeof Config.Type

const cancelled = "57014"

/** In PostgreSQL's own words, where it has some. */
const reasonOf = ({ message, reason }: SqlError.SqlError) => {
  const cause: unknown = Predicate.hasProperty(reason, "cause") ? reason.cause : undefined
  const detail = cause instanceof Error && cause.message !== "" ? cause.message : message
  const code = Predicate.hasProperty(cause, "code") ? cause.code : undefined
  if (code === cancelled) return { reason: "timeout" as const, detail }
  return { reason: reason._tag === "ConnectionError" ? "unreachable" as const : "failed" as const, detail }
}

const make = Effect.fnUntraced(function*(config: Config, provider: string) {
  const { db, host, password, pool_size, port, query_timeout_ms, schema, ssl, user } = config
  const PgClient = yield* Effect.promise(() => import("@effect/sql-pg/PgClient"))
  const context = yield* Layer.build(PgClient.layer({
    host,
    port,
    database: db,
    username: user,
    ...password === undefined ? {} : { password },
    ssl,
    applicationName: "strata",
    maxConnections: pool_size,
    startupParameters: {
      search_path: `${JSON.stringify(schema)}, public`,
      client_min_messages: "warning",
      statement_timeout: String(query_timeout_ms)
    }
  }))
  const sql = Context.get(context, SqlClient.SqlClient)
  yield* NamedSchema.ensure(sql.unsafe, schema)
  yield* sql`CREATE EXTENSION IF NOT EXISTS vector`
  yield* sql`CREATE TABLE IF NOT EXISTS strata_collections (name text PRIMARY KEY, dimensions integer NOT NULL)`
  return PgVectorIndex.make(sql, { provider, hnsw: config.hnsw, reasonOf })
})

export const PgVector = Provider.make({
  api: VectorIoApi,
  type: "remote::pgvector",
  displayName: "PostgreSQL with pgvector",
  description: "Keeps vectors and words in PostgreSQL, and searches all of them, or approximately with an index.",
  config: Config,
  requires: [],
  capabilities: ["vectors", "keywords", "filters"],
  status: { status: "proven", against: "PostgreSQL 17 with pgvector (PGlite), over its wire protocol, in the tests" },
  layer: (config, { provider_id }) => Layer.effect(VectorIndex, make(config, provider_id))
})
