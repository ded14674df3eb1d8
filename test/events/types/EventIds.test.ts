/** Ids that can be told in advance. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Random, Schema } from "effect"
import { TestClock } from "effect/testing"
import * as EventIds from "../../../src/events/types/EventIds.ts"

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

const make = Effect.map(Effect.all([Clock.Clock, Random.Random]), ([clock, random]) => EventIds.make(clock, random))

const time = 1_763_683_200_123

const ordinal = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 0xff_ff }))

describe("EventIds", () => {
  it.effect("are UUIDs of version 7 that begin with the time and end with room for a counter", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(time)
      const id = yield* make
      assert.match(id, uuidV7)
      assert.strictEqual(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16), time)
      assert.strictEqual(id.slice(-4), "0000")
    }))

  it.effect("are the same again with the same time and randomness, and others otherwise", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(time)
      const twice = Effect.all([make, make]).pipe(Random.withSeed("seed"))
      const [first, second] = yield* twice
      assert.deepStrictEqual(yield* twice, [first, second])
      assert.notStrictEqual(first, second)
      assert.notStrictEqual(yield* make.pipe(Random.withSeed("another")), first)
    }))

  it.effect("sort by time", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(time)
      const earlier = yield* make
      yield* TestClock.adjust("1 millis")
      assert.isBelow(earlier.localeCompare(yield* make), 0)
    }))

  it.effect.prop(
    "name events by number: UUIDs in order, all different, all told from the one id",
    { left: ordinal, right: ordinal },
    ({ left, right }) =>
      Effect.map(make, (id) => {
        const [one, other] = [EventIds.nth(id, left), EventIds.nth(id, right)]
        assert.match(one, uuidV7)
        assert.strictEqual(one.slice(0, 32), id.slice(0, 32))
        assert.strictEqual(Math.sign(one < other ? -1 : one > other ? 1 : 0), Math.sign(left - right))
        assert.strictEqual(EventIds.nth(one, right), other)
      })
  )

  const requestId = "01a1fbed-d8cf-7225-a538-f92a689f0000"
  /** A hundred calls with ninety-nine parts each: `3`, `3.1`, `3.2` … */
  const paths = Array.from({ length: 10_000 }, (_, index) => {
    const part = index % 100
    return `${Math.floor(index / 100) + 1}${part === 0 ? "" : `.${part}`}`
  })

  it("tell their number among the events of what they are of, and nothing of others", () => {
    const id = "0199aaaa-0000-7000-8000-000000000000"
    for (const counter of [0, 1, 9, 10, 255, 256, 0xffff]) {
      assert.strictEqual(EventIds.counterOf(id, EventIds.nth(id, counter)), counter)
    }
    const other = "0199aaaa-0000-7000-8000-000000010001"
    for (
      const none of [
        other,
        EventIds.nth(id, 1).toUpperCase(),
        `${id.slice(0, 32)}0NaN`,
        id.slice(0, 32),
        "",
        EventIds.nth(id, 0x10001)
      ]
    ) {
      assert.isUndefined(EventIds.counterOf(id, none))
    }
  })

  it("of calls are all different, the same each time, and UUIDs with the request's time and room for a counter", () => {
    const ids = paths.map((path) => EventIds.ofCall(requestId, path))
    assert.strictEqual(new Set([requestId, ...ids]).size, paths.length + 1)
    assert.deepStrictEqual(paths.map((path) => EventIds.ofCall(requestId, path)), ids)
    for (const id of ids) {
      assert.match(id, uuidV7)
      assert.strictEqual(id.slice(0, 18), requestId.slice(0, 18))
      assert.strictEqual(id.slice(-4), "0000")
    }
  })

  it("of the same call differ from request to request", () => {
    const other = "01a1fbed-d8cf-7225-a538-f92a689e0000"
    assert.notStrictEqual(EventIds.ofCall(requestId, "1"), EventIds.ofCall(other, "1"))
  })

  it("of events of a call tell its request, where they were made here", () => {
    for (const path of paths) {
      const event = EventIds.nth(EventIds.ofCall(requestId, path), 4)
      assert.strictEqual(EventIds.requestOfCall(event, path), requestId)
    }
    assert.notStrictEqual(EventIds.requestOfCall(EventIds.ofCall(requestId, "2"), "1"), requestId)
    assert.isNull(EventIds.requestOfCall("the event of another", "1"))
  })
})
