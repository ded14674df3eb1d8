import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import * as SqliteClient from "../../../src/kernel/work/SqliteClient.ts"

describe("SqliteClient", () => {
  it.effect("given a database, when statements run, then rows, values and violations are as Effect's SQL says them", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* sql`CREATE TABLE poems (id TEXT PRIMARY KEY, lines INTEGER)`
      yield* sql`INSERT INTO poems ${sql.insert([{ id: "a", lines: 4 }, { id: "b", lines: 14 }])}`
      assert.deepStrictEqual(yield* sql`SELECT id, lines FROM poems WHERE lines > ${5}`, [{ id: "b", lines: 14 }])
      assert.deepStrictEqual(yield* sql`SELECT id, lines FROM poems ORDER BY id`.values, [["a", 4], ["b", 14]])
      const error = yield* Effect.flip(sql`INSERT INTO poems (id) VALUES ('a')`)
      assert.strictEqual(error.reason._tag, "UniqueViolation")
    }).pipe(Effect.provide(SqliteClient.layer(":memory:"))))

  it.effect("given a transaction that fails, then nothing of it stays", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* sql`CREATE TABLE poems (id TEXT PRIMARY KEY)`
      yield* sql.withTransaction(
        Effect.andThen(sql`INSERT INTO poems (id) VALUES ('a')`, Effect.fail("no rhyme"))
      ).pipe(Effect.flip)
      yield* sql.withTransaction(sql`INSERT INTO poems (id) VALUES ('b')`)
      assert.deepStrictEqual(yield* sql`SELECT id FROM poems`, [{ id: "b" }])
    }).pipe(Effect.provide(SqliteClient.layer(":memory:"))))
})
