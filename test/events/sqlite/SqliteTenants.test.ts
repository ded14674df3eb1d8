/** Tenants in the SQLite file: older files are the default tenant's, and no read walks the log for a few rows. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Result } from "effect"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { fileURLToPath } from "node:url"
import { gunzipSync } from "node:zlib"
import { apis } from "../../../src/apis/Apis.ts"
import type { Filter } from "../../../src/events/log/EventLog.ts"
import { EventLog } from "../../../src/events/log/EventLog.ts"
import { ProjectionTables } from "../../../src/events/log/ProjectionTables.ts"
import { QuotaCounters } from "../../../src/events/log/QuotaCounters.ts"
import * as SqliteFacts from "../../../src/events/sqlite/SqliteFacts.ts"
import * as SqliteRows from "../../../src/events/sqlite/SqliteRows.ts"
import * as SqliteSchema from "../../../src/events/sqlite/SqliteSchema.ts"
import * as SqliteStore from "../../../src/events/sqlite/SqliteStore.ts"
import { SessionProjection } from "../../../src/kernel/sessions/SessionProjection.ts"
import { draft, drafts } from "../../support/EventDrafts.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const fileOf = (name: string) => fileURLToPath(new URL(`../../samples/${name}.db.gz`, import.meta.url))

const unpacked = (name: string) =>
  Effect.tap(
    TemporaryFolder.make,
    (folder) => Effect.sync(() => writeFileSync(join(folder, "strata.db"), gunzipSync(readFileSync(fileOf(name)))))
  )

const open = (folder: string, access: "read" | "write") =>
  Layer.build(
    SqliteStore.layer({ folder, access, ...access === "write" ? { projections: apis.projections } : {} }).pipe(
      Layer.provide(apis.catalog.upcasting)
    )
  )

const read = (filter: Filter = {}) => EventLog.use((log) => log.read({ after: 0, limit: 100_000, ...filter }))

/** Logs that a version left, by their schema. */
const olders = [
  { name: "rows-of-0.1.0", schema: 3 },
  { name: "facts-1", schema: 5 },
  { name: "facts-2", schema: 6 }
]

describe("SqliteStore of a log from before there were tenants", () => {
  it.live.each(olders)(
    "shows what is there as the default tenant's to who only reads it: $name",
    ({ name, schema }) =>
      Effect.gen(function*() {
        const folder = yield* unpacked(name)
        const database = new DatabaseSync(join(folder, "strata.db"))
        assert.strictEqual(SqliteSchema.versionOf(database), schema)
        database.close()
        const before = yield* Effect.gen(function*() {
          const events = yield* read()
          assert.isAbove(events.length, 0)
          assert.isTrue(events.every(({ tenant }) => tenant === ""))
          const { id, sessionId, stream } = events.at(-1)!
          for (const filter of [{}, { stream }, { id }, ...sessionId === null ? [] : [{ sessionId }]]) {
            assert.deepStrictEqual(yield* read({ ...filter, tenant: "" }), yield* read(filter))
            assert.deepStrictEqual(yield* read({ ...filter, tenant: "acme" }), [])
          }
          return events
        }).pipe(Effect.provide(yield* open(folder, "read")))
        const store = yield* open(folder, "write")
        assert.deepStrictEqual(yield* Effect.provide(read({ tenant: "" }), store), before)
      }).pipe(Effect.scoped)
  )

  it.live.each(olders)("goes on with it: $name", ({ name }) =>
    Effect.gen(function*() {
      const store = yield* Effect.flatMap(unpacked(name), (folder) => open(folder, "write"))
      const log = Context.get(store, EventLog)
      const head = yield* log.head
      const [last] = yield* log.read({ after: head - 1, limit: 1 })
      const { stream, version } = last!
      const results = yield* log.commit([
        { stream, expectedVersion: version, events: drafts(1) },
        { stream, expectedVersion: "none", events: drafts(1, { tenant: "acme" }) },
        { stream, expectedVersion: "any", events: [draft({ id: last!.id, tenant: "acme" })] }
      ])
      assert.deepStrictEqual(results.slice(0, 2), [
        Result.succeed({ version: version + 1, position: head + 1 }),
        Result.succeed({ version: 1, position: head + 2 })
      ])
      assert.isTrue(Result.isFailure(results[2]!))
      assert.strictEqual((yield* log.read({ after: head, limit: 10, stream, tenant: "acme" })).length, 1)
      const sessions = yield* Context.get(store, ProjectionTables).list(SessionProjection, { limit: 1000 })
      const started = yield* log.read({ after: 0, limit: 1000, types: ["session:start"] })
      assert.deepStrictEqual(
        sessions.map(({ key, position, tenant }) => [tenant, key, position]),
        started.map(({ position, sessionId }) => ["", sessionId!, position])
      )
      const { take } = Context.get(store, QuotaCounters)
      assert.isTrue(yield* take({ tenant: "acme", key: "a", window: 0, limit: 1 }))
    }).pipe(Effect.scoped))
})

const requestId = "0199aaaa-0000-7000-8000-000000000000"

const filters: ReadonlyArray<Filter> = [
  {},
  { id: requestId },
  { requestId },
  { stream: "s" },
  { sessionId: "s" },
  { types: ["a"] },
  { provider: "p" }
]

describe("a query of the SQLite log", () => {
  it.each(filters.flatMap((filter) => [undefined, "", "acme"].map((tenant) => ({ ...filter, tenant }))))(
    "searches by an index, and sorts no more than it finds: %o",
    (filter) => {
      const database = new DatabaseSync(":memory:")
      SqliteSchema.migrate(database)
      const { id, requestId, sessionId, stream, tenant } = filter
      const isFew = [id, requestId, sessionId, stream].some((each) => each !== undefined)
      const queries = [
        SqliteRows.select({ after: 0, limit: 10, ...filter }),
        SqliteFacts.select({ after: 0, ...filter }, [1])
      ]
      for (const { parameters, sql } of queries) {
        const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters)
          .map(({ detail }) => String(detail))
        assert.deepStrictEqual(steps.filter((step) => /^SCAN (events|facts)/.test(step)), [])
        if (!isFew) {
          assert.deepStrictEqual(steps.filter((step) => step.includes("ORDER BY")), [])
          assert.include(steps[0], tenant === "acme" ? "_tenant (tenant=? AND position>?)" : "PRIMARY KEY (rowid>?)")
        } else if (stream !== undefined) assert.include(steps[0], "_stream (tenant=? AND stream=?)")
      }
      database.close()
    }
  )
})
