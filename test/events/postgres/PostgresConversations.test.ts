/** Conversations in PostgreSQL: several processes hold them, prune them, and what they refer to may be destroyed. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { expand } from "../../../src/events/facts/Expansion.ts"
import { EventLog } from "../../../src/events/log/EventLog.ts"
import { PayloadRetention } from "../../../src/events/log/PayloadRetention.ts"
import * as PostgresStore from "../../../src/events/postgres/PostgresStore.ts"
import type { RecordedEvent } from "../../../src/events/types/Envelope.ts"
import { asked, growing } from "../../support/conversationContract.ts"
import * as Postgres from "../../support/Postgres.ts"

const stream = "session-s1"

const texts = growing(30)

const store = (schema: string) => Layer.build(PostgresStore.layer({ url: Postgres.url, schema, access: "write" }))

/** The turn in the stream, behind four events of each before it. */
const say = (context: Context.Context<EventLog>, turn: number) =>
  Context.get(context, EventLog).commit([{ stream, expectedVersion: "any", events: [asked(turn, texts[turn]!)] }])

const eventsOf = (turn: number): ReadonlyArray<RecordedEvent> =>
  expand([asked(turn, texts[turn]!)], { stream, version: 4 * turn + 1, position: 4 * turn + 1 })

const pruned = (events: ReadonlyArray<RecordedEvent>) =>
  events.map((event) => event.level === "raw" ? { ...event, payload: "null", prunedAt: 77 } : event)

describe.skipIf(Postgres.unsupported !== undefined)("conversations in PostgreSQL", () => {
  it.effect("are held by several processes, and refer to nothing that another has pruned", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      const [one, other] = [yield* store(schema), yield* store(schema)]
      const prune = (before: number) =>
        Context.get(other, PayloadRetention).prune({ level: "raw", before, limit: 1000, now: 77 })
      for (let turn = 0; turn < 10; turn++) yield* say(turn % 3 === 1 ? other : one, turn)
      yield* prune(8)
      for (let turn = 10; turn < 14; turn++) yield* say(one, turn)
      // All that the first process knows.
      yield* prune(14)
      for (let turn = 14; turn < 20; turn++) yield* say(one, turn)
      const expected = Array.from({ length: 20 }, (_, turn) => turn < 14 ? pruned(eventsOf(turn)) : eventsOf(turn))
        .flat()
      for (const context of [one, other]) {
        assert.deepStrictEqual(yield* Context.get(context, EventLog).read({ after: 0, limit: 1000 }), expected)
      }
      const [row] = yield* Postgres.run(schema, "SELECT count(*) AS n FROM facts WHERE base IS NOT NULL")
      assert.isAbove(Number(row?.["n"]), 3)
    }))

  it.effect("are held and pruned at once: each turn is what was sent, or says that it was pruned", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      const [one, other] = [yield* store(schema), yield* store(schema)]
      const retention = Context.get(other, PayloadRetention)
      yield* Effect.all([
        Effect.forEach(texts.keys(), (turn) => say(one, turn)),
        Effect.forEach(
          Array.from({ length: 25 }, (_, before) => before),
          (before) => retention.prune({ level: "raw", before, limit: 1000, now: 77 })
        )
      ], { concurrency: 2 })
      const events = yield* Context.get(other, EventLog).read({ after: 0, limit: 1000 })
      const isPruned = events.map(({ prunedAt }) => prunedAt !== undefined)
      const expected = [...texts.keys()].flatMap((turn) =>
        isPruned[4 * turn + 1] === true ? pruned(eventsOf(turn)) : eventsOf(turn)
      )
      assert.deepStrictEqual(events, expected)
    }))

  it.effect("say so where what a turn refers to was destroyed, and tell the rest", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      const context = yield* store(schema)
      for (let turn = 0; turn < 12; turn++) yield* say(context, turn)
      yield* Postgres.run(schema, "DELETE FROM facts WHERE position = $1", [BigInt(4 * 5 + 1)])
      const events = yield* Context.get(context, EventLog).read({ after: 0, limit: 1000 })
      const lost = events.filter(({ payload }) => payload.includes(`"sha256":"${"0".repeat(64)}"`))
      assert.isAbove(lost.length, 0)
      for (const event of lost) assert.include(event.payload, "\"body\":\"\"")
      for (const event of events) {
        if (event.level === "default" || lost.some(({ requestId }) => requestId === event.requestId)) continue
        assert.deepStrictEqual(event, eventsOf(Math.floor((event.position - 1) / 4))[(event.position - 1) % 4])
      }
    }))
})
