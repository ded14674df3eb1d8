/** Bodies that refer to others. */
import { assert, describe, it } from "@effect/vitest"
import * as BodyReference from "../../../src/events/facts/BodyReference.ts"
import { answer, ofParts } from "../../support/Facts.ts"

const base = { position: 1, body: 0 }
const difference = { kind: "replaced", find: "one", replacement: "other" } as const
const reference = { base, difference, digest: BodyReference.digestOf("the other") }
const common = { encoding: "utf-8", frames: null } as const

describe("a body that refers to another", () => {
  it("is made whole when it is looked at, once", () => {
    let asked = 0
    const body = BodyReference.body(reference, common, () => {
      asked++
      return "the one"
    })
    assert.strictEqual(BodyReference.storedLength(body), "oneother".length)
    assert.strictEqual(asked, 0)
    assert.strictEqual(body.text, "the other")
    assert.isFalse(body.isDamaged)
    assert.strictEqual(asked, 1)
  })

  it.each([undefined, "the others"])("is lost where there is another text, or none: %s", (text) => {
    const body = BodyReference.body(reference, common, () => text)
    assert.isTrue(body.isDamaged)
    assert.strictEqual(body.text, "")
    assert.isFalse(BodyReference.isSound(ofParts(answer(1, "x"), answer(3, "", { body }))))
  })

  it("is the first that was sent; the others are what differs from the one before", () => {
    const long = "what was said before is long enough, ".repeat(20)
    const request = answer(3, `${long}one`, { kind: "request" })
    const fact = ofParts(answer(1, "an answer"), request, answer(5, `${long}two`, { kind: "request" }))
    assert.strictEqual(BodyReference.candidateOf(fact)?.index, 1)
    assert.isNull(BodyReference.baseOf(fact))
    const stored = BodyReference.inConversation(fact, reference)
    assert.deepStrictEqual(BodyReference.baseOf(stored), base)
    const kinds = stored.parts.map((part) => part.kind === "event" ? undefined : part.body?.reference?.difference.kind)
    assert.deepStrictEqual(kinds, [undefined, "replaced", "spliced"])
    assert.isNull(BodyReference.baseOf(BodyReference.inConversation(stored, undefined)))
    const twice = BodyReference.inConversation(ofParts(request, { ...request, counter: 5 }), reference)
    assert.deepStrictEqual(
      twice.parts.map((part) => part.kind === "event" ? undefined : part.body?.reference?.base),
      [base, null]
    )
    assert.isUndefined(BodyReference.candidateOf(ofParts(answer(1, "x"))))
  })

  it("is the longest that was sent, where the first says but the end of the conversation", () => {
    const asked = answer(1, "only the last question of it", { kind: "request" })
    const whole = answer(3, "all that was said before, and the last question of it", { kind: "request" })
    const longer = answer(3, "all that was said before, ".repeat(3), { kind: "request" })
    assert.strictEqual(BodyReference.candidateOf(ofParts(asked, whole))?.index, 0)
    const fact = ofParts(asked, longer)
    assert.strictEqual(BodyReference.candidateOf(fact)?.index, 1)
    const stored = BodyReference.inConversation(fact, reference)
    assert.deepStrictEqual(BodyReference.baseOf(stored), base)
    assert.strictEqual(BodyReference.candidateOf(stored)?.index, 1)
    assert.strictEqual(BodyReference.sentAt(stored, 1)?.reference?.base, base)
  })

  it("is the one that refers, however long others are: facts of earlier versions have it first", () => {
    const asked = answer(1, "the question", { kind: "request" })
    const longer = answer(3, "all that was said before, ".repeat(3), { kind: "request" })
    const stored = BodyReference.inConversation(ofParts(asked, asked), reference)
    const fact = { ...stored, parts: [stored.parts[0]!, longer] }
    assert.strictEqual(BodyReference.candidateOf(fact)?.index, 0)
    assert.isUndefined(BodyReference.sentAt(fact, 7))
  })
})
