/** Tables that an older Strata made are brought up to date, and keep what they hold. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Result } from "effect"
import { ConsumerGroups } from "../../../src/events/log/ConsumerGroups.ts"
import type { Append, Filter } from "../../../src/events/log/EventLog.ts"
import { EventIdTaken, EventLog } from "../../../src/events/log/EventLog.ts"
import { ProjectionTables } from "../../../src/events/log/ProjectionTables.ts"
import { QuotaCounters } from "../../../src/events/log/QuotaCounters.ts"
import * as PostgresDatabase from "../../../src/events/postgres/PostgresDatabase.ts"
import * as PostgresStore from "../../../src/events/postgres/PostgresStore.ts"
import { balances, moved, opened } from "../../support/Accounts.ts"
import { answer, ofParts } from "../../support/Facts.ts"
import * as Postgres from "../../support/Postgres.ts"
import * as PostgresLongRows from "../../support/PostgresLongRows.ts"

/** As the version before passages left it. */
const withoutPassages = Effect.fnUntraced(function*(schema: string) {
  yield* PostgresLongRows.restore(schema)
  yield* Postgres.run(schema, "ALTER TABLE events RENAME COLUMN plain_payload TO payload")
  yield* Postgres.run(schema, "ALTER TABLE events DROP COLUMN packed_payload, DROP COLUMN passages")
  yield* Postgres.run(schema, "ALTER TABLE facts DROP COLUMN passages, DROP COLUMN body_passages")
})

/** As the version before tenants left it, but for the function that writers ask. */
const withoutTenants = Effect.fnUntraced(function*(schema: string) {
  yield* withoutPassages(schema)
  // With the indexes and keys that have it.
  for (const table of ["events", "facts", "consumer_groups", "quota_counters"]) {
    yield* Postgres.run(schema, `ALTER TABLE ${table} DROP COLUMN tenant`)
  }
  for (
    const statement of [
      "CREATE UNIQUE INDEX events_stream ON events (stream, version)",
      "CREATE INDEX events_session ON events (session_id, position) WHERE session_id IS NOT NULL",
      "CREATE UNIQUE INDEX facts_stream ON facts (stream, version)",
      "ALTER TABLE consumer_groups ADD PRIMARY KEY (name)",
      "ALTER TABLE quota_counters ADD PRIMARY KEY (key)",
      "DROP FUNCTION standing",
      "CREATE FUNCTION standing(text[], text[], text[], text[], bigint[]) RETURNS int LANGUAGE sql AS 'SELECT 1'",
      "ALTER TABLE projections RENAME COLUMN folded_through TO folded_to",
      "UPDATE schema_version SET version = 6"
    ]
  ) yield* Postgres.run(schema, statement)
})

/** As the version before owners left it. */
const older = Effect.fnUntraced(function*(schema: string) {
  yield* Effect.scoped(PostgresDatabase.open({ url: Postgres.url, schema, access: "write" }))
  yield* withoutTenants(schema)
  yield* Postgres.run(schema, "DROP FUNCTION standing")
  yield* Postgres.run(schema, "DROP TABLE facts, fact_shapes")
  yield* Postgres.run(schema, "ALTER TABLE log_state RENAME COLUMN last_position TO head")
  yield* Postgres.run(schema, "ALTER TABLE log_state RENAME COLUMN debug_pruned_to TO debug_pruned")
  yield* Postgres.run(schema, "ALTER TABLE log_state RENAME COLUMN raw_pruned_to TO raw_pruned")
  yield* Postgres.run(schema, "ALTER TABLE projections RENAME COLUMN folded_to TO position")
  yield* Postgres.run(schema, "ALTER TABLE consumer_groups DROP COLUMN owner, DROP COLUMN owner_attributes")
  yield* Postgres.run(schema, "INSERT INTO consumer_groups VALUES ('billing', 42, NULL, NULL)")
  yield* Postgres.run(schema, "UPDATE schema_version SET version = 2")
})

const lists = (type: string, count: number) => Array.from({ length: count }, () => `'{}'::${type}[]`).join(", ")

