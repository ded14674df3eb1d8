/** The tables of the log in SQLite, and how older files are brought up to date. */
import type { DatabaseSync } from "node:sqlite"

const events = `
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    level TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    time INTEGER NOT NULL,
    session_id TEXT,
    parent_session_id TEXT,
    request_id TEXT,
    attempt INTEGER,
    causation_id TEXT,
    provider TEXT,
    payload TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX events_stream ON events (stream, version);
  CREATE INDEX events_session ON events (session_id, position);
  CREATE INDEX events_sessions ON events (position) WHERE type = 'session:start';
`

/** Ids become unique, payloads may be compressed or pruned, projections and consumer groups stand beside the events. */
const store = `
  ALTER TABLE events ADD COLUMN compressed BLOB;
  ALTER TABLE events ADD COLUMN pruned_at INTEGER;
  DROP INDEX events_sessions;
  CREATE UNIQUE INDEX events_id ON events (id);
  CREATE INDEX events_request ON events (request_id, position);
  CREATE TABLE log_state (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    projected INTEGER NOT NULL,
    debug_bytes INTEGER NOT NULL,
    raw_bytes INTEGER NOT NULL,
    debug_pruned INTEGER NOT NULL,
    raw_pruned INTEGER NOT NULL
  ) STRICT;
  INSERT INTO log_state SELECT 1, 0,
    coalesce(sum(CASE level WHEN 'debug' THEN octet_length(payload) ELSE 0 END), 0),
    coalesce(sum(CASE level WHEN 'raw' THEN octet_length(payload) ELSE 0 END), 0), 0, 0 FROM events;
  CREATE TABLE projections (name TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT;
  CREATE TABLE consumer_groups (
    name TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    member TEXT,
    claimed_until INTEGER
  ) STRICT;
`

/** Events say who asked; what each principal asked for is counted. */
const principals = `
  ALTER TABLE events ADD COLUMN principal TEXT;
  CREATE TABLE quota_counters (
    key TEXT PRIMARY KEY,
    window INTEGER NOT NULL,
    count INTEGER NOT NULL
  ) STRICT;
`

/** Consumer groups belong to who makes them; nobody knows who made those that are there. */
const groupOwners = `
  ALTER TABLE consumer_groups ADD COLUMN owner TEXT;
  ALTER TABLE consumer_groups ADD COLUMN owner_attributes TEXT;
`

/** Runs of events of one request are one row each. An event's position is that of its fact, and its place in it. */
const facts = `
  CREATE TABLE facts (
    position INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL,
    count INTEGER NOT NULL,
    id TEXT NOT NULL,
    request_id TEXT NOT NULL,
    session_id TEXT,
    parent_session_id TEXT,
    principal TEXT,
    provider TEXT,
    time INTEGER NOT NULL,
    shape INTEGER NOT NULL,
    fact BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX facts_stream ON facts (stream, version);
  CREATE UNIQUE INDEX facts_id ON facts (id);
  CREATE TABLE fact_shapes (id INTEGER PRIMARY KEY, shape TEXT NOT NULL UNIQUE) STRICT;
`

/** A fact may refer to a body of an earlier one. */
const bases = `
  ALTER TABLE facts ADD COLUMN base INTEGER;
  CREATE INDEX facts_base ON facts (base) WHERE base IS NOT NULL;
`

const migrations = [events, store, principals, groupOwners, facts, bases]

export const currentVersion = migrations.length

/** The oldest version whose events and tables are read as they are: later migrations touch only what is written. */
export const readableVersion = 3

export const versionOf = (database: DatabaseSync): number =>
  Number(database.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0)

/** Runs what is missing, all of it or nothing. */
export const migrate = (database: DatabaseSync): void => {
  const version = versionOf(database)
  if (version >= currentVersion) return
  const missing = migrations.slice(version).join("\n")
  database.exec(`BEGIN IMMEDIATE; ${missing} PRAGMA user_version = ${currentVersion}; COMMIT`)
}
