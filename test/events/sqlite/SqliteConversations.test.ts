/** Conversations in SQLite: what they refer to may be destroyed, and a reader has what stands in the file. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { DatabaseSync } from "node:sqlite"
import { expand } from "../../../src/events/facts/Expansion.ts"
import { EventLog } from "../../../src/events/log/EventLog.ts"
import { PayloadRetention } from "../../../src/events/log/PayloadRetention.ts"
import * as SqliteDatabase from "../../../src/events/sqlite/SqliteDatabase.ts"
import * as SqliteStore from "../../../src/events/sqlite/SqliteStore.ts"
import { asked, growing } from "../../support/conversationContract.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const stream = "session-s1"

const texts = growing(40)

const open = (folder: string, access: "read" | "write") => Layer.build(SqliteStore.layer({ folder, access }))

const say = (context: Context.Context<EventLog>, turn: number) =>
  Context.get(context, EventLog).commit([{ stream, expectedVersion: "any", events: [asked(turn, texts[turn]!)] }])

const eventsOf = (turn: number) =>
  expand([asked(turn, texts[turn]!)], { stream, version: 4 * turn + 1, position: 4 * turn + 1 })

const readAll = (context: Context.Context<EventLog>) => Context.get(context, EventLog).read({ after: 0, limit: 1000 })

/** The file, changed by another hand. */
const change = (folder: string, use: (database: DatabaseSync) => unknown) => {
  const database = new DatabaseSync(SqliteDatabase.fileOf(folder))
  use(database)
  database.close()
}

const held = Effect.fnUntraced(function*(count: number) {
  const folder = yield* TemporaryFolder.make
  const context = yield* open(folder, "write")
  for (let turn = 0; turn < count; turn++) yield* say(context, turn)
  return { folder, context }
})

const noDigest = `"sha256":"${"0".repeat(64)}"`

describe("conversations in SQLite", () => {
  it.effect("have chains of at most 16, and are found by what they refer to", () =>
    Effect.gen(function*() {
      const { folder } = yield* held(40)
      change(folder, (database) => {
        const chains = database.prepare(`WITH RECURSIVE chain AS (
          SELECT position, base, 0 AS depth FROM facts
          UNION ALL SELECT chain.position, f.base, depth + 1 FROM chain JOIN facts AS f ON f.position = chain.base
        ) SELECT max(depth) AS depth, count(DISTINCT position) AS facts FROM chain`).get()
        assert.isAbove(Number(chains?.["depth"]), 4)
        assert.isAtMost(Number(chains?.["depth"]), 16)
        const [plan] = database.prepare("EXPLAIN QUERY PLAN SELECT fact FROM facts WHERE base = 5").all()
        assert.include(String(plan?.["detail"]), "facts_base")
      })
    }))

  it.effect("say so where what a turn refers to was destroyed, and tell the rest", () =>
    Effect.gen(function*() {
      const { folder } = yield* held(12)
      const others = (first: number) =>
        Effect.gen(function*() {
          const events = yield* readAll(yield* open(folder, "read"))
          const lost = new Set(
            events.flatMap(({ payload, requestId }) => payload.includes(noDigest) ? [requestId] : [])
          )
          for (const event of events) {
            const expected = eventsOf(Math.floor((event.position - 1) / 4))[(event.position - 1) % 4]!
            if (!lost.has(event.requestId)) assert.deepStrictEqual(event, expected)
            else if (event.position > first + 4) assert.isFalse(event.payload.includes("what they say"))
          }
          return lost.size
        }).pipe(Effect.scoped)
      assert.strictEqual(yield* others(0), 0)
      change(folder, (database) => database.exec("DELETE FROM facts WHERE position = 13"))
      assert.isAbove(yield* others(12), 1)
    }))

  it.effect("are read by another process while they are pruned", () =>
    Effect.gen(function*() {
      const { context, folder } = yield* held(20)
      const reader = yield* open(folder, "read")
      const expected = Array.from({ length: 20 }, (_, turn) => eventsOf(turn)).flat()
      assert.deepStrictEqual(yield* readAll(reader), expected)
      yield* Context.get(context, PayloadRetention).prune({ level: "raw", before: 13, limit: 1000, now: 77 })
      yield* say(context, 20)
      assert.deepStrictEqual(
        yield* readAll(reader),
        [...expected, ...eventsOf(20)].map((event) =>
          event.level === "raw" && event.time < 13 ? { ...event, payload: "null", prunedAt: 77 } : event
        )
      )
      // Nothing of what is gone stands in the file.
      change(folder, (database) => {
        const [row] = database.prepare("SELECT count(*) AS n FROM facts WHERE base < 4 * 13").all()
        assert.strictEqual(row?.["n"], 0)
      })
    }))
})
