import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as Draft from "../../../src/events/log/Draft.ts"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import type { Definition } from "../../../src/events/types/Event.ts"
import { streamOf } from "../../../src/events/types/SessionStream.ts"
import * as TurnEvents from "../../../src/kernel/turn/TurnEvents.ts"
import * as TurnSignals from "../../../src/kernel/turn/TurnSignals.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"

const say = <D extends Definition>(definition: D, payload: D["payload"]["Encoded"]) =>
  Effect.flatMap(EventHub, (hub) =>
    Effect.flatMap(
      Draft.make(definition, payload, { sessionId: "s" }),
      (draft) => hub.append(streamOf("s"), "any", [draft])
    ))

const given = Effect.flatMap(
  EventHub,
  (hub) => TurnSignals.make(hub, { tenant: "", sessionId: "s", turn: "t", execution: "r", after: 0, maxSeconds: 10 })
)

describe("What others say to a turn", () => {
  it.effect("is that it is cancelled: gracefully it goes on, at once it is given up", () =>
    Effect.gen(function*() {
      const signals = yield* given
      yield* say(TurnEvents.CancelRequested, { turn: "another", mode: "immediate" })
      yield* say(TurnEvents.CancelRequested, { turn: "t", mode: "graceful" })
      yield* Effect.yieldNow.pipe(Effect.repeat({ until: () => signals.cancel() !== undefined }))
      assert.strictEqual(signals.cancel(), "graceful")
      const givenUp = yield* Effect.forkChild(signals.givenUp)
      yield* say(TurnEvents.CancelRequested, { turn: "t", mode: "immediate" })
      yield* Fiber.join(givenUp)
      assert.strictEqual(signals.cancel(), "immediate")
    }).pipe(Effect.scoped, Effect.provide(MemoryHub.layer)))

  it.effect("is that its time is over, which stands still while an approval is waited for", () =>
    Effect.gen(function*() {
      const signals = yield* given
      const waiting = yield* Effect.forkChild(signals.awaitAnswers(["a"], Duration.seconds(60)))
      yield* TestClock.adjust("30 seconds")
      assert.isFalse(signals.isLate())
      yield* say(TurnEvents.ApprovalAnswered, { turn: "t", approval_id: "a", decision: "grant", reason: null })
      yield* Fiber.join(waiting)
      assert.deepStrictEqual(signals.answerOf("a"), { decision: "grant", reason: null })
      yield* TestClock.adjust("9 seconds")
      assert.isFalse(signals.isLate())
      yield* TestClock.adjust("80 seconds")
      assert.isTrue(signals.isLate())
      yield* signals.givenUp
    }).pipe(Effect.scoped, Effect.provide(MemoryHub.layer)))

  it.effect("is that another process has closed it", () =>
    Effect.gen(function*() {
      const signals = yield* given
      const end = { turn: "t", status: "cancelled" as const, reason: "abandoned", error: null }
      yield* say(TurnEvents.ExecutionEnded, { ...end, execution: "an earlier one" })
      yield* say(TurnEvents.ExecutionEnded, { ...end, execution: "r" })
      yield* signals.givenUp
      assert.isTrue(signals.isClosed())
    }).pipe(Effect.scoped, Effect.provide(MemoryHub.layer)))
})
