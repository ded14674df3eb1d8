/** The log in a SQLite file: what lasts, what a failed commit leaves, and how it recovers. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Fiber, Layer, Result } from "effect"
import { TestClock } from "effect/testing"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import type { Append } from "../../../src/events/log/EventLog.ts"
import { EventLog, EventLogUnavailable } from "../../../src/events/log/EventLog.ts"
import { ProjectionTables } from "../../../src/events/log/ProjectionTables.ts"
import { QuotaCounters } from "../../../src/events/log/QuotaCounters.ts"
import * as SqliteSchema from "../../../src/events/sqlite/SqliteSchema.ts"
import * as SqliteStore from "../../../src/events/sqlite/SqliteStore.ts"
import { balances, opened } from "../../support/Accounts.ts"
import { draft, drafts } from "../../support/EventDrafts.ts"
import { storeContract } from "../../support/storeContract.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

storeContract({
  name: "SqliteStore",
  database: Effect.map(TemporaryFolder.make, (folder) => ({
    open: (projections = []) => SqliteStore.layer({ folder, access: "write", projections })
  })),
  durable: true
})

const open = (folder: string, access: "read" | "write" = "write") =>
  Effect.map(Layer.build(SqliteStore.layer({ folder, access })), (context) => Context.get(context, EventLog))

const append = (stream: string, ...types: ReadonlyArray<string>): Append => ({
  stream,
  expectedVersion: "any",
  events: types.map((type) => draft({ type }))
})

const all = { after: 0, limit: 1000 }

const places = (log: EventLog["Service"]) =>
  Effect.map(
    log.read(all),
    (events) => events.map(({ position, stream, version }) => `${position} ${stream}${version}`)
  )

/** Another connection to the same file, to spoil it with. */
const secondConnection = (folder: string) =>
  Effect.acquireRelease(
    Effect.sync(() => new DatabaseSync(join(folder, "strata.db"))),
    (database) => Effect.sync(() => database.close())
  )

/** A commit fails when it comes to an event of type `bad`, as it would on a full disk; `repair` ends that. */
const faults = [
  {
    name: "a statement fails",
    spoil: "CREATE TRIGGER fault BEFORE INSERT ON events WHEN NEW.type = 'bad' BEGIN SELECT RAISE(ABORT, 'fault'); END",
    repair: "DROP TRIGGER fault"
  },
  {
    name: "SQLite gives up the transaction by itself",
    spoil:
      "CREATE TRIGGER fault BEFORE INSERT ON events WHEN NEW.type = 'bad' BEGIN SELECT RAISE(ROLLBACK, 'fault'); END",
    repair: "DROP TRIGGER fault"
  },
  {
    name: "the table is gone",
    spoil: "ALTER TABLE events RENAME TO gone",
    repair: "ALTER TABLE gone RENAME TO events"
  }
]

