/** The tables of events and facts as they were before their rows were short (`PostgresShortRows`), with what they hold. */
import { Effect } from "effect"
import * as Postgres from "./Postgres.ts"

const textOf = (id: string) =>
  `CASE get_byte(${id}, 0) WHEN 255 THEN convert_from(substring(${id} FROM 2), 'UTF8')
    ELSE encode(${id}, 'hex')::uuid::text END`

const id = textOf("id")
const request = textOf("request_id")
const positions = (list: string) => `CASE WHEN ${list} IS NOT NULL THEN ARRAY(SELECT places(position, ${list})) END`

const ofEvents = `SELECT position, stream, version, ${id} AS id, type, level, schema_version, time, session_id,
    parent_session_id, ${request} AS request_id, attempt, CASE WHEN length(cause) = 2
      THEN left(${request}, 32) || encode(cause, 'hex') ELSE ${textOf("cause")} END AS causation_id,
    provider, plain_payload, pruned_at, principal, tenant, packed_payload, ${
  positions("passages")
} AS passages FROM events`

const ranges =
  `(SELECT string_agg(CASE left(range, 1) WHEN '=' THEN left(${id}, 32) WHEN '~' THEN left(${id}, 19) ELSE '' END
    || substr(range, 2), ' ' ORDER BY number) FROM unnest(string_to_array(id_ranges, ' ')) WITH ORDINALITY AS r (range, number))`

const ofFacts = `SELECT position, stream, version, count::integer AS count, ${id} AS id, ${ranges} AS id_ranges,
    coalesce(${request}, left(${id}, 32) || '0000') AS request_id,
    CASE session_id WHEN '' THEN substr(stream, length('session-') + 1) ELSE session_id END AS session_id,
    parent_session_id, principal, provider, shape, unpruned_debug::integer AS unpruned_debug,
    unpruned_raw::integer AS unpruned_raw, debug_time, raw_time, fact, base, tenant, ${
  positions("passages")
} AS passages,
    ${positions("CASE body_passages WHEN '=' THEN passages ELSE body_passages END")} AS body_passages FROM facts`

const parameters = "text[], text[], text[], text[], text[], bigint[]"

/** What a log of version 9 holds, and who still runs on it finds. */
export const restore = Effect.fnUntraced(function*(schema: string) {
  for (
    const statement of [
      ...Object.entries({ events: ofEvents, facts: ofFacts }).flatMap(([table, select]) => [
        `CREATE TABLE ${table}_before AS ${select}`,
        `DROP TABLE ${table}`,
        `ALTER TABLE ${table}_before RENAME TO ${table}`,
        `ALTER TABLE ${table} ADD PRIMARY KEY (position)`,
        `ALTER TABLE ${table} ALTER COLUMN tenant SET DEFAULT ''`,
        `CREATE UNIQUE INDEX ${table}_stream ON ${table} (tenant, stream, version)`,
        `CREATE UNIQUE INDEX ${table}_id ON ${table} (id)`
      ]),
      "DROP FUNCTION places",
      "DROP FUNCTION standing",
      `CREATE FUNCTION standing(${parameters}) RETURNS int LANGUAGE sql AS 'SELECT 1'`,
      "UPDATE schema_version SET version = 9"
    ]
  ) yield* Postgres.run(schema, statement)
})
