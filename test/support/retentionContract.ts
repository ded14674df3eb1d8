/** What every adapter must do when payloads are pruned. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { EventLog } from "../../src/events/log/EventLog.ts"
import type { Prune } from "../../src/events/log/PayloadRetention.ts"
import { PayloadRetention } from "../../src/events/log/PayloadRetention.ts"
import type { RecordedEvent } from "../../src/events/types/Envelope.ts"
import * as EventIds from "../../src/events/types/EventIds.ts"
import { draft, tenants } from "./EventDrafts.ts"
import * as Facts from "./Facts.ts"
import { answer, ofParts } from "./Facts.ts"
import type { Adapter } from "./storeContract.ts"

const text = (n: number) => JSON.stringify({ n, text: "x".repeat(100 * n) })

/** Times 1 … count, levels in turn; one in four is a state event. */
const events = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    const level = (["default", "debug", "raw", "raw"] as const)[index % 4]!
    return draft({ level, time: index + 1, payload: text(index + 1) })
  })

const Second = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 5 }))

const prune = (given: Partial<Prune>) =>
  Effect.flatMap(
    PayloadRetention,
    (retention) => retention.prune({ level: "raw", before: 1_000_000, limit: 1000, now: 77, ...given })
  )

const read = Effect.flatMap(EventLog, (log) => log.read({ after: 0, limit: 1000 }))
const prunedPositions = Effect.map(
  read,
  (list) => list.filter(({ prunedAt }) => prunedAt !== undefined).map(({ position }) => position)
)

