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

/**
 * What stands there is the default tenant's. Its rows need no index by tenant and position, nor one of the streams that
 * facts begin: those are of the others. Tables of projections are made anew.
 */
const tenants = `
  ALTER TABLE events ADD COLUMN tenant TEXT NOT NULL DEFAULT '';
  DROP INDEX events_stream;
  CREATE UNIQUE INDEX events_stream ON events (tenant, stream, version);
  DROP INDEX events_session;
  CREATE INDEX events_session ON events (tenant, session_id, position);
  CREATE INDEX events_tenant ON events (tenant, position) WHERE tenant <> '';
  ALTER TABLE facts ADD COLUMN tenant TEXT NOT NULL DEFAULT '';
  DROP INDEX facts_stream;
  CREATE UNIQUE INDEX facts_stream ON facts (tenant, stream, version);
  CREATE INDEX facts_tenant ON facts (tenant, position) WHERE tenant <> '';
  CREATE INDEX facts_begun ON facts (stream) WHERE tenant <> '' AND version = 1;
  ALTER TABLE consumer_groups RENAME TO groups_before;
  CREATE TABLE consumer_groups (
    tenant TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    member TEXT,
    claimed_until INTEGER,
    owner TEXT,
    owner_attributes TEXT,
    PRIMARY KEY (tenant, name)
  ) STRICT;
  INSERT INTO consumer_groups
    SELECT '', name, position, member, claimed_until, owner, owner_attributes FROM groups_before;
  DROP TABLE groups_before;
  ALTER TABLE quota_counters RENAME TO counters_before;
  CREATE TABLE quota_counters (
    tenant TEXT NOT NULL,
    key TEXT NOT NULL,
    window INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (tenant, key)
  ) STRICT;
  INSERT INTO quota_counters SELECT '', key, window, count FROM counters_before;
  DROP TABLE counters_before;
  DELETE FROM projections;
`

/** Facts and payloads may refer to passages of state events: an earlier Strata can't read them. */
const passages = ""

/** Facts are packed with another dictionary, and payloads refer to whole ones: an earlier Strata can't read them. */
const wholePayloads = ""

const migrations = [events, store, principals, groupOwners, facts, bases, tenants, passages, wholePayloads]

export const currentVersion = migrations.length

/** The oldest version whose events and tables are read as they are: later migrations touch only what is written. */
export const readableVersion = 3

export const versionOf = (database: DatabaseSync): number =>
  Number(database.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0)

/** Runs what is missing up to a version, all of it or nothing. */
export const migrate = (database: DatabaseSync, to = currentVersion): void => {
  const version = versionOf(database)
  if (version >= to) return
  const missing = migrations.slice(version, to).join("\n")
  database.exec(`BEGIN IMMEDIATE; ${missing} PRAGMA user_version = ${to}; COMMIT`)
}

/** The version since which rows have a tenant. */
const tenantsSince = 7

const ofTenants = /^(events|facts|consumer_groups|projection_.*)$/

/** Shows the rows of an older file that is only read as the default tenant's, to this connection. */
export const showTenants = (database: DatabaseSync): void => {
  if (versionOf(database) >= tenantsSince) return
  for (const { name } of database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()) {
    const table = String(name)
    if (ofTenants.test(table)) {
      database.exec(`CREATE TEMP VIEW ${table} AS SELECT *, '' AS tenant FROM main.${table}`)
    }
  }
}
