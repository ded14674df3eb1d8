/** The tables of the log in PostgreSQL, and how older ones are brought up to date. */
import { Effect } from "effect"
import type { SqlError } from "effect/sql/SqlError"
import * as NamedSchema from "./NamedSchema.ts"
import { compressed, text } from "./PostgresColumns.ts"
import type { Database, Queries } from "./PostgresDatabase.ts"
import { shortRows } from "./PostgresShortRows.ts"

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
  compressed("events", "payload"),
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

/** Before tables were folded behind the writer: it gives their rows, too. */
const standing = (parameters = "", also = "") =>
  `CREATE FUNCTION standing(streams text[], ids text[], prefixes text[], begun text[], tables text[], keys text[]${parameters})
    RETURNS TABLE (kind text, name text, stream text, version bigint, "position" bigint, content text)
    LANGUAGE plpgsql AS $$
  #variable_conflict use_column
  DECLARE
    head bigint;
    kept text;
  BEGIN
    SELECT s.last_position INTO head FROM log_state AS s FOR UPDATE;
    RETURN QUERY
      SELECT 'head'::text, NULL::text, NULL::text, NULL::bigint, head, NULL::text
      UNION ALL SELECT 'stream', s.name, NULL, greatest(
        (SELECT e.version FROM events AS e WHERE e.stream = s.name ORDER BY e.version DESC LIMIT 1),
        (SELECT f.version + f.count - 1 FROM facts AS f WHERE f.stream = s.name ORDER BY f.version DESC LIMIT 1)
      ), NULL, NULL FROM unnest(streams) AS s (name)
      UNION ALL SELECT 'event', e.id, e.stream, e.version, e.position, NULL FROM events AS e WHERE e.id = ANY(ids)
      UNION ALL SELECT 'fact', f.id, f.stream, f.version, f.position, f.id_ranges
        FROM unnest(prefixes) AS p (prefix) JOIN facts AS f ON f.id >= p.prefix AND f.id < p.prefix || '~'
      UNION ALL SELECT 'fact', f.id, f.stream, f.version, f.position, f.id_ranges
        FROM facts AS f WHERE f.stream = ANY(begun) AND f.version = 1
      UNION ALL SELECT 'projection', p.name, NULL, p.version, p.position, NULL FROM projections AS p${also};
    FOR kept IN SELECT DISTINCT t.name FROM unnest(tables) AS t (name) LOOP
      RETURN QUERY EXECUTE format(
        'SELECT ''row''::text, r.key::text, %L::text, NULL::bigint, r.position, r.document FROM %I AS r
         WHERE r.key = ANY($1)', kept, 'projection_' || kept
      ) USING ARRAY(SELECT k.key FROM unnest(tables, keys) AS k (name, key) WHERE k.name = kept);
    END LOOP;
  END $$`

/** Runs of events of one request are one row each. An event's position is that of its fact, and its place in it. */
const facts = [
  // An older Strata that still runs on this schema knows no facts: without the column that it locks it can't append.
  "ALTER TABLE log_state RENAME COLUMN head TO last_position",
  `CREATE TABLE facts (
    position bigint PRIMARY KEY,
    stream ${text} NOT NULL,
    version bigint NOT NULL,
    count integer NOT NULL,
    id ${text} NOT NULL,
    id_ranges ${text} NOT NULL,
    request_id ${text} NOT NULL,
    session_id ${text},
    parent_session_id ${text},
    principal ${text},
    provider ${text},
    shape bigint NOT NULL,
    unpruned_debug integer NOT NULL,
    unpruned_raw integer NOT NULL,
    debug_time bigint,
    raw_time bigint,
    fact bytea NOT NULL
  )`,
  compressed("facts", "fact"),
  "CREATE UNIQUE INDEX facts_stream ON facts (stream, version)",
  "CREATE UNIQUE INDEX facts_id ON facts (id)",
  `CREATE TABLE fact_shapes (
    shape bigint NOT NULL,
    number integer NOT NULL,
    type ${text} NOT NULL,
    level ${text} NOT NULL,
    PRIMARY KEY (shape, number)
  )`,
  standing()
]

