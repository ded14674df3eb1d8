/** Files that an older Strata wrote are brought up to date, and keep what they hold. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { DatabaseSync } from "node:sqlite"
import { ConsumerGroups } from "../../../src/events/log/ConsumerGroups.ts"
import * as SqliteDatabase from "../../../src/events/sqlite/SqliteDatabase.ts"
import * as SqliteSchema from "../../../src/events/sqlite/SqliteSchema.ts"
import * as SqliteStore from "../../../src/events/sqlite/SqliteStore.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

/** As the version before owners left it. */
const older = (folder: string) =>
  Effect.sync(() => {
    const database = new DatabaseSync(SqliteDatabase.fileOf(folder))
    SqliteSchema.migrate(database, 3)
    database.exec("INSERT INTO consumer_groups VALUES ('billing', 42, NULL, NULL)")
    database.close()
  })

describe("SqliteSchema", () => {
  it.effect("lets groups of before owners be nobody's, and goes on with them", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      yield* older(folder)
      yield* Effect.gen(function*() {
        const groups = yield* ConsumerGroups
        const before = { tenant: "", name: "billing", position: 42, member: null, claimedUntil: null, owner: null }
        assert.deepStrictEqual(yield* groups.list(""), [before])
        assert.deepStrictEqual(
          yield* groups.moveTo({ tenant: "", group: "billing", position: 43, member: null, owner: null, reset: false }),
          { moved: true, group: { ...before, position: 43 } }
        )
      }).pipe(Effect.provide(SqliteStore.layer({ folder, access: "write" })))
    }))
})
