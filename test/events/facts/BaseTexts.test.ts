/** Texts of bodies that facts refer to, from one fact to the next. */
import { assert, describe, it } from "@effect/vitest"
import { BaseTexts } from "../../../src/events/facts/BaseTexts.ts"
import * as BodyReference from "../../../src/events/facts/BodyReference.ts"
import * as FactCodec from "../../../src/events/facts/FactCodec.ts"
import { answer, ofParts } from "../../support/Facts.ts"

const common = "what they all have in common, ".repeat(20)

/** The bytes of a fact whose request goes on from the one at another position. */
const referringTo = (position: number, own: string) => {
  const fact = ofParts(answer(1, "own", { kind: "request" }))
  const difference = { kind: "spliced", before: common.length, middle: own, after: 0 } as const
  const reference = { base: { position, body: 0 }, difference, digest: "unknown" }
  return FactCodec.encode(BodyReference.inConversation(fact, reference))
}

const whole = FactCodec.encode(ofParts(answer(1, common, { kind: "request" })))

describe("texts that facts refer to", () => {
  it("are made of a chain, each fact read once, and forgotten when they are pruned", () => {
    const loaded: Array<number> = []
    const texts = new BaseTexts((position) => {
      loaded.push(position)
      return position === 1 ? whole : referringTo(position - 1, `${position}`)
    })
    assert.strictEqual(texts.of({ position: 4, body: 0 }), `${common}4`)
    assert.strictEqual(texts.of({ position: 3, body: 0 }), `${common}3`)
    assert.deepStrictEqual(loaded, [4, 3, 2, 1])
    texts.clear()
    assert.strictEqual(texts.of({ position: 1, body: 0 }), common)
    assert.deepStrictEqual(loaded, [4, 3, 2, 1, 1])
  })

  it("are none where the chain is too long, goes in a circle, or ends in nothing that can be read", () => {
    const long = new BaseTexts((position) => position === 1 ? whole : referringTo(position - 1, "x"))
    assert.isDefined(long.of({ position: 16, body: 0 }))
    assert.isUndefined(new BaseTexts((position) => referringTo(position - 1, "x")).of({ position: 100, body: 0 }))
    assert.isUndefined(new BaseTexts((position) => referringTo(position, "x")).of({ position: 5, body: 0 }))
    const circle = new BaseTexts((position) => referringTo(position === 5 ? 6 : 5, "x"))
    assert.isUndefined(circle.of({ position: 5, body: 0 }))
    for (
      const bytes of [undefined, Buffer.from([9, 9]), whole.subarray(0, 60), FactCodec.encode(ofParts(answer(1, "x")))]
    ) {
      assert.isUndefined(new BaseTexts(() => bytes).of({ position: 5, body: 0 }))
    }
    assert.isUndefined(new BaseTexts(() => whole).of({ position: 5, body: 1 }))
  })
})
