/** Facts as bytes. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Fact } from "../../../src/events/facts/Fact.ts"
import * as FactCodec from "../../../src/events/facts/FactCodec.ts"
import * as FactEvents from "../../../src/events/facts/FactEvents.ts"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import { answer, factOf, Given, ofParts, place } from "../../support/Facts.ts"

const columnsOf = ({ parentSessionId, principal, requestId, sessionId }: Fact): FactCodec.Columns => ({
  requestId,
  sessionId,
  parentSessionId,
  principal
})

const restored = (fact: Fact, change: (bytes: Buffer) => void = () => undefined): Fact => {
  const bytes = FactCodec.encode(fact)
  change(bytes)
  return FactCodec.decode(bytes, columnsOf(fact))
}

const headerBytes = 34

describe("a fact that was stored", () => {
  it.effect.prop("is the fact, and stands for the same events", { given: Given }, ({ given }) =>
    Effect.sync(() => {
      const fact = factOf(given)
      assert.deepStrictEqual(restored(fact), fact)
      assert.deepStrictEqual(FactEvents.derive(restored(fact), place), FactEvents.derive(fact, place))
    }), { arbitrary: { runs: 300 } })

  it("is smaller where its bodies repeat each other, over a chain of them", () => {
    const text = (turn: number) => `{"model":"m","n":${turn},"text":"${"漢字 and so on ".repeat(50)}"}`
    const parts = Array.from({ length: 16 }, (_, index) => answer(1 + 2 * index, text(index)))
    const fact = ofParts(...parts)
    assert.deepStrictEqual(restored(fact), fact)
    assert.isBelow(FactCodec.encode(fact).length, FactCodec.encode(ofParts(parts[0]!)).length * 3)
  })

  it("is compressed where it is long", () => {
    const fact = ofParts(answer(1, "all the same ".repeat(10_000)))
    assert.isBelow(FactCodec.encode(fact).length, 5000)
    assert.deepStrictEqual(restored(fact), fact)
  })

  it("keeps bytes that are no text as base64", () => {
    const body = { text: Buffer.from([0, 255, 128]).toString("base64"), encoding: "base64", frames: null } as const
    const fact = ofParts(answer(1, "", { body }))
    assert.deepStrictEqual(restored(fact), fact)
  })

  it("keeps bodies that differ in half a character", () => {
    const fact = ofParts(answer(1, `${"x".repeat(200)}😀`), answer(3, `${"x".repeat(200)}😁`))
    assert.deepStrictEqual(restored(fact), fact)
  })

  it("has the sign of a missing character where half of one stood: no text of bytes has it", () => {
    const fact = ofParts(answer(1, "half \ud83d of it"))
    const [part] = restored(fact).parts
    assert.strictEqual(part?.kind === "answer" ? part.body?.text : undefined, "half \ufffd of it")
  })

  it("says so when its text was changed by another hand, and its digests fit nothing", () => {
    const fact = ofParts(answer(1, "the answer was no"))
    const altered = restored(fact, (bytes) => void bytes.write("yes", bytes.length - 3))
    assert.isTrue(altered.isAltered)
    const raw = FactEvents.derive(altered, place).find(({ level }) => level === "raw")!
    assert.propertyVal(payloadOf(raw), "sha256", "0".repeat(64))
    assert.propertyVal(payloadOf(raw), "head_sha256", "0".repeat(64))
    // Whatever is done to it: it is never sound again.
    assert.isTrue(restored(altered).isAltered)
  })

  it("says so of every byte of its texts and of its digest", () => {
    const fact = ofParts(answer(1, "0123456789"))
    const { length } = FactCodec.encode(fact)
    for (const at of [...Array(10).keys()].map((back) => length - 1 - back).concat([2, headerBytes - 1])) {
      assert.isTrue(restored(fact, (bytes) => void (bytes[at] = bytes[at]! ^ 1)).isAltered, `byte ${at}`)
    }
  })

  it.each([
    { name: "plain", fact: ofParts(answer(1, "0123456789"), answer(3, `0123456789${"x".repeat(100)}`)) },
    { name: "compressed", fact: ofParts(answer(1, "all the same ".repeat(2000))) }
  ])("is never taken for another with a byte changed, whichever it is: $name", ({ fact }) => {
    const { length } = FactCodec.encode(fact)
    for (let at = 1; at < length; at++) {
      for (const bit of [1, 0x80]) {
        let changed: Fact | undefined
        try {
          changed = restored(fact, (bytes) => void (bytes[at] = bytes[at]! ^ bit))
        } catch (cause) {
          assert.include(String(cause), "by another hand", `byte ${at}`)
        }
        // Not every bit of what is compressed says something.
        if (changed?.isAltered !== true && changed !== undefined) assert.deepStrictEqual(changed, fact, `byte ${at}`)
      }
    }
  })

  it("is refused where a newer Strata wrote it", () => {
    assert.throws(() => restored(ofParts(answer(1, "")), (bytes) => void (bytes[0] = 3)), "update this one")
  })
})
