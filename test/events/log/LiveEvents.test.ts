/** Live events: whoever watches gets them as they come, and who publishes waits for nobody. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Stream } from "effect"
import * as LiveEvents from "../../../src/events/log/LiveEvents.ts"
import type { LiveEvent } from "../../../src/events/types/Envelope.ts"

const event = (n: number, more: Partial<LiveEvent> = {}): LiveEvent => ({
  position: null,
  version: null,
  stream: "session-s",
  id: `call.${n}`,
  type: "llm:stream_block_delta",
  level: "default",
  schemaVersion: 1,
  time: n,
  tenant: "",
  sessionId: "s",
  parentSessionId: null,
  requestId: "r",
  attempt: 1,
  causationId: null,
  provider: "p",
  principal: null,
  payload: `{"text":"${n}"}`,
  ...more
})

const idsOf = (events: ReadonlyArray<LiveEvent>) => events.map(({ id }) => id)

const took = (stream: Stream.Stream<LiveEvent>, count: number) => Stream.runCollect(Stream.take(stream, count))

describe("LiveEvents", () => {
  it.effect("gives a subscriber what comes while it waits, and what came since it subscribed, in order", () =>
    Effect.gen(function*() {
      const live = LiveEvents.make()
      live.publish(event(0))
      const stream = yield* live.subscribe({})
      live.publish(event(1))
      const reading = yield* Effect.forkChild(took(stream, 3))
      yield* Effect.yieldNow
      live.publish(event(2))
      live.publish(event(3))
      assert.deepStrictEqual(idsOf(yield* Fiber.join(reading)), ["call.1", "call.2", "call.3"])
    }))

  const filters = [
    [{ sessionId: "s" }, { sessionId: "other" }],
    [{ tenant: "" }, { tenant: "other" }],
    [{ requestId: "r" }, { requestId: "other" }],
    [{ provider: "p" }, { provider: "other" }],
    [{ stream: "session-s" }, { stream: "session-other" }],
    [{ types: ["llm:*"] }, { types: ["api:*"] }]
  ] as const

  it.effect.each(filters)("keeps to the filter: %o, not %o", ([fits, other]) =>
    Effect.gen(function*() {
      const live = LiveEvents.make()
      const types = ["llm:stream_block_delta"]
      assert.isFalse(live.isWanted(event(1), types))
      const none = yield* live.subscribe(other)
      assert.isFalse(live.isWanted(event(1), types))
      const stream = yield* live.subscribe(fits)
      assert.isTrue(live.isWanted(event(1), types))
      live.publish(event(1))
      live.publish(event(2, other as Partial<LiveEvent>))
      live.publish(event(3))
      const { length } = "types" in fits ? [1, 2] : [1]
      assert.deepStrictEqual(idsOf(yield* took(stream, length)), idsOf([event(1), event(2)].slice(0, length)))
      if (!("types" in other)) assert.deepStrictEqual(idsOf(yield* took(none, 1)), ["call.2"])
    }))

  it.effect("drops the oldest for a slow subscriber, says how many before the next, and keeps the other's", () =>
    Effect.gen(function*() {
      const live = LiveEvents.make({ maxWaiting: 3 })
      const slow = yield* live.subscribe({})
      const late = Effect.scoped(Effect.flatMap(live.subscribe({}), (stream) => {
        live.publish(event(10))
        return took(stream, 1)
      }))
      for (let n = 1; n <= 9; n++) live.publish(event(n))
      assert.deepStrictEqual(idsOf(yield* late), ["call.10"])
      const [lost, ...rest] = yield* took(slow, 4)
      assert.deepStrictEqual(idsOf(rest), ["call.8", "call.9", "call.10"])
      assert.deepInclude(lost, {
        type: "log:live_events_lost",
        payload: "{\"count\":7}",
        sessionId: "s",
        position: null
      })
      live.publish(event(11))
      assert.deepStrictEqual(idsOf(yield* took(slow, 1)), ["call.11"])
    }))

  it.effect("holds no more characters than its bound, and always the last", () =>
    Effect.gen(function*() {
      const live = LiveEvents.make({ maxWaitingCharacters: 100 })
      const slow = yield* live.subscribe({})
      for (let n = 1; n <= 3; n++) live.publish(event(n, { payload: JSON.stringify("x".repeat(60)) }))
      live.publish(event(4, { payload: JSON.stringify("x".repeat(600)) }))
      const [lost, last] = yield* took(slow, 2)
      assert.strictEqual(lost?.payload, "{\"count\":3}")
      assert.strictEqual(last?.id, "call.4")
    }))

  it.effect("forgets who has left", () =>
    Effect.gen(function*() {
      const live = LiveEvents.make()
      yield* Effect.asVoid(Effect.scoped(live.subscribe({})))
      assert.isFalse(live.isWanted(event(1), ["llm:stream_block_delta"]))
      live.publish(event(1))
    }))
})
