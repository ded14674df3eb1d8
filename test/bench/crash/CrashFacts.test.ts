/** The facts of the crash test refer to each other, as those of a conversation do. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Result } from "effect"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { appendablesOf, eventOf, turnOf } from "../../../bench/crash/CrashEvents.ts"
import { EventLog } from "../../../src/events/log/EventLog.ts"
import { PayloadRetention } from "../../../src/events/log/PayloadRetention.ts"
import * as SqliteStore from "../../../src/events/sqlite/SqliteStore.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const time = 1_763_683_200_000

describe("a conversation of the crash test", () => {
  it.effect("is stored as what differs between its turns, and read as it follows from the ids", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const store = yield* Layer.build(SqliteStore.layer({ folder, access: "write" }))
      const log = Context.get(store, EventLog)
      for (let turn = 1; turn <= 30; turn++) {
        const { ids, stream } = turnOf(3, 5, 2, turn, time)
        const results = yield* log.commit([{ stream, expectedVersion: "any", events: appendablesOf(ids) }])
        assert.isTrue(results.every(Result.isSuccess))
        const prune = { level: "raw", before: Number.MAX_SAFE_INTEGER, limit: 1, now: time } as const
        if (turn === 10) yield* Context.get(store, PayloadRetention).prune(prune)
      }
      const events = yield* log.read({ after: 0, limit: 1000 })
      for (const { id, payload, prunedAt } of events) {
        assert.strictEqual(payload, prunedAt === undefined ? eventOf(id).payload : "null", id)
      }
      const database = new DatabaseSync(join(folder, "strata.db"), { readOnly: true })
      const row = database.prepare("SELECT count(*) AS facts FROM facts WHERE base IS NOT NULL").get()
      database.close()
      // In its first turns other requests are longer than what was said.
      assert.isAtLeast(Number(row?.["facts"]), 20)
    }))
})
