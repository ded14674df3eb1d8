/** Files that an older Strata wrote are brought up to date, and keep what they hold. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { DatabaseSync } from "node:sqlite"
import { ConsumerGroups } from "../../../src/events/log/ConsumerGroups.ts"
import * as SqliteDatabase from "../../../src/events/sqlite/SqliteDatabase.ts"
import * as SqliteStore from "../../../src/events/sqlite/SqliteStore.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

/** As the version before owners left it. */
const older = (folder: string) =>
  Effect.andThen(
    Effect.scoped(SqliteDatabase.open({ folder, access: "write" })),
    Effect.sync(() => {
      const database = new DatabaseSync(SqliteDatabase.fileOf(folder))
      database.exec(`
        ALTER TABLE consumer_groups DROP COLUMN owner;
        ALTER TABLE consumer_groups DROP COLUMN owner_attributes;
        INSERT INTO consumer_groups VALUES ('billing', 42, NULL, NULL);
        DROP TABLE facts; DROP TABLE fact_shapes; PRAGMA user_version = 3;
      `)
      database.close()
    })
  )

describe("SqliteSchema", () => {
  it.effect("lets groups of before owners be nobody's, and goes on with them", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      yield* older(folder)
      yield* Effect.gen(function*() {
        const groups = yield* ConsumerGroups
        const before = { name: "billing", position: 42, member: null, claimedUntil: null, owner: null }
        assert.deepStrictEqual(yield* groups.list, [before])
        assert.deepStrictEqual(
          yield* groups.moveTo({ group: "billing", position: 43, member: null, owner: null, reset: false }),
          { moved: true, group: { ...before, position: 43 } }
        )
      }).pipe(Effect.provide(SqliteStore.layer({ folder, access: "write" })))
    }))
})
