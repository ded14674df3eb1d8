/** What a request hands to the writer: facts, and events of their own between them. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import type { Appendable, FactCall } from "../../../src/events/facts/Fact.ts"
import { countOf, isFact, mostEvents } from "../../../src/events/facts/Fact.ts"
import * as FactEvents from "../../../src/events/facts/FactEvents.ts"
import { Redactor } from "../../../src/events/redaction/Redactor.ts"
import * as EventIds from "../../../src/events/types/EventIds.ts"
import type { Pending, PendingPart } from "../../../src/kernel/requests/PendingEvents.ts"
import { toAppend } from "../../../src/kernel/requests/PendingEvents.ts"
import { draft } from "../../support/EventDrafts.ts"
import { answer } from "../../support/Facts.ts"

const requestId = "01a1fbed-d8cf-7225-a538-f92a689f0000"
const sessionId = "01a1fbed-d8cf-7325-a538-f92a689f0000"

const of = { requestId, sessionId, parentSessionId: null, principal: null, tenant: "", debugBytes: 2048 }

const take = (...pending: ReadonlyArray<Pending>) => toAppend(pending, new Redactor(), of)

const part = (part: PendingPart["part"], call: FactCall | null = null): Pending => ({ part, call })

const call = (path: string) => ({ id: EventIds.ofCall(requestId, path), path, attempt: 1, provider: "p" })

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
  it("makes nothing of nothing", () => assert.deepStrictEqual(take(), []))

  it("makes one fact of the session's beginning, the request and its first call", () => {
    const start = { ...summary(1), numbering: "session" } as const
    const [fact, ...rest] = take(part(start), part(summary(1)), part(exchange(2)), part(summary(1, "call"), call("1")))
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
  })

  it("begins the next fact behind an event of its own, with another call, and where one is full", () => {
    const appended = take(
      part(summary(1)),
      { event: draft() },
      part(summary(1, "call"), call("1")),
      part(summary(2)),
      part(summary(1, "call"), call("2")),
      part(summary(3))
    )
    assert.deepStrictEqual(shape(appended), [1, "event", 2, 2])
    const many = Array.from({ length: mostEvents }, (_, index) => part(exchange(2 * index + 1)))
    assert.deepStrictEqual(shape(take(...many)), [mostEvents, mostEvents])
  })

  it.prop("keeps every event once and in order, whatever comes", {
    steps: Schema.Array(Step).check(Schema.isMaxLength(120))
  }, ({ steps }) => {
    const pending: Array<Pending> = []
    const expected: Array<string> = []
    const next: Record<string, number> = {}
    const number = (name: string, count = 1) => {
      const first = (next[name] ?? 0) + 1
      next[name] = first + count - 1
      return first
    }
    for (const step of steps) {
      if (step === "event") {
        const event = draft()
        expected.push(event.id)
        pending.push({ event })
      } else if (step === "exchange") {
        const counter = number("request", 2)
        expected.push(EventIds.nth(requestId, counter), EventIds.nth(requestId, counter + 1))
        pending.push(part(exchange(counter)))
      } else if (step === "summary") {
        const counter = number("request")
        expected.push(EventIds.nth(requestId, counter))
        pending.push(part(summary(counter)))
      } else {
        const path = step.slice(-1)
        const counter = number(step)
        expected.push(EventIds.nth(EventIds.ofCall(requestId, path), counter))
        pending.push(part(summary(counter, "call"), call(path)))
      }
    }
    const appended = take(...pending)
    assert.deepStrictEqual(appended.flatMap(FactEvents.idsOf), expected)
    for (const each of appended) assert.isAtMost(countOf(each), mostEvents)
  }, { arbitrary: { runs: 30 } })
})
