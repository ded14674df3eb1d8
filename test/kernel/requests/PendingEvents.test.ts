/** What a request hands to the writer: facts, and events of their own between them. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Schema } from "effect"
import type { Appendable } from "../../../src/events/facts/Fact.ts"
import { countOf, isFact, mostEvents } from "../../../src/events/facts/Fact.ts"
import * as FactEvents from "../../../src/events/facts/FactEvents.ts"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import { Redactor } from "../../../src/events/redaction/Redactor.ts"
import * as EventIds from "../../../src/events/types/EventIds.ts"
import { PendingEvents } from "../../../src/kernel/requests/PendingEvents.ts"
import type { PendingPart } from "../../../src/kernel/requests/PendingPart.ts"
import { draft } from "../../support/EventDrafts.ts"
import { answer } from "../../support/Facts.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"

const requestId = "01a1fbed-d8cf-7225-a538-f92a689f0000"
const sessionId = "01a1fbed-d8cf-7325-a538-f92a689f0000"

const pendingEvents = Effect.map(
  Effect.all([EventHub, Clock.Clock]),
  ([hub, clock]) =>
    new PendingEvents(
      { hub, clock, requestId, sessionId, parentSessionId: null, level: "raw", secrets: [] },
      new Redactor(),
      2048
    )
)

const call = (path: string) => ({ path, attempt: 1, provider: "p" })

const summary = (counter: number, numbering: "request" | "call" = "request"): PendingPart["part"] => ({
  kind: "event",
  numbering,
  counter,
  time: 5,
  causationId: null,
  type: "test:seen",
  schemaVersion: 1,
  payload: "{}"
})

const exchange = (counter: number) => answer(counter, "text") as Extract<PendingPart["part"], { kind: "answer" }>

/** Number of events of each. */
const shape = (appended: ReadonlyArray<Appendable>) => appended.map((each) => isFact(each) ? countOf(each) : "event")

const Step = Schema.Literals(["summary", "exchange", "of call 1", "of call 2", "event"])

describe("PendingEvents", () => {
  it.effect("is empty, and is so again once it was taken", () =>
    Effect.gen(function*() {
      const pending = yield* pendingEvents
      assert.deepStrictEqual(pending.take(), [])
      pending.add(null, undefined, summary(1))
      assert.deepStrictEqual(shape(pending.take()), [1])
      assert.deepStrictEqual(pending.take(), [])
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("makes one fact of the session's beginning, the request and its first call", () =>
    Effect.gen(function*() {
      const pending = yield* pendingEvents
      pending.begin(draft({ type: "session:start", time: 4 }))
      pending.add(null, undefined, summary(1))
      pending.add(null, undefined, exchange(2))
      pending.add(call("1"), undefined, summary(1, "call"))
      const [fact, ...rest] = pending.take()
      assert.deepStrictEqual(rest, [])
      if (fact === undefined || !isFact(fact)) return assert.fail()
      assert.isTrue(FactEvents.beginsStream(fact))
      assert.deepStrictEqual(FactEvents.idsOf(fact), [
        EventIds.nth(sessionId, 1),
        EventIds.nth(requestId, 1),
        EventIds.nth(requestId, 2),
        EventIds.nth(requestId, 3),
        EventIds.nth(EventIds.ofCall(requestId, "1"), 1)
      ])
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("begins the next fact behind an event of its own, with another call, and where one is full", () =>
    Effect.gen(function*() {
      const pending = yield* pendingEvents
      pending.add(null, undefined, summary(1))
      pending.addEvent(draft())
      pending.add(call("1"), undefined, summary(1, "call"))
      pending.add(null, undefined, summary(2))
      pending.add(call("2"), undefined, summary(1, "call"))
      pending.add(null, undefined, summary(3))
      assert.deepStrictEqual(shape(pending.take()), [1, "event", 2, 2])
      for (let counter = 1; counter < 2 * mostEvents; counter += 2) pending.add(null, undefined, exchange(counter))
      assert.deepStrictEqual(shape(pending.take()), [mostEvents, mostEvents])
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect.prop("keeps every event once and in order, whatever comes", {
    steps: Schema.Array(Step).check(Schema.isMaxLength(120))
  }, ({ steps }) =>
    Effect.gen(function*() {
      const pending = yield* pendingEvents
      const expected: Array<string> = []
      const next: Record<string, number> = {}
      const take = (name: string, count = 1) => {
        const first = (next[name] ?? 0) + 1
        next[name] = first + count - 1
        return first
      }
      for (const step of steps) {
        if (step === "event") {
          const event = draft()
          expected.push(event.id)
          pending.addEvent(event)
        } else if (step === "exchange") {
          const counter = take("request", 2)
          expected.push(EventIds.nth(requestId, counter), EventIds.nth(requestId, counter + 1))
          pending.add(null, undefined, exchange(counter))
        } else if (step === "summary") {
          const counter = take("request")
          expected.push(EventIds.nth(requestId, counter))
          pending.add(null, undefined, summary(counter))
        } else {
          const path = step.slice(-1)
          const counter = take(step)
          expected.push(EventIds.nth(EventIds.ofCall(requestId, path), counter))
          pending.add(call(path), undefined, summary(counter, "call"))
        }
      }
      const appended = pending.take()
      assert.deepStrictEqual(appended.flatMap(FactEvents.idsOf), expected)
      for (const each of appended) assert.isAtMost(countOf(each), mostEvents)
    }).pipe(Effect.provide(MemoryHub.layer)), { arbitrary: { runs: 30 } })
})
