/** Limits on what payloads take: by age, by size, told in the log. */
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { TestClock } from "effect/testing"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import { PayloadRetention } from "../../../src/events/log/PayloadRetention.ts"
import type { Limits } from "../../../src/events/log/Retention.ts"
import * as Retention from "../../../src/events/log/Retention.ts"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import { draft } from "../../support/EventDrafts.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"

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

const prunedOf = (level: "debug" | "raw") =>
  EventHub.use((hub) => hub.read({ after: 0, limit: 1000 })).pipe(
    Effect.map((events) =>
      events.filter((event) => event.level === level && event.prunedAt !== undefined).map(({ time }) => time / day)
    )
  )

const told = MemoryHub.events({ types: ["log:pruned"] }).pipe(Effect.map((events) => events.map(payloadOf)))

describe("Retention", () => {
  it.effect("removes payloads that are older than their level may be", () =>
    Effect.gen(function*() {
      yield* write(10)
      yield* TestClock.setTime(10 * day)
      yield* Retention.enforce({ raw: { ...unlimited, maxAge: Duration.days(7) }, debug: unlimited })
      assert.deepStrictEqual(yield* prunedOf("raw"), [0, 1, 2])
      assert.deepStrictEqual(yield* prunedOf("debug"), [])
      assert.deepStrictEqual(yield* told, [{ level: "raw", reason: "age", events: 3, bytes: 3 * 96 }])
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("removes the oldest until the rest takes no more than it may", () =>
    Effect.gen(function*() {
      yield* write(10)
      yield* Retention.enforce({ raw: { ...unlimited, maxBytes: 450 }, debug: { ...unlimited, maxBytes: 5000 } })
      const retention = yield* PayloadRetention
      assert.isAtMost(yield* retention.size("raw"), 450)
      assert.strictEqual(yield* retention.size("debug"), 1000)
      assert.strictEqual((yield* told).length, 1)
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("says nothing where nothing is to be done", () =>
    Effect.gen(function*() {
      yield* write(2)
      yield* Retention.enforce({ raw: { maxAge: Duration.days(1), maxBytes: 1000 }, debug: unlimited })
      assert.deepStrictEqual(yield* told, [])
    }).pipe(Effect.provide(MemoryHub.layer)))
})
