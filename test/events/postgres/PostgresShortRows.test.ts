/** A log whose rows were long is the same log when they are short, and goes on. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import type { Append } from "../../../src/events/log/EventLog.ts"
import { EventLog } from "../../../src/events/log/EventLog.ts"
import { PayloadRetention } from "../../../src/events/log/PayloadRetention.ts"
import * as PostgresStore from "../../../src/events/postgres/PostgresStore.ts"
import { asked, growing, rowOf, stateOf } from "../../support/conversationContract.ts"
import * as Postgres from "../../support/Postgres.ts"
import * as PostgresLongRows from "../../support/PostgresLongRows.ts"

const texts = growing(12)

/** A turn of a session, and what a stream of its own says of it. */
const turnOf = (turn: number): ReadonlyArray<Append> => {
  const text = texts[turn]!
  const { messages } = JSON.parse(text)
  const fact = asked(turn, text)
  const row = rowOf(turn, "", messages)
  return [
    {
      stream: "session-s1",
      expectedVersion: "any",
      events: [{
        ...fact,
        parts: [stateOf(1, messages), ...fact.parts.map((part) => ({ ...part, counter: part.counter + 1 }))]
      }]
    },
    {
      stream: `response/${turn}`,
      expectedVersion: "none",
      events: [{ ...row, causationId: `${row.requestId?.slice(0, 32)}0002` }]
    }
  ]
}

const all = EventLog.use((log) => log.read({ after: 0, limit: 1000 }))

describe.skipIf(Postgres.unsupported !== undefined)("PostgresShortRows", () => {
  it.effect("are the log of before, by whatever it is asked, and go on and are pruned", () =>
    Effect.gen(function*() {
      const schema = yield* Postgres.schema
      const store = PostgresStore.layer({ url: Postgres.url, schema, access: "write" })
      const say = (turn: number) => EventLog.use((log) => log.commit(turnOf(turn)))
      const before = yield* Effect.gen(function*() {
        for (let turn = 0; turn < 10; turn++) yield* say(turn)
        return yield* all
      }).pipe(Effect.provide(store))
      yield* PostgresLongRows.restore(schema)
      // Payloads and bodies refer to passages, to whole payloads, and bodies to earlier ones.
      const kinds = ["passages[1] > 0", "passages[1] < 0", "body_passages[1] > 0", "base > 0"]
      const [long] = yield* Postgres.run(
        schema,
        `SELECT ${kinds.map((kind) => `(SELECT count(*) FROM facts WHERE ${kind}) > 0`).join(" AND ")}
          AND (SELECT count(*) FROM events WHERE passages[1] > 0 AND id ~ '^0199bbbb-0000') > 3 AS refers`
      )
      assert.isTrue(long?.["refers"])
      yield* Effect.gen(function*() {
        const log = yield* EventLog
        assert.deepStrictEqual(yield* all, before)
        for (const event of before) {
          const { id, requestId } = event
          assert.deepStrictEqual(yield* log.read({ after: 0, limit: 2, id }), [event])
          if (requestId === null) continue
          assert.deepStrictEqual(
            yield* log.read({ after: 0, limit: 100, requestId }),
            before.filter((each) => each.requestId === requestId)
          )
        }
        assert.deepStrictEqual(
          yield* log.read({ after: 0, limit: 1000, stream: "session-s1", tenant: "" }),
          before.filter(({ stream }) => stream === "session-s1")
        )
        // What stands there already is answered as the first time, and the next is appended behind it.
        assert.deepStrictEqual(yield* say(9), [
          Result.succeed({ version: 50, position: 59 }),
          Result.succeed({ version: 1, position: 60 })
        ])
        assert.deepStrictEqual(yield* say(10), [
          Result.succeed({ version: 55, position: 65 }),
          Result.succeed({ version: 1, position: 66 })
        ])
        const bodies = (events: typeof before) => events.filter(({ level }) => level === "raw").length
        assert.strictEqual(bodies(yield* all), 22)
        yield* PayloadRetention.use((retention) => retention.prune({ level: "raw", before: 9, limit: 1000, now: 77 }))
        assert.deepStrictEqual(
          (yield* all).slice(0, before.length),
          before.map((event) =>
            event.level === "raw" && event.time < 9 ? { ...event, payload: "null", prunedAt: 77 } : event
          )
        )
      }).pipe(Effect.provide(store))
    }))
})
