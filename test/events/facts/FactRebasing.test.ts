/** Facts whose bodies referred to others that are pruned. */
import { assert, describe, it } from "@effect/vitest"
import * as BodyReference from "../../../src/events/facts/BodyReference.ts"
import * as FactCodec from "../../../src/events/facts/FactCodec.ts"
import { nothing } from "../../../src/events/facts/FactReader.ts"
import * as FactRebasing from "../../../src/events/facts/FactRebasing.ts"
import { asked, growing } from "../../support/conversationContract.ts"

const texts = growing(12)

/** As it was stored: a difference to the fact at position 1, which is turn 5. */
const stored = (turn: number, position: number, stream: string, isThere = true) => {
  const whole = asked(turn, texts[turn]!)
  const { length } = texts[5]!
  const difference = { kind: "spliced", before: length - 2, middle: texts[turn]!.slice(length - 2), after: 0 } as const
  const digest = BodyReference.digestOf(texts[turn]!)
  const bytes = FactCodec.encode(
    BodyReference.inConversation(whole, { base: { position: 1, body: 0 }, difference, digest })
  )
  return {
    fact: FactCodec.decode(bytes, whole, { ...nothing, textOf: () => isThere ? texts[5] : undefined }),
    place: { stream, version: position, position }
  }
}

describe("facts whose base goes", () => {
  it("refer to the first of them in their stream, which is whole", () => {
    const rebased = FactRebasing.rebase([
      stored(7, 9, "session-s1"),
      stored(6, 5, "session-s1"),
      stored(8, 13, "session-s2")
    ])
    assert.deepStrictEqual(rebased.map(({ fact, place }) => [place.position, BodyReference.baseOf(fact)]), [
      [5, null],
      [9, { position: 5, body: 0 }],
      [13, null]
    ])
    for (const { before, fact } of rebased) {
      const bytes = FactCodec.encode(fact)
      const read = FactCodec.decode(bytes, fact, { ...nothing, textOf: () => texts[6] })
      const both = [before, read].map((each) => BodyReference.candidateOf(each)?.body.text)
      assert.strictEqual(both[0], both[1])
      assert.isTrue(BodyReference.isSound(read))
    }
  })

  it("stay as they are where they can't be made whole any more", () => {
    assert.deepStrictEqual(FactRebasing.rebase([stored(7, 9, "session-s1", false)]), [])
  })
})