describe("SqliteEventLog", () => {
  it.effect("goes on where it was when its file is opened again", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      yield* Effect.scoped(Effect.gen(function*() {
        const log = yield* open(folder)
        yield* log.commit([append("a", "x", "x"), append("b", "x")])
      }))
      const log = yield* open(folder)
      assert.strictEqual(yield* log.head, 3)
      const [stale, next] = yield* log.commit([
        { ...append("a", "x"), expectedVersion: 1 },
        { ...append("a", "x"), expectedVersion: 2 }
      ])
      assert.strictEqual(stale !== undefined && Result.isFailure(stale), true)
      assert.deepStrictEqual(next, Result.succeed({ version: 3, position: 4 }))
      assert.deepStrictEqual(yield* places(log), ["1 a1", "2 a2", "3 b1", "4 a3"])
    }))

  it.effect("knows a stream's version when it has seen more streams than it remembers", () =>
    Effect.gen(function*() {
      const log = yield* open(yield* TemporaryFolder.make)
      yield* log.commit([append("first", "x")])
      yield* log.commit(Array.from({ length: 10_001 }, (_, index) => append(`other-${index}`, "x")))
      const results = yield* log.commit([{ ...append("first", "x"), expectedVersion: 1 }])
      assert.deepStrictEqual(results, [Result.succeed({ version: 2, position: 10_003 })])
    }))

  it.effect("lets a reader in another connection see what is committed, as it is committed", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const writer = yield* open(folder)
      const reader = yield* open(folder, "read")
      assert.strictEqual(yield* reader.head, 0)
      yield* writer.commit([append("a", "x")])
      assert.strictEqual(yield* reader.head, 1)
      assert.deepStrictEqual(yield* reader.read(all), yield* writer.read(all))
      const refused = yield* Effect.flip(reader.commit([append("a", "x")]))
      assert.instanceOf(refused, EventLogUnavailable)
      assert.strictEqual(yield* writer.head, 1)
    }))

  for (const { name, repair, spoil } of faults) {
    it.effect(`leaves nothing of a group behind when ${name}, and recovers`, () =>
      Effect.gen(function*() {
        const folder = yield* TemporaryFolder.make
        const log = yield* open(folder)
        const other = yield* secondConnection(folder)
        yield* log.commit([append("a", "x")])
        other.exec(spoil)

        const group = [append("a", "x", "x"), append("b", "x", "bad", "x"), append("c", "x")]
        const error = yield* Effect.flip(log.commit(group))
        assert.instanceOf(error, EventLogUnavailable)
        assert.match(error.message, /^The event log could not be written: (fault|no such table: events)$/)
        assert.strictEqual(yield* log.head, 1)

        other.exec(repair)
        assert.deepStrictEqual(yield* places(log), ["1 a1"])
        const results = yield* log.commit(
          group.map((each) => ({ ...each, expectedVersion: each.stream === "a" ? 1 : 0 }))
        )
        assert.deepStrictEqual(results.map(Result.getOrThrow), [
          { version: 3, position: 3 },
          { version: 3, position: 6 },
          { version: 1, position: 7 }
        ])
        assert.strictEqual((yield* log.read(all)).length, 7)
      }))
  }

  it.effect("says so when it can't be read", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const log = yield* open(folder)
      const other = yield* secondConnection(folder)
      yield* log.commit([{ stream: "a", expectedVersion: "any", events: drafts(3) }])
      other.exec("ALTER TABLE events RENAME TO gone")
      const error = yield* Effect.flip(log.read(all))
      assert.strictEqual(error.message, "The event log could not be read: no such table: events")
      other.exec("ALTER TABLE gone RENAME TO events")
      assert.strictEqual((yield* log.read(all)).length, 3)
    }))
})

describe("SqliteStore beside a writer that does not fold", () => {
  it.effect("says after a while that its tables are behind, and never shows what they were", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const kept = { folder, projections: [balances] }
      yield* Effect.scoped(Effect.gen(function*() {
        const services = yield* Layer.build(SqliteStore.layer({ ...kept, access: "write" }))
        yield* Context.get(services, EventLog).commit([{ ...append("bank"), events: [opened("a", "x")] }])
      }))
      const tables = Context.get(
        yield* Layer.build(SqliteStore.layer({ ...kept, access: "read" })),
        ProjectionTables
      )
      assert.strictEqual((yield* tables.list(balances, { limit: 10 })).length, 1)
      const other = yield* secondConnection(folder)
      other.exec(
        "INSERT INTO events SELECT 2, stream, 2, 'another', type, level, schema_version, time, session_id, " +
          "parent_session_id, request_id, attempt, causation_id, provider, payload, compressed, pruned_at, principal, tenant FROM events"
      )
      const late = yield* Effect.forkChild(Effect.flip(tables.list(balances, { limit: 10 })))
      yield* TestClock.adjust("10 seconds")
      assert.include((yield* Fiber.join(late)).message, "the tables of balances are not up to date")
    }))
})

describe("SqliteStore of a log from before there were principals", () => {
  it.live("reads its events as nobody's, and counts quotas from then on", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const database = yield* secondConnection(folder)
      SqliteSchema.migrate(database, 2)
      database.exec(`
        INSERT INTO events (position, stream, version, id, type, level, schema_version, time, payload)
        VALUES (1, 's', 1, 'an-id', 'old', 'default', 1, 5, '{}')
      `)
      const services = yield* Layer.build(SqliteStore.layer({ folder, access: "write" }))
      const log = Context.get(services, EventLog)
      yield* log.commit([{ stream: "s", expectedVersion: "any", events: [draft({ type: "new", principal: "alice" })] }])
      const events = yield* log.read(all)
      assert.deepStrictEqual(events.map(({ principal, type }) => [type, principal]), [["old", null], ["new", "alice"]])
      const { take } = Context.get(services, QuotaCounters)
      assert.deepStrictEqual([
        yield* take({ tenant: "", key: "a", window: 0, limit: 1 }),
        yield* take({ tenant: "", key: "a", window: 0, limit: 1 })
      ], [true, false])
    }).pipe(Effect.scoped))
})
