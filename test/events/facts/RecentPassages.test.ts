/** What a writer remembers of what state events say. */
import { assert, describe, it } from "@effect/vitest"
import type { EventPart, Fact } from "../../../src/events/facts/Fact.ts"
import { RecentPassages } from "../../../src/events/facts/RecentPassages.ts"
import type { EventDraft } from "../../../src/events/types/Envelope.ts"
import { answer, ofParts } from "../../support/Facts.ts"

const said = "what somebody has said at some length, ".repeat(8)

const placeOf = (position: number) => ({ stream: "session-s1", version: position, position })

const state: EventPart = {
  kind: "event",
  numbering: "request",
  counter: 1,
  time: 1,
  causationId: null,
  type: "turn:start",
  schemaVersion: 1,
  payload: JSON.stringify({ content: said })
}

const inSession = (fact: Fact, sessionId: string | null = "s1"): Fact => ({ ...fact, sessionId })
const saying = inSession(ofParts(state))
const again = inSession(ofParts(answer(3, JSON.stringify({ text: said }))))

const row: EventDraft = {
  id: "0199bbbb-0000-7000-8000-000000000001",
  type: "response:created",
  level: "default",
  schemaVersion: 1,
  time: 1,
  tenant: "",
  sessionId: null,
  parentSessionId: null,
  requestId: saying.requestId,
  attempt: null,
  causationId: null,
  provider: null,
  principal: null,
  payload: JSON.stringify({ output: said, also: ".".repeat(400) })
}

const place = { position: 5, part: 0, offset: "{\"content\":\"".length }

/** Where what a body says is found, in a transaction of its own. */
const foundIn = (passages: RecentPassages, fact: Fact) =>
  passages.transaction().ofFact(fact, placeOf(9))?.find(JSON.stringify({ text: said }))
    .map(({ offset, part, position }) => ({ offset, part, position }))

/** What a session begins with: stored as it is. */
const begun = (): RecentPassages => {
  const passages = new RecentPassages()
  for (const position of [1, 2, 3]) {
    const transaction = passages.transaction()
    assert.isUndefined(
      transaction.ofFact(inSession(ofParts({ ...state, payload: `{"n":"${long(position)}"}` })), placeOf(position))
    )
    transaction.committed()
  }
  return passages
}
const long = (number: number) => `${number} of what is said in the beginning, `.repeat(8)

describe("recent passages", () => {
  it("are referred to by bodies and by events of the same session when they are committed, not before", () => {
    const passages = begun()
    passages.transaction().ofFact(saying, placeOf(5))
    assert.deepStrictEqual(foundIn(passages, again), [])
    const transaction = passages.transaction()
    transaction.ofFact(saying, placeOf(5))
    assert.deepInclude(transaction.ofEvent(row, placeOf(6))?.[0] as object, place)
    transaction.committed()
    assert.deepStrictEqual(foundIn(passages, again), [place])
  })

  it("are not cut out of short rows of a first turn", () => {
    const passages = begun()
    const transaction = passages.transaction()
    transaction.ofFact(saying, placeOf(5))
    const short = { ...row, payload: JSON.stringify({ output: said }) }
    assert.isBelow(short.payload.length, 512)
    assert.isUndefined(transaction.ofEvent(short, placeOf(6)))
    assert.isUndefined(transaction.ofEvent(short, placeOf(7)))
    assert.deepInclude(transaction.ofEvent(short, placeOf(8))?.[0] as object, place)
  })

  it("are not cut out of what is stored first of a session, and are there for what follows", () => {
    const passages = new RecentPassages()
    const transaction = passages.transaction()
    assert.isUndefined(transaction.ofFact(saying, placeOf(5)))
    assert.isUndefined(transaction.ofEvent(row, placeOf(6)))
    transaction.committed()
    assert.isUndefined(passages.transaction().ofFact(again, placeOf(7)))
    const next = passages.transaction()
    next.ofFact(saying, placeOf(7))
    assert.strictEqual(next.ofFact(again, placeOf(8))?.find(JSON.stringify({ text: said })).length, 1)
  })

  it("are cut out of what is long, also where it is stored first", () => {
    const passages = new RecentPassages()
    const transaction = passages.transaction()
    const whole = { ...state, payload: JSON.stringify({ content: said.repeat(200) }) }
    assert.isDefined(transaction.ofFact(inSession(ofParts(whole)), placeOf(5)))
    const cuts = transaction.ofEvent({ ...row, payload: JSON.stringify({ output: said.repeat(200) }) }, placeOf(6))
    assert.strictEqual(cuts?.length, 1)
  })

  it("are cut out of a payload that says them again, and stand where they stood first", () => {
    const passages = begun()
    for (const position of [5, 7]) {
      const transaction = passages.transaction()
      const stored = transaction.ofFact(saying, placeOf(position))?.fact.parts[0]
      assert.strictEqual(stored?.kind === "event" ? stored.cuts?.length : -1, position === 5 ? undefined : 1)
      transaction.committed()
    }
    assert.deepStrictEqual(foundIn(passages, again), [place])
  })

  it("are none of another session, of another tenant, of a request without one, or of what begins one", () => {
    const passages = new RecentPassages()
    const transaction = passages.transaction()
    transaction.ofFact(saying, placeOf(5))
    transaction.ofFact(inSession(saying, null), placeOf(6))
    transaction.ofFact(inSession(ofParts({ ...state, numbering: "session" }), "s2"), placeOf(7))
    transaction.committed()
    assert.isUndefined(foundIn(passages, inSession(again, "s2")))
    assert.isUndefined(foundIn(passages, inSession(again, null)))
    assert.isUndefined(foundIn(passages, { ...again, tenant: "acme" }))
    assert.isUndefined(passages.transaction().ofEvent({ ...row, requestId: null }, placeOf(9)))
  })
})
