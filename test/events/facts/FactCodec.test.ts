/** Facts as bytes. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Difference from "../../../src/events/facts/BodyDifference.ts"
import * as BodyReference from "../../../src/events/facts/BodyReference.ts"
import type { BaseBody, Fact } from "../../../src/events/facts/Fact.ts"
import * as FactCodec from "../../../src/events/facts/FactCodec.ts"
import * as FactEvents from "../../../src/events/facts/FactEvents.ts"
import * as FactPruning from "../../../src/events/facts/FactPruning.ts"
import type { Columns } from "../../../src/events/facts/FactReader.ts"
import { nothing } from "../../../src/events/facts/FactReader.ts"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import { answer, factOf, Given, ofParts, place, Text, textOf } from "../../support/Facts.ts"

const columnsOf = ({ parentSessionId, principal, requestId, sessionId, tenant }: Fact): Columns => ({
  tenant,
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

const base = { position: 7, body: 0 }

/** A fact of a conversation, whose first request is stored as what differs from another text. */
const referring = (fact: Fact, earlier: string): Fact => {
  const text = BodyReference.candidateOf(fact)?.body.text
  const difference = text === undefined ? undefined : Difference.between(earlier, text)
  return BodyReference.inConversation(
    fact,
    difference === undefined ? undefined : { base, difference, digest: BodyReference.digestOf(text!) }
  )
}

const isBase = ({ body, position }: BaseBody): boolean => position === base.position && body === base.body

/** Read where the base is that text. */
const restoredWith = (fact: Fact, earlier: string | undefined): Fact =>
  FactCodec.decode(FactCodec.encode(fact), columnsOf(fact), {
    ...nothing,
    textOf: (asked) => isBase(asked) ? earlier : undefined
  })

const filler = "what was said before is long enough to refer to, ".repeat(40)

const request = (counter: number, text: string) => answer(counter, text, { kind: "request" })

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

  it.effect.prop("of a conversation stands for the same events, whatever it refers to", {
    given: Given,
    earlier: Text
  }, ({ earlier: pieces, given }) =>
    Effect.sync(() => {
      const whole = factOf(given)
      const candidate = BodyReference.candidateOf(whole)?.body.text.toWellFormed() ?? ""
      const earlier = `${candidate.slice(0, candidate.length >> 1)}${textOf(pieces)}${candidate.slice(-50)}`
      const fact = referring(whole, earlier)
      assert.deepStrictEqual(FactEvents.derive(restoredWith(fact, earlier), place), FactEvents.derive(whole, place))
      // Written again as it was read, without a look at what it refers to.
      const again = FactCodec.encode(restoredWith(fact, earlier))
      assert.deepStrictEqual(again, FactCodec.encode(fact))
    }), { arbitrary: { runs: 200 } })

  it("of a conversation holds of each text what differs, and counts that", () => {
    const fact = referring(ofParts(request(1, `${filler}and so on`), request(3, `${filler}and so forth`)), filler)
    assert.isBelow(FactCodec.encode(fact).length, 1000)
    const stored = restoredWith(fact, filler)
    assert.isBelow(FactPruning.charactersOf(fact).raw, 200)
    assert.strictEqual(FactPruning.charactersOf(stored).raw, FactPruning.charactersOf(fact).raw)
  })

  it.each([{ name: "gone", earlier: undefined }, { name: "another", earlier: filler.replace("before", "BEFORE") }])(
    "tells a body as lost where what it refers to is $name, and the rest as it was",
    ({ earlier }) => {
      const whole = ofParts(
        answer(1, "the answer"),
        request(3, `${filler}and so on`),
        request(5, `${filler}and so forth`)
      )
      const fact = referring(whole, filler)
      const lost = restoredWith(fact, earlier)
      const [first, ...events] = FactEvents.derive(lost, place).filter(({ level }) => level === "raw")
      assert.deepStrictEqual(first, FactEvents.derive(whole, place).find(({ level }) => level === "raw"))
      for (const event of events) assert.deepInclude(payloadOf(event), { body: "", sha256: "0".repeat(64) })
      // What debug shows of it then is never sound again; what refers to it still does.
      const pruned = (level: "debug" | "raw") => FactPruning.prune(lost, { level, before: Infinity, now: 1 })
      assert.isTrue(restoredWith(pruned("raw"), filler).isAltered)
      assert.isTrue(BodyReference.isSound(restoredWith(pruned("debug"), filler)))
    }
  )

  it.each([
    { name: "plain", middle: "and so on" },
    { name: "compressed", middle: Array.from({ length: 300 }, (_, n) => `${n * 7919}`).join() }
  ])("of a conversation is never taken for another with a byte changed: $name", ({ middle }) => {
    const whole = ofParts(request(1, `${filler}${middle}`))
    const fact = referring(whole, filler)
    const bytes = FactCodec.encode(fact)
    assert.strictEqual(bytes[1], middle.length > 100 ? 2 : 0)
    for (let at = 1; at < bytes.length; at++) {
      const changed = Buffer.from(bytes)
      changed[at] = changed[at]! ^ 1
      try {
        const read = FactCodec.decode(changed, columnsOf(fact), {
          ...nothing,
          textOf: (asked) => isBase(asked) ? filler : undefined
        })
        if (read.isAltered !== true && BodyReference.isSound(read)) {
          assert.deepStrictEqual(FactEvents.derive(read, place), FactEvents.derive(whole, place), `byte ${at}`)
        }
      } catch (cause) {
        assert.include(String(cause), "by another hand", `byte ${at}`)
      }
    }
  })

  it("is refused where a newer Strata wrote it", () => {
    assert.throws(() => restored(ofParts(answer(1, "")), (bytes) => void (bytes[0] = 99)), "update this one")
  })
})
