/** The tables of the log in PostgreSQL, and how older ones are brought up to date. */
import { Effect } from "effect"
import type { SqlError } from "effect/sql/SqlError"
import type { Database, Queries } from "./PostgresDatabase.ts"

/** Text is compared byte by byte: it is only ever looked up, and keys are listed as in the other adapters. */
const text = `text COLLATE "C"`

const first = [
  `CREATE TABLE events (
    position bigint PRIMARY KEY,
    stream ${text} NOT NULL,
    version bigint NOT NULL,
    id ${text} NOT NULL,
    type ${text} NOT NULL,
    level ${text} NOT NULL,
    schema_version integer NOT NULL,
    time bigint NOT NULL,
    session_id ${text},
    parent_session_id ${text},
    request_id ${text},
    attempt integer,
    causation_id ${text},
    provider ${text},
    payload text NOT NULL,
    pruned_at bigint
  )`,
  // Faster than PostgreSQL's own, where the server was built with it.
  `DO $$ BEGIN
    ALTER TABLE events ALTER COLUMN payload SET COMPRESSION lz4;
  EXCEPTION WHEN feature_not_supported OR invalid_parameter_value OR syntax_error THEN NULL;
  END $$`,
  "CREATE UNIQUE INDEX events_stream ON events (stream, version)",
  "CREATE UNIQUE INDEX events_id ON events (id)",
  "CREATE INDEX events_session ON events (session_id, position) WHERE session_id IS NOT NULL",
  "CREATE INDEX events_request ON events (request_id, position) WHERE request_id IS NOT NULL",
  // One row: whoever appends locks it until the commit, so that positions have no gaps and appear in order.
  `CREATE TABLE log_state (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    head bigint NOT NULL DEFAULT 0,
    debug_bytes bigint NOT NULL DEFAULT 0,
    raw_bytes bigint NOT NULL DEFAULT 0,
    debug_pruned bigint NOT NULL DEFAULT 0,
    raw_pruned bigint NOT NULL DEFAULT 0
  ) WITH (fillfactor = 10)`,
  "INSERT INTO log_state DEFAULT VALUES",
  // `position`: the table holds the events up to there.
  `CREATE TABLE projections (
    name ${text} PRIMARY KEY,
    version integer NOT NULL,
    position bigint NOT NULL
  ) WITH (fillfactor = 10)`,
  `CREATE TABLE consumer_groups (
    name ${text} PRIMARY KEY,
    position bigint NOT NULL,
    member text,
    claimed_until bigint
  )`
]

/** Events say who asked; what each principal asked for is counted. */
const principals = [
  `ALTER TABLE events ADD COLUMN principal ${text}`,
  `CREATE TABLE quota_counters (
    key ${text} PRIMARY KEY,
    began bigint NOT NULL,
    count bigint NOT NULL
  ) WITH (fillfactor = 50)`
]

/** Consumer groups belong to who makes them; nobody knows who made those that are there. */
const groupOwners = [
  `ALTER TABLE consumer_groups ADD COLUMN owner ${text}`,
  "ALTER TABLE consumer_groups ADD COLUMN owner_attributes text"
]

const migrations = [first, principals, groupOwners]

export const currentVersion = migrations.length

/** From the catalog's own tables: by name, a session may still be sure that there is none. */
const isThere = "SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace " +
  "WHERE nspname = $1 AND relname = 'schema_version'"

/** 0 where there is no log. */
export const versionOf = Effect.fnUntraced(function*(queries: Queries, schema: string) {
  if ((yield* queries.query(isThere, [schema])).length === 0) return 0
  const [row] = yield* queries.query("SELECT version FROM schema_version")
  return Number(row?.["version"] ?? 0)
})

/** Held to the end of a transaction by the one process that makes or rebuilds tables. */
export const lockTables = (queries: Queries, schema: string): Effect.Effect<unknown, SqlError> =>
  queries.query("SELECT pg_advisory_xact_lock(hashtext('strata tables'), hashtext($1)) IS NULL", [schema])

/** Runs what is missing, all of it or nothing, in one process at a time. */
export const migrate = Effect.fnUntraced(function*(database: Database) {
  const { schema } = database
  if ((yield* versionOf(database, schema)) >= currentVersion) return
  yield* database.transaction(Effect.fnUntraced(function*(queries) {
    yield* lockTables(queries, schema)
    const version = yield* versionOf(queries, schema)
    if (version >= currentVersion) return
    if (version === 0) {
      const [there] = yield* queries.query("SELECT 1 FROM pg_namespace WHERE nspname = $1", [schema])
      // Where the schema is there, the right to make one is not needed.
      if (there === undefined) yield* queries.query(`CREATE SCHEMA ${schema}`)
      yield* queries.query("CREATE TABLE schema_version (version integer NOT NULL)")
      yield* queries.query("INSERT INTO schema_version VALUES (0)")
    }
    for (const statement of migrations.slice(version).flat()) yield* queries.query(statement)
    yield* queries.query("UPDATE schema_version SET version = $1", [currentVersion])
  }))
})
