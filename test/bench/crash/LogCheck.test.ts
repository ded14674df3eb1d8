/** The check of the crash test sees what it is there to see. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import type { Attempt } from "../../../bench/crash/CrashEvents.ts"
import { eventOf, idOf, projectionsOf } from "../../../bench/crash/CrashEvents.ts"
import { Ledger } from "../../../bench/crash/Ledger.ts"
import { LogCheck } from "../../../bench/crash/LogCheck.ts"
import { open } from "../../../bench/crash/Stores.ts"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const attempt = (number: number): Attempt => ({
  stream: "s",
  expectedVersion: "any",
  ids: [0, 1, 2].map((index) => idOf(1, 1, number * 10 + index, 1_763_683_200_000, false))
})

/** A log of 40 appends that were acknowledged; then it is spoiled. */
const complaint = (spoil: { readonly sql?: string; readonly ledger?: (ledger: Ledger) => void }) =>
  Effect.gen(function*() {
    const folder = yield* TemporaryFolder.make
    const ledger = new Ledger()
    const write = Effect.gen(function*() {
      const hub = yield* EventHub
      for (let number = 0; number < 40; number++) {
        const tried = attempt(number)
        ledger.take({ trying: tried })
        const appended = yield* hub.append(tried.stream, tried.expectedVersion, tried.ids.map(eventOf))
        ledger.take({ acknowledged: tried, appended })
      }
    })
    const within = <A>(use: (store: ReturnType<typeof open>) => Promise<A>) =>
      Effect.acquireUseRelease(
        Effect.sync(() => open({ log: "sqlite", folder }, projectionsOf(1))),
        (store) => Effect.promise(() => use(store)),
        (store) => Effect.promise(() => store.dispose())
      )
    yield* within((store) => store.runPromise(write))
    if (spoil.sql !== undefined) {
      const database = new DatabaseSync(join(folder, "strata.db"))
      database.exec(spoil.sql)
      database.close()
    }
    spoil.ledger?.(ledger)
    return yield* within((store) =>
      new LogCheck(ledger).run(store, 1, true).then(() => "nothing", (error: Error) => error.message)
    )
  })

describe("the check of the crash test", () => {
  it.live("has nothing to say of a whole log", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* complaint({}), "nothing")
    }))

  it.live("sees that an acknowledged event is missing, and the gap it left", () =>
    Effect.gen(function*() {
      const text = yield* complaint({ sql: "DELETE FROM events WHERE position = 50" })
      assert.include(text, "was acknowledged, and is not in the log")
      assert.include(text, "after position 49 comes 51")
      assert.include(text, "in s, after version 49 comes 51")
    }))

  it.live("sees that the last event is missing, where no gap tells", () =>
    Effect.gen(function*() {
      const text = yield* complaint({ sql: "DELETE FROM events WHERE position = 120" })
      assert.include(text, "was acknowledged, and is not in the log")
    }))

  it.live("sees an event that is there twice", () =>
    Effect.gen(function*() {
      const text = yield* complaint({
        sql:
          "DROP INDEX events_id; UPDATE events SET id = (SELECT id FROM events WHERE position = 3) WHERE position = 9"
      })
      assert.include(text, "is there twice, at 3 and 9")
    }))

  it.live("sees a payload that changed", () =>
    Effect.gen(function*() {
      const text = yield* complaint({ sql: "UPDATE events SET payload = '{}' WHERE position = 7" })
      assert.include(text, "at 7 is not what was appended")
    }))

  it.live("sees a table that is not what a rebuild makes", () =>
    Effect.gen(function*() {
      const text = yield* complaint({
        sql: "DELETE FROM projection_balances WHERE key = (SELECT min(key) FROM projection_balances)"
      })
      assert.include(text, "the table balances had")
    }))

  it.live("sees half an append, a refused event and what the writer complained of", () =>
    Effect.gen(function*() {
      const text = yield* complaint({
        ledger: (ledger) => {
          const ids = [attempt(3).ids[0]!, idOf(9, 9, 9, 1, false)]
          ledger.take({ trying: { stream: "s", expectedVersion: "any", ids } })
          ledger.take({ refused: [attempt(5).ids[1]!] })
          ledger.take({ wrong: "a conflict that was none" })
        }
      })
      assert.include(text, "1 of 2 events")
      assert.include(text, "was refused, and stands at 17")
      assert.include(text, "a conflict that was none")
    }))
})