describe.skipIf(Postgres.unsupported !== undefined)("PostgresSchema", () => {
  it.effect("lets groups of before owners be nobody's, and goes on with them", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      yield* older(schema)
      yield* Effect.gen(function*() {
        const groups = yield* ConsumerGroups
        const before = { tenant: "", name: "billing", position: 42, member: null, claimedUntil: null, owner: null }
        assert.deepStrictEqual(yield* groups.list(""), [before])
        assert.deepStrictEqual(
          yield* groups.moveTo({ tenant: "", group: "billing", position: 43, member: null, owner: null, reset: false }),
          { moved: true, group: { ...before, position: 43 } }
        )
      }).pipe(Effect.provide(PostgresStore.layer({ url: Postgres.url, schema, access: "write" })))
    }))

  it.effect("makes what is older than tenants the default one's, and goes on with it", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      const store = PostgresStore.layer({ url: Postgres.url, schema, access: "write", projections: [balances] })
      const commit = (...group: ReadonlyArray<Append>) => EventLog.use((log) => log.commit(group))
      const read = (filter: Filter = {}) => EventLog.use((log) => log.read({ after: 0, limit: 10, ...filter }))
      const rows = ProjectionTables.use((tables) => tables.list(balances, { limit: 10 }))
      const before = yield* Effect.gen(function*() {
        const events = [opened("a", "x"), ofParts(answer(1, "old")), moved("a", 5)]
        yield* commit({ stream: "s", expectedVersion: "none", events })
        yield* QuotaCounters.use((counters) => counters.take({ tenant: "", key: "a", window: 0, limit: 1 }))
        return { events: yield* read(), rows: yield* rows }
      }).pipe(Effect.provide(store))
      yield* withoutTenants(schema)
      yield* Effect.gen(function*() {
        assert.deepStrictEqual({ events: yield* read({ tenant: "" }), rows: yield* rows }, before)
        assert.deepStrictEqual(yield* read({ tenant: "acme" }), [])
        const theirs = { ...opened("a", "y"), tenant: "acme" }
        assert.deepStrictEqual(
          yield* commit(
            { stream: "s", expectedVersion: 4, events: [moved("a", 1)] },
            { stream: "s", expectedVersion: "none", events: [theirs] },
            { stream: "s", expectedVersion: "any", events: [{ ...theirs, id: before.events[1]!.id }] }
          ),
          [
            Result.succeed({ version: 5, position: 5 }),
            Result.succeed({ version: 1, position: 6 }),
            Result.fail(new EventIdTaken({ id: before.events[1]!.id, stream: "s", position: 2 }))
          ]
        )
        assert.deepStrictEqual(
          (yield* rows).map(({ document, key, tenant }) => [tenant, key, document.balance]),
          [["", "a", 6], ["acme", "a", 0]]
        )
        const take = (tenant: string) =>
          QuotaCounters.use((counters) => counters.take({ tenant, key: "a", window: 0, limit: 1 }))
        assert.deepStrictEqual([yield* take(""), yield* take("acme")], [false, true])
      }).pipe(Effect.provide(store))
    }))

  it.effect("lets facts stand behind the rows of before facts", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      yield* older(schema)
      const columns = "position, stream, version, id, type, level, schema_version, time, payload"
      const values = "1, 's', 1, 'old', 'test:happened', 'default', 1, 5, '{}'"
      yield* Postgres.run(schema, `INSERT INTO events (${columns}) VALUES (${values})`)
      yield* Postgres.run(schema, "UPDATE log_state SET head = 1")
      yield* Effect.gen(function*() {
        const log = yield* EventLog
        const append = { stream: "s", expectedVersion: 1, events: [ofParts(answer(1, "new"))] }
        assert.deepStrictEqual(yield* log.commit([append]), [Result.succeed({ version: 3, position: 3 })])
        // What older processes that still run begin an append with, end a rebuild with, and look for what may be pruned with.
        for (
          const query of [
            "SELECT head FROM log_state FOR UPDATE",
            `SELECT * FROM standing(${lists("text", 6)})`,
            `SELECT * FROM standing(${lists("text", 6)}, ${lists("bigint", 1)})`,
            `SELECT * FROM standing(${lists("text", 4)}, ${lists("bigint", 1)})`,
            `SELECT * FROM standing(${lists("text", 5)}, ${lists("bigint", 1)})`,
            "SELECT causation_id FROM events",
            "SELECT position FROM facts WHERE id >= 'a'::text",
            "INSERT INTO projections (name, version, position) VALUES ('sessions', 1, 1)",
            "INSERT INTO projections (name, version, folded_to) VALUES ('sessions', 1, 1)",
            "SELECT name, version, folded_to FROM projections FOR UPDATE SKIP LOCKED",
            "SELECT payload FROM events",
            "SELECT debug_pruned FROM log_state",
            "SELECT raw_pruned FROM log_state"
          ]
        ) assert.isTrue(Exit.isFailure(yield* Effect.exit(Postgres.run(schema, query))), query)
        const events = yield* log.read({ after: 0, limit: 10 })
        assert.deepStrictEqual(events.map(({ position, type, version }) => [position, version, type]), [
          [1, 1, "test:happened"],
          [2, 2, "llm:response:debug"],
          [3, 3, "llm:response:raw"]
        ])
      }).pipe(Effect.provide(PostgresStore.layer({ url: Postgres.url, schema, access: "write" })))
    }))
})
