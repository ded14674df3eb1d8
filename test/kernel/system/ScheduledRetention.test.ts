/** While the server runs, the log is pruned again and again, each time as a request of `system`. */
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import { EventLogUnavailable } from "../../../src/events/log/EventLog.ts"
import { PayloadRetention } from "../../../src/events/log/PayloadRetention.ts"
import type { Limits } from "../../../src/events/log/Retention.ts"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import * as ScheduledRetention from "../../../src/kernel/system/ScheduledRetention.ts"
import { draft } from "../../support/EventDrafts.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"
import * as Supervised from "../../support/Supervised.ts"

const unlimited: Limits = { maxAge: undefined, maxBytes: undefined }
const day = Duration.toMillis("1 day")

/** One event of each level a day, the first at time 0. */
const write = (days: number) =>
  EventHub.use((hub) =>
    hub.append(
      "s",
      "any",
      Array.from({ length: days }, (_, n) =>
        (["default", "debug", "raw"] as const).map((level) =>
          draft({ level, time: n * day, payload: JSON.stringify("x".repeat(98)) })
        )).flat()
    )
  )

const prunedDays = EventHub.use((hub) => hub.read({ after: 0, limit: 1000 })).pipe(
  Effect.map((events) => events.filter(({ prunedAt }) => prunedAt !== undefined).map(({ time }) => time / day))
)

const schedule = Layer.build(
  ScheduledRetention.layer({
    raw: { ...unlimited, maxAge: Duration.days(3) },
    debug: unlimited,
    interval: Duration.days(1)
  })
)

const services = Supervised.layer.pipe(Layer.provideMerge(MemoryHub.layer))

describe("ScheduledRetention", () => {
  it.effect("prunes again after each interval", () =>
    Effect.gen(function*() {
      yield* schedule
      yield* write(10)
      yield* TestClock.adjust("5 days")
      assert.deepStrictEqual(yield* prunedDays, [0, 1])
      yield* TestClock.adjust("2 days")
      assert.deepStrictEqual(yield* prunedDays, [0, 1, 2, 3])
    }).pipe(Effect.provide(services)))

  it.effect("records a request where something was removed, and nothing where there was nothing", () =>
    Effect.gen(function*() {
      yield* schedule
      yield* write(1)
      yield* TestClock.adjust("3 days")
      assert.deepStrictEqual(yield* MemoryHub.events({ types: ["api:*", "log:*"] }), [])
      yield* TestClock.adjust("1 day")
      const [asked, pruned, answered, ...more] = yield* MemoryHub.events({ types: ["api:*", "log:*"] })
      assert.deepStrictEqual(more, [])
      assert.deepInclude(payloadOf(asked!), { operation: "system.retention" })
      assert.deepInclude(pruned, {
        type: "log:pruned",
        requestId: asked!.requestId,
        causationId: asked!.id,
        principal: "system"
      })
      assert.deepInclude(payloadOf(answered!), { operation: "system.retention", payload: { events: 1, bytes: 96 } })
      yield* TestClock.adjust("10 days")
      assert.lengthOf(yield* MemoryHub.events({ types: ["api:*", "log:*"] }), 3)
    }).pipe(Effect.provide(services)))

  it.effect("tries again where the log could not be pruned", () =>
    Effect.gen(function*() {
      let failures = 1
      const retention = yield* PayloadRetention
      const failing = Layer.succeed(PayloadRetention, {
        ...retention,
        prune: (options) =>
          failures-- > 0
            ? Effect.fail(new EventLogUnavailable({ operation: "be pruned", reason: "it is busy" }))
            : retention.prune(options)
      })
      yield* write(1)
      yield* TestClock.adjust("4 days")
      yield* Effect.provide(schedule, failing)
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* prunedDays, [])
      yield* TestClock.adjust("1 day")
      assert.deepStrictEqual(yield* prunedDays, [0])
      const [failed] = yield* MemoryHub.events({ types: ["api:error"] })
      assert.deepInclude(Object(payloadOf(failed!)).error, { message: "The event log could not be pruned: it is busy" })
    }).pipe(Effect.provide(services)))
})