/** A fact may refer to a body of an earlier one. */
const bases = [
  "ALTER TABLE facts ADD COLUMN base bigint",
  "CREATE INDEX facts_base ON facts (base) WHERE base IS NOT NULL",
  // An older Strata that still runs on this schema would prune what others refer to, and ask for what there was before.
  "ALTER TABLE log_state RENAME COLUMN debug_pruned TO debug_pruned_to",
  "ALTER TABLE log_state RENAME COLUMN raw_pruned TO raw_pruned_to",
  "DROP FUNCTION standing(text[], text[], text[], text[], text[], text[])",
  standing(
    ", bases bigint[]",
    `
      UNION ALL SELECT 'base', NULL, NULL, NULL, f.position, NULL
        FROM facts AS f WHERE f.position = ANY(bases) AND f.unpruned_raw > 0`
  )
]

/** Before there were tenants. Waits for the other writers, and then tells where the log stands, as they have left it. */
const standingOfStreams =
  `CREATE FUNCTION standing(streams text[], ids text[], prefixes text[], begun text[], bases bigint[])
    RETURNS TABLE (kind text, name text, stream text, version bigint, "position" bigint, content text)
    LANGUAGE plpgsql AS $$
  #variable_conflict use_column
  DECLARE
    head bigint;
  BEGIN
    SELECT s.last_position INTO head FROM log_state AS s FOR UPDATE;
    RETURN QUERY
      SELECT 'head'::text, NULL::text, NULL::text, NULL::bigint, head, NULL::text
      UNION ALL SELECT 'stream', s.name, NULL, greatest(
        (SELECT e.version FROM events AS e WHERE e.stream = s.name ORDER BY e.version DESC LIMIT 1),
        (SELECT f.version + f.count - 1 FROM facts AS f WHERE f.stream = s.name ORDER BY f.version DESC LIMIT 1)
      ), NULL, NULL FROM unnest(streams) AS s (name)
      UNION ALL SELECT 'event', e.id, e.stream, e.version, e.position, NULL FROM events AS e WHERE e.id = ANY(ids)
      UNION ALL SELECT 'fact', f.id, f.stream, f.version, f.position, f.id_ranges
        FROM unnest(prefixes) AS p (prefix) JOIN facts AS f ON f.id >= p.prefix AND f.id < p.prefix || '~'
      UNION ALL SELECT 'fact', f.id, f.stream, f.version, f.position, f.id_ranges
        FROM facts AS f WHERE f.stream = ANY(begun) AND f.version = 1
      UNION ALL SELECT 'base', NULL, NULL, NULL, f.position, NULL
        FROM facts AS f WHERE f.position = ANY(bases) AND f.unpruned_raw > 0;
  END $$`

/** Tables are folded behind the writer. */
const foldedBehind = [
  // An older Strata that still runs on this schema would fold a second time: without this column and this function it
  // can neither rebuild nor append.
  "ALTER TABLE projections RENAME COLUMN position TO folded_to",
  "DROP FUNCTION standing(text[], text[], text[], text[], text[], text[], bigint[])",
  standingOfStreams
]

/**
 * Waits for the other writers, and then tells where the log stands: what it looks for it finds as they have left it.
 * Begun streams are those of ids, which are unique in the whole log: they are looked for in every tenant.
 */
const standingOfTenants =
  `CREATE FUNCTION standing(stream_tenants text[], streams text[], ids text[], prefixes text[], begun text[],
    bases bigint[])
    RETURNS TABLE (
      kind text, name text, tenant text, stream text, version bigint, "position" bigint, content text
    )
    LANGUAGE plpgsql AS $$
  #variable_conflict use_column
  DECLARE
    head bigint;
  BEGIN
    SELECT s.last_position INTO head FROM log_state AS s FOR UPDATE;
    RETURN QUERY
      SELECT 'head'::text, NULL::text, NULL::text, NULL::text, NULL::bigint, head, NULL::text
      UNION ALL SELECT 'stream', s.name, s.tenant, NULL, greatest(
        (SELECT e.version FROM events AS e WHERE e.tenant = s.tenant AND e.stream = s.name
          ORDER BY e.version DESC LIMIT 1),
        (SELECT f.version + f.count - 1 FROM facts AS f WHERE f.tenant = s.tenant AND f.stream = s.name
          ORDER BY f.version DESC LIMIT 1)
      ), NULL, NULL FROM unnest(stream_tenants, streams) AS s (tenant, name)
      UNION ALL SELECT 'event', e.id, e.tenant, e.stream, e.version, e.position, NULL
        FROM events AS e WHERE e.id = ANY(ids)
      UNION ALL SELECT 'fact', f.id, f.tenant, f.stream, f.version, f.position, f.id_ranges
        FROM unnest(prefixes) AS p (prefix) JOIN facts AS f ON f.id >= p.prefix AND f.id < p.prefix || '~'
      UNION ALL SELECT 'fact', f.id, f.tenant, f.stream, f.version, f.position, f.id_ranges
        FROM facts AS f WHERE f.tenant = '' AND f.stream = ANY(begun) AND f.version = 1
      UNION ALL SELECT 'fact', f.id, f.tenant, f.stream, f.version, f.position, f.id_ranges
        FROM facts AS f WHERE f.tenant <> '' AND f.stream = ANY(begun) AND f.version = 1
      UNION ALL SELECT 'base', NULL, NULL, NULL, NULL, f.position, NULL
        FROM facts AS f WHERE f.position = ANY(bases) AND f.unpruned_raw > 0;
  END $$`