export const retentionContract = ({ database, durable, name }: Adapter) => {
  describe(`${name} prunes payloads`, () => {
    it.effect("of one level, older than asked for; the events stay and say so", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          const log = yield* EventLog
          yield* log.commit([{ stream: "s", expectedVersion: "any", events: events(12) }])
          const before = yield* read
          const { events: count } = yield* prune({ before: 8 })
          assert.strictEqual(count, 3)
          const after = yield* read
          assert.deepStrictEqual(
            after,
            before.map((event) =>
              [3, 4, 7].includes(event.position) ? { ...event, payload: "null", prunedAt: 77 } : event
            )
          )
          assert.strictEqual(yield* log.head, 12)
        }).pipe(Effect.provide(open()))
      }))

    it.effect("of every tenant, in the order of the log", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          const log = yield* EventLog
          for (const [index, tenant] of tenants.entries()) {
            const raw = draft({ tenant, level: "raw", time: index + 1, payload: text(index + 1) })
            const fact = {
              ...ofParts(answer(1, "x".repeat(3000), { time: index + 1 })),
              tenant,
              requestId: `0199fffe-0000-7000-8000-0000000${index}0000`
            }
            yield* log.commit([{ stream: "s", expectedVersion: "none", events: [raw, fact] }])
          }
          const before = yield* read
          assert.strictEqual((yield* prune({ limit: 3 })).events, 3)
          assert.deepStrictEqual(yield* prunedPositions, [1, 3, 4])
          assert.strictEqual((yield* prune({})).events, 3)
          assert.deepStrictEqual(
            yield* read,
            before.map((event) => event.level === "raw" ? { ...event, payload: "null", prunedAt: 77 } : event)
          )
        }).pipe(Effect.provide(open()))
      }))

    it.effect("the oldest first, so many at once, and each only once", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          yield* Effect.flatMap(EventLog, (log) =>
            log.commit([{ stream: "s", expectedVersion: "any", events: events(12) }]))
          assert.strictEqual((yield* prune({ limit: 2 })).events, 2)
          assert.deepStrictEqual(yield* prunedPositions, [3, 4])
          assert.strictEqual((yield* prune({ limit: 3 })).events, 3)
          assert.deepStrictEqual(yield* prunedPositions, [3, 4, 7, 8, 11])
          assert.strictEqual((yield* prune({ level: "debug", limit: 1 })).events, 1)
          assert.deepStrictEqual(yield* prunedPositions, [2, 3, 4, 7, 8, 11])
          assert.strictEqual((yield* prune({})).events, 1)
          assert.deepStrictEqual(yield* prune({}), { events: 0, bytes: 0 })
        }).pipe(Effect.provide(open()))
      }))

    it.effect("also where an imported event is older than those before it", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          const log = yield* EventLog
          const at = (time: number) => draft({ level: "raw", time, payload: text(1) })
          yield* log.commit([{ stream: "s", expectedVersion: "any", events: [at(5), at(50), at(6), at(60)] }])
          yield* prune({ before: 10 })
          assert.deepStrictEqual(yield* prunedPositions, [1, 3])
          yield* prune({ before: 55 })
          assert.deepStrictEqual(yield* prunedPositions, [1, 2, 3])
        }).pipe(Effect.provide(open()))
      }))

    it.effect("of facts, a level at a time: what is left shows what it did", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          const log = yield* EventLog
          const retention = yield* PayloadRetention
          const exchange = (counter: number, time: number) =>
            answer(counter, JSON.stringify({ counter, text: "$& 漢字 😀 ".repeat(300) }), { time })
          const fact = ofParts(exchange(1, 10), exchange(3, 10))
          const younger = { ...ofParts(exchange(1, 20)), requestId: "0199bbbb-0000-7000-8000-000000000000" }
          yield* log.commit([{ stream: "s", expectedVersion: "any", events: [...events(3), fact, draft(), younger] }])
          let expected = yield* read
          const check = Effect.fnUntraced(function*(options: Partial<Prune>, ...positions: ReadonlyArray<number>) {
            const size = yield* retention.size("raw")
            const { bytes, events: count } = yield* prune(options)
            assert.strictEqual(count, positions.length)
            if (options.level !== "debug") assert.strictEqual(yield* retention.size("raw"), size - bytes)
            expected = expected.map((event) =>
              positions.includes(event.position) ? { ...event, payload: "null", prunedAt: options.now ?? 77 } : event
            )
            assert.deepStrictEqual(yield* read, expected)
          })
          // Positions: 1 to 3 rows, 4 to 7 a fact of two answers, 8 a row, 9 and 10 a fact.
          yield* check({ before: 10, now: 70 }, 3)
          yield* check({ before: 15, now: 71 }, 5, 7)
          yield* check({ before: 15, now: 72 })
          yield* check({ level: "debug", before: 15, now: 73 }, 2, 4, 6)
          yield* check({ level: "debug", now: 74 }, 9)
          yield* check({ now: 75 }, 10)
          assert.deepStrictEqual(yield* prune({}), { events: 0, bytes: 0 })
          assert.deepStrictEqual(yield* prune({ level: "debug" }), { events: 0, bytes: 0 })
          // What was pruned is known by its ids all the same.
          yield* log.commit([{ stream: "s", expectedVersion: "any", events: [fact] }])
          assert.deepStrictEqual(yield* read, expected)
        }).pipe(Effect.provide(open()))
      }))

    it.effect.prop("as a list would be pruned, whatever stands in it and at every cut", {
      appended: Schema.Array(Schema.Struct({ tenant: Schema.Literals(tenants), time: Second, given: Facts.Given }))
        .check(Schema.isMaxLength(6)),
      cuts: Schema.Array(Schema.Struct({ level: Schema.Literals(["debug", "raw"]), before: Second }))
        .check(Schema.isMaxLength(5))
    }, ({ appended, cuts }) =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          const log = yield* EventLog
          const retention = yield* PayloadRetention
          for (const [index, { given, tenant, time }] of appended.entries()) {
            const steps = given.steps.map((step) => ({ ...step, seconds: 0 }))
            const requestId = `0199ffff-0000-7000-8000-${String(index).padStart(8, "0")}0000`
            const made = Facts.factOf({ ...given, steps }, null, time)
            const call = made.call === null
              ? null
              : { ...made.call, id: EventIds.ofCall(requestId, made.call.path) }
            const fact = { ...made, tenant, requestId, call }
            const single = draft({ tenant, level: index % 2 === 0 ? "raw" : "debug", time, payload: text(index + 1) })
            yield* log.commit([{ stream: "s", expectedVersion: "any", events: [fact, single] }])
          }
          let expected = yield* read
          for (const { before, level } of cuts) {
            const isGone = ({ level: of, prunedAt, time }: RecordedEvent) =>
              of === level && prunedAt === undefined && time < before
            const size = yield* retention.size(level)
            const pruned = yield* prune({ level, before })
            assert.strictEqual(pruned.events, expected.filter(isGone).length)
            assert.strictEqual(yield* retention.size(level), size - pruned.bytes)
            expected = expected.map((event) => isGone(event) ? { ...event, payload: "null", prunedAt: 77 } : event)
            assert.deepStrictEqual(yield* read, expected)
          }
        }).pipe(Effect.provide(open()))
      }).pipe(Effect.scoped), { arbitrary: { runs: 30 } })

    it.effect("and knows what they take", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        yield* Effect.gen(function*() {
          const log = yield* EventLog
          const retention = yield* PayloadRetention
          assert.strictEqual(yield* retention.size("raw"), 0)
          yield* log.commit([{ stream: "s", expectedVersion: "any", events: events(8) }])
          const [raw, debug] = [yield* retention.size("raw"), yield* retention.size("debug")]
          assert.isAbove(raw, debug)
          const { bytes } = yield* prune({ limit: 2 })
          assert.isAbove(bytes, 0)
          assert.strictEqual(yield* retention.size("raw"), raw - bytes)
          assert.strictEqual(yield* retention.size("debug"), debug)
        }).pipe(Effect.provide(open()))
      }))

    if (!durable) return

    it.effect("and knows both when it is opened again", () =>
      Effect.gen(function*() {
        const { open } = yield* database
        const size = yield* Effect.gen(function*() {
          yield* Effect.flatMap(EventLog, (log) =>
            log.commit([{ stream: "s", expectedVersion: "any", events: events(8) }]))
          yield* prune({ limit: 2 })
          return yield* (yield* PayloadRetention).size("raw")
        }).pipe(Effect.provide(open()))
        yield* Effect.gen(function*() {
          assert.strictEqual(yield* (yield* PayloadRetention).size("raw"), size)
          assert.deepStrictEqual(yield* prunedPositions, [3, 4])
          assert.strictEqual((yield* prune({})).events, 2)
        }).pipe(Effect.provide(open()))
      }))
  })
}
