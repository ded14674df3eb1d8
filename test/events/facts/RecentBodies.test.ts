/** What a writer remembers of the bodies that were sent. */
import { assert, describe, it } from "@effect/vitest"
import * as BodyReference from "../../../src/events/facts/BodyReference.ts"
import type { Fact } from "../../../src/events/facts/Fact.ts"
import { RecentBodies } from "../../../src/events/facts/RecentBodies.ts"
import { asked, growing } from "../../support/conversationContract.ts"
import { answer } from "../../support/Facts.ts"

const stream = "session-s1"
const texts = growing(12)

const placeOf = (position: number, of = stream) => ({ stream: of, version: position, position })

/** Appends it, and gives the position of what it refers to. */
const append = (bodies: RecentBodies, fact: Fact, position: number, isCommitted = true): number | undefined => {
  const transaction = bodies.transaction()
  const stored = transaction.refer(fact, placeOf(position))
  if (isCommitted) transaction.committed()
  return BodyReference.baseOf(stored)?.position
}

const said = (turn: number) => asked(turn, texts[turn]!)

describe("recent bodies", () => {
  it("are referred to when they are committed, not before", () => {
    const bodies = new RecentBodies()
    append(bodies, said(3), 1)
    assert.strictEqual(append(bodies, said(4), 5, false), 1)
    assert.strictEqual(append(bodies, said(5), 9), 1)
    assert.strictEqual(append(bodies, said(6), 13), 9)
    assert.strictEqual(append(new RecentBodies(), said(7), 17), undefined)
  })

  it("are referred to within one transaction", () => {
    const transaction = new RecentBodies().transaction()
    transaction.refer(said(3), placeOf(1))
    assert.strictEqual(BodyReference.baseOf(transaction.refer(said(4), placeOf(5)))?.position, 1)
    assert.isNull(BodyReference.baseOf(transaction.refer(said(4), placeOf(9, "session-s2"))))
  })

  it("of conversations side by side are kept apart", () => {
    const bodies = new RecentBodies()
    const other = (turn: number) => asked(turn, texts[turn]!.replaceAll("they say", "nobody has said"))
    append(bodies, said(3), 1)
    append(bodies, other(3), 5)
    assert.strictEqual(append(bodies, said(4), 9), 1)
    assert.strictEqual(append(bodies, other(4), 13), 5)
    assert.strictEqual(append(bodies, said(5), 17), 9)
  })

  it("are none of a request without a session, or of the one that begins one", () => {
    const bodies = new RecentBodies()
    append(bodies, { ...said(3), sessionId: null }, 1)
    const begun = {
      kind: "event",
      numbering: "session",
      counter: 1,
      time: 5,
      causationId: null,
      type: "session:start",
      schemaVersion: 1,
      payload: "{}"
    } as const
    append(bodies, { ...said(3), parts: [begun, ...said(3).parts] }, 5)
    append(bodies, asked(3, "short"), 9)
    append(bodies, asked(3, `${"x".repeat(2000)}\ud83d`), 13)
    assert.deepStrictEqual(bodies.basesFor("", stream, [said(4)]), [])
    assert.isUndefined(append(bodies, said(4), 17))
  })

  it("are forgotten with what they refer to", () => {
    const bodies = new RecentBodies()
    for (const turn of [3, 4, 5]) append(bodies, said(turn), 4 * turn)
    assert.deepStrictEqual(bodies.basesFor("", stream, [said(6)]), [20, 12])
    assert.deepStrictEqual(bodies.basesFor("", stream, [{ ...said(6), parts: [answer(1, texts[6]!)] }]), [])
    bodies.forget("", stream, (position) => position === 16)
    assert.strictEqual(append(bodies, said(6), 24), 20)
    bodies.forget("", stream, (position) => position === 12)
    assert.isUndefined(append(bodies, said(7), 28))
  })

  it("take a bounded space", () => {
    const bodies = new RecentBodies()
    const long = (n: number) => asked(n, `${n}${"x".repeat(1_000_000)}`)
    for (let n = 0; n < 40; n++) {
      const transaction = bodies.transaction()
      transaction.refer(long(n), placeOf(n + 1, `session-${n}`))
      transaction.committed()
    }
    const known = Array.from({ length: 40 }, (_, n) => bodies.basesFor("", `session-${n}`, [long(n)]).length)
    assert.isAtMost(known.reduce((sum, each) => sum + each, 0), 18)
    assert.strictEqual(known.at(-1), 1)
  })
})
