/**
 * Rows of events and facts take less: ids are bytes (`PostgresIds`), what a row refers to are steps (`PostgresPositions`),
 * what follows from the rest is left out, and streams stand in indexes by their hashes. The tables are made anew, in an
 * order of columns that leaves no gaps.
 */
import { compressed, hashOf, isStream, text } from "./PostgresColumns.ts"
import * as PostgresIdRanges from "./PostgresIdRanges.ts"
import * as PostgresIds from "./PostgresIds.ts"
import * as PostgresPositions from "./PostgresPositions.ts"

/** A request whose own event is the first of the fact, and a session whose stream the fact stands in. */
const requestOfFact = `CASE WHEN request_id = left(id, 32) || '0000' THEN NULL ELSE ${
  PostgresIds.fromText("request_id")
} END`
const sessionOfFact = "CASE WHEN stream = 'session-' || session_id THEN '' ELSE session_id END"

const eventId = PostgresIds.fromText("id")
const requestId = PostgresIds.fromText("request_id")

const events = [
  "ALTER TABLE events RENAME TO events_before",
  `CREATE TABLE events (
    position bigint NOT NULL,
    version bigint NOT NULL,
    time bigint NOT NULL,
    pruned_at bigint,
    schema_version integer NOT NULL,
    attempt integer,
    stream ${text} NOT NULL,
    id bytea NOT NULL,
    type ${text} NOT NULL,
    level ${text} NOT NULL,
    session_id ${text},
    parent_session_id ${text},
    request_id bytea,
    cause bytea,
    provider ${text},
    principal ${text},
    tenant ${text} NOT NULL,
    passages ${text},
    plain_payload text NOT NULL,
    packed_payload bytea
  )`,
  compressed("events", "plain_payload"),
  `INSERT INTO events SELECT position, version, time, pruned_at, schema_version, attempt, stream, ${eventId}, type, level,
    session_id, parent_session_id, ${requestId}, ${PostgresIds.fromText("causation_id")}, provider, principal, tenant,
    steps_of_list(position, passages), plain_payload, packed_payload FROM events_before ORDER BY position`,
  "DROP TABLE events_before",
  "ALTER TABLE events ADD PRIMARY KEY (position)",
  `CREATE INDEX events_stream ON events (tenant, (${hashOf("stream")}), version)`,
  "CREATE UNIQUE INDEX events_id ON events (id)",
  "CREATE INDEX events_session ON events (tenant, session_id, position) WHERE session_id IS NOT NULL",
  // Those of a request are one entry.
  "CREATE INDEX events_request ON events (request_id) WHERE request_id IS NOT NULL",
  "CREATE INDEX events_tenant ON events (tenant, position) WHERE tenant <> ''"
]

const facts = [
  "ALTER TABLE facts RENAME TO facts_before",
  `CREATE TABLE facts (
    position bigint NOT NULL,
    version bigint NOT NULL,
    shape bigint NOT NULL,
    base bigint,
    debug_time bigint,
    raw_time bigint,
    count smallint NOT NULL,
    unpruned_debug smallint NOT NULL,
    unpruned_raw smallint NOT NULL,
    stream ${text} NOT NULL,
    id bytea NOT NULL,
    id_ranges ${text} NOT NULL,
    request_id bytea,
    session_id ${text},
    parent_session_id ${text},
    principal ${text},
    provider ${text},
    tenant ${text} NOT NULL,
    passages ${text},
    body_passages ${text},
    fact bytea NOT NULL
  )`,
  compressed("facts", "fact"),
  // A third of a page: out of line it would take a row more, and fill pages badly.
  "ALTER TABLE facts SET (toast_tuple_target = 2712)",
  `INSERT INTO facts SELECT position, version, shape, base, debug_time, raw_time, count, unpruned_debug, unpruned_raw,
    stream, ${eventId}, ${
    PostgresIdRanges.fromText("id_ranges")
  }, ${requestOfFact}, ${sessionOfFact}, parent_session_id,
    principal, provider, tenant, steps_of_list(position, passages), steps_of_list(position, body_passages), fact
    FROM facts_before ORDER BY position`,
  "DROP TABLE facts_before",
  "ALTER TABLE facts ADD PRIMARY KEY (position)",
  `CREATE INDEX facts_stream ON facts (tenant, (${hashOf("stream")}), version)`,
  "CREATE UNIQUE INDEX facts_id ON facts (id)",
  "CREATE INDEX facts_base ON facts (base) WHERE base IS NOT NULL",
  "CREATE INDEX facts_tenant ON facts (tenant, position) WHERE tenant <> ''",
  "CREATE INDEX facts_begun ON facts (stream) WHERE tenant <> '' AND version = 1"
]

/** The last version of an event or a fact's last event in a stream. */
const lastVersion = (table: string, version: string) =>
  `(SELECT ${version} FROM ${table} AS t WHERE t.tenant = s.tenant AND ${isStream("t.stream", "s.name")}
    ORDER BY t.version DESC LIMIT 1)`

const ofFact = "SELECT 'fact', NULL, f.tenant, f.stream, f.version, f.position, f.id_ranges, f.id"

/**
 * Waits for the other writers, and then tells where the log stands: what it looks for it finds as they have left it.
 * Begun streams are those of ids, which are unique in the whole log: they are looked for in every tenant.
 */
const standing =
  `CREATE FUNCTION standing(stream_tenants text[], streams text[], ids bytea[], prefixes bytea[], begun text[],
    bases bigint[])
    RETURNS TABLE (
      kind text, name text, tenant text, stream text, version bigint, "position" bigint, content text, id bytea
    )
    LANGUAGE plpgsql AS $$
  #variable_conflict use_column
  DECLARE
    head bigint;
  BEGIN
    SELECT s.last_position INTO head FROM log_state AS s FOR UPDATE;
    RETURN QUERY
      SELECT 'head'::text, NULL::text, NULL::text, NULL::text, NULL::bigint, head, NULL::text, NULL::bytea
      UNION ALL SELECT 'stream', s.name, s.tenant, NULL, greatest(
        ${lastVersion("events", "t.version")}, ${lastVersion("facts", "t.version + t.count - 1")}
      ), NULL, NULL, NULL FROM unnest(stream_tenants, streams) AS s (tenant, name)
      UNION ALL SELECT 'event', NULL, e.tenant, e.stream, e.version, e.position, NULL, e.id
        FROM events AS e WHERE e.id = ANY(ids)
      UNION ALL ${ofFact}
        FROM unnest(prefixes) AS p (prefix) JOIN facts AS f ON f.id >= p.prefix AND f.id < ${
    PostgresIds.behind("p.prefix")
  }
      UNION ALL ${ofFact} FROM unnest(begun) AS s (name) JOIN facts AS f
        ON f.tenant = '' AND ${isStream("f.stream", "s.name")} AND f.version = 1
      UNION ALL ${ofFact}
        FROM facts AS f WHERE f.tenant <> '' AND f.stream = ANY(begun) AND f.version = 1
      UNION ALL SELECT 'base', NULL, NULL, NULL, NULL, f.position, NULL, NULL
        FROM facts AS f WHERE f.position = ANY(bases) AND f.unpruned_raw > 0;
  END $$`

/** An older Strata that still runs on this schema finds neither its function nor ids that are text. */
export const shortRows = [
  "DROP FUNCTION standing(text[], text[], text[], text[], text[], bigint[])",
  PostgresPositions.stepsOfList,
  ...events,
  ...facts,
  "DROP FUNCTION steps_of_list(bigint, bigint[])",
  PostgresPositions.places,
  standing
]
