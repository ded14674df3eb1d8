/** Opening the file: who may, and what is said to whom may not. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { EventLogOpenFailed } from "../../../src/events/log/EventLog.ts"
import * as SqliteDatabase from "../../../src/events/sqlite/SqliteDatabase.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const refusal = (folder: string, access: "read" | "write") =>
  Effect.map(Effect.flip(SqliteDatabase.open({ folder, access })), (error) => {
    assert.instanceOf(error, EventLogOpenFailed)
    return error.message
  })

const write = (folder: string) => SqliteDatabase.open({ folder, access: "write" })

describe("SqliteDatabase", () => {
  it.effect("makes the folder and its parents", () =>
    Effect.gen(function*() {
      const folder = join(yield* TemporaryFolder.make, "deep", "er")
      const database = yield* write(folder)
      assert.strictEqual(database.prepare("PRAGMA journal_mode").get()?.["journal_mode"], "wal")
    }))

  it.effect("refuses a second writer, lets a reader work beside, and the next writer after", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      yield* Effect.scoped(Effect.gen(function*() {
        yield* write(folder)
        assert.strictEqual(
          yield* refusal(folder, "write"),
          `Another Strata server uses the data folder ${folder}. Stop it, or name another: --data`
        )
        const reader = yield* SqliteDatabase.open({ folder, access: "read" })
        assert.deepStrictEqual(reader.prepare("SELECT * FROM events").all(), [])
      }))
      yield* write(folder)
    }))

  it.effect("frees the folder when opening fails", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const file = join(folder, "strata.db")
      writeFileSync(file, "not a database, and long enough to be taken for one".repeat(100))
      const message = yield* Effect.scoped(refusal(folder, "write"))
      assert.strictEqual(
        message,
        `The event log ${file} can't be opened (file is not a database). Restore it, or name another folder: --data`
      )
      writeFileSync(file, "")
      yield* write(folder)
    }))

  it.effect("says when the folder can't be made", () =>
    Effect.gen(function*() {
      const file = join(yield* TemporaryFolder.make, "file")
      writeFileSync(file, "")
      const folder = join(file, "data")
      const message = yield* refusal(folder, "write")
      assert.include(message, `The data folder ${folder} can't be written (ENOTDIR`)
      assert.include(message, "Make it writable, or name another: --data")
    }))

  it.effect("says when the log was written by a newer Strata, to writers and readers", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      yield* Effect.scoped(write(folder))
      const database = new DatabaseSync(join(folder, "strata.db"))
      database.exec("PRAGMA user_version = 99")
      database.close()
      const expected = `${folder} was written by a newer Strata. Update Strata, or name another: --data`
      assert.strictEqual(yield* Effect.scoped(refusal(folder, "write")), expected)
      assert.strictEqual(yield* refusal(folder, "read"), expected)
    }))

  for (const made of [true, false]) {
    it.effect(`tells a reader of a folder that ${made ? "holds no log" : "is not there"}, and leaves it as it is`, () =>
      Effect.gen(function*() {
        const folder = join(yield* TemporaryFolder.make, "data")
        if (made) mkdirSync(folder)
        const message = yield* refusal(folder, "read")
        assert.strictEqual(message, `${folder} holds no event log yet. Start the server once, or name another: --data`)
        assert.deepStrictEqual(existsSync(folder) ? readdirSync(folder) : [], [])
        assert.strictEqual(existsSync(folder), made)
      }))
  }
})