/**
 * What stands there is the default tenant's. Its rows need no index by tenant and position, nor one of the streams that
 * facts begin: those are of the others. Tables of projections are made anew.
 */
const tenants = [
  // An older Strata that still runs on this schema would fold and read rows without their tenant: it finds neither this
  // column nor this function. First of all, for who folds holds this table while it asks for events.
  "ALTER TABLE projections RENAME COLUMN folded_to TO folded_through",
  "DROP FUNCTION standing(text[], text[], text[], text[], bigint[])",
  `ALTER TABLE events ADD COLUMN tenant ${text} NOT NULL DEFAULT ''`,
  "DROP INDEX events_stream",
  "CREATE UNIQUE INDEX events_stream ON events (tenant, stream, version)",
  "DROP INDEX events_session",
  "CREATE INDEX events_session ON events (tenant, session_id, position) WHERE session_id IS NOT NULL",
  "CREATE INDEX events_tenant ON events (tenant, position) WHERE tenant <> ''",
  `ALTER TABLE facts ADD COLUMN tenant ${text} NOT NULL DEFAULT ''`,
  "DROP INDEX facts_stream",
  "CREATE UNIQUE INDEX facts_stream ON facts (tenant, stream, version)",
  "CREATE INDEX facts_tenant ON facts (tenant, position) WHERE tenant <> ''",
  "CREATE INDEX facts_begun ON facts (stream) WHERE tenant <> '' AND version = 1",
  `ALTER TABLE consumer_groups ADD COLUMN tenant ${text} NOT NULL DEFAULT ''`,
  "ALTER TABLE consumer_groups DROP CONSTRAINT consumer_groups_pkey, ADD PRIMARY KEY (tenant, name)",
  `ALTER TABLE quota_counters ADD COLUMN tenant ${text} NOT NULL DEFAULT ''`,
  "ALTER TABLE quota_counters DROP CONSTRAINT quota_counters_pkey, ADD PRIMARY KEY (tenant, key)",
  "DELETE FROM projections",
  standingOfTenants
]

/** Facts and payloads may refer to passages of state events, which stand at these positions. */
const passages = [
  // An older Strata that still runs on this schema would read payloads as empty: without this column it reads nothing.
  "ALTER TABLE events RENAME COLUMN payload TO plain_payload",
  "ALTER TABLE events ADD COLUMN packed_payload bytea",
  "ALTER TABLE events ADD COLUMN passages bigint[]",
  "ALTER TABLE facts ADD COLUMN passages bigint[]",
  "ALTER TABLE facts ADD COLUMN body_passages bigint[]"
]

/** Indexes of tables are shorter: they are made anew. */
const shorterIndexes = ["DELETE FROM projections"]

/** Rows are shorter, and so are indexes of tables: those are made anew. */
const shorterRows = ["DELETE FROM projections", ...shortRows]

const migrations = [
  first,
  principals,
  groupOwners,
  facts,
  bases,
  foldedBehind,
  tenants,
  passages,
  shorterIndexes,
  shorterRows
]

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
      yield* NamedSchema.ensure(queries.query, schema)
      yield* queries.query("CREATE TABLE schema_version (version integer NOT NULL)")
      yield* queries.query("INSERT INTO schema_version VALUES (0)")
    }
    for (const statement of migrations.slice(version).flat()) yield* queries.query(statement)
    yield* queries.query("UPDATE schema_version SET version = $1", [currentVersion])
  }))
})
