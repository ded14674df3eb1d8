/** The digest of a table is the same wherever the table is. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Layer } from "effect"
import { EventLog } from "../../../src/events/log/EventLog.ts"
import type { LogAdapter } from "../../../src/events/log/LogAdapter.ts"
import { ProjectionTables } from "../../../src/events/log/ProjectionTables.ts"
import * as MemoryStore from "../../../src/events/memory/MemoryStore.ts"
import * as PostgresStore from "../../../src/events/postgres/PostgresStore.ts"
import { byKey, TableDigest } from "../../../src/events/projections/TableDigest.ts"
import * as SqliteStore from "../../../src/events/sqlite/SqliteStore.ts"
import { balances, moved, opened } from "../../support/Accounts.ts"
import * as Postgres from "../../support/Postgres.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

/** As UTF-16 the last two would change places. */
const keys = ["a", "A", "a b", "", "é", "\u{ffff}", "\u{1f600}"]
const events = [...keys.map((key) => opened(key, "x\"y")), moved("A", 3)]
const ofOthers = events.map((event, index) => ({ ...event, id: `other-${index}`, tenant: "other" }))

const digestIn = <E>(store: Layer.Layer<LogAdapter, E>) =>
  Effect.gen(function*() {
    yield* (yield* EventLog).commit(
      [events, ofOthers].map((events) => ({ stream: "bank", expectedVersion: "any", events }))
    )
    const { digest, rows } = yield* (yield* ProjectionTables).status(balances)
    assert.strictEqual(rows, 2 * keys.length)
    return digest
  }).pipe(Effect.provide(store))

const projections = [balances]

describe("TableDigest", () => {
  it("tells tables apart by tenant, key, position, document and order", () => {
    const digest = (...rows: ReadonlyArray<Parameters<TableDigest["add"]>>) => {
      const digest = new TableDigest()
      for (const row of rows) digest.add(...row)
      return digest.hex()
    }
    const [a, b] = [{ tenant: "", key: "a" }, { tenant: "", key: "b" }]
    const tables = [
      digest(),
      digest([a, 1, "{}"]),
      digest([b, 1, "{}"]),
      digest([{ tenant: "a", key: "" }, 1, "{}"]),
      digest([a, 2, "{}"]),
      digest([a, 1, "[]"]),
      digest([a, 1, "{}"], [b, 2, "{}"]),
      digest([b, 2, "{}"], [a, 1, "{}"])
    ]
    assert.strictEqual(new Set(tables).size, tables.length)
    assert.match(tables[0]!, /^[0-9a-f]{64}$/)
  })

  it("puts keys in the order of their bytes", () => {
    assert.deepStrictEqual(keys.map((key) => ({ tenant: "", key })).sort(byKey).map(({ key }) => key), [
      "",
      "A",
      "a",
      "a b",
      "é",
      "\u{ffff}",
      "\u{1f600}"
    ])
    const rows = ["b", ""].flatMap((tenant) => ["y", "x"].map((key) => ({ tenant, key })))
    assert.deepStrictEqual(rows.sort(byKey).map(({ key, tenant }) => tenant + key), ["x", "y", "bx", "by"])
  })

  it.effect.skipIf(Postgres.unsupported !== undefined)(
    "is the same in memory, in SQLite and in PostgreSQL",
    () =>
      Effect.gen(function*() {
        const folder = yield* TemporaryFolder.make
        const schema = yield* Postgres.schema
        const inMemory = yield* digestIn(MemoryStore.layerOf(projections))
        const inSqlite = yield* digestIn(SqliteStore.layer({ folder, access: "write", projections }))
        const inPostgres = yield* digestIn(
          PostgresStore.layer({ url: Postgres.url, schema, access: "write", projections })
        )
        assert.deepStrictEqual([inSqlite, inPostgres], [inMemory, inMemory])
      })
  )
})
