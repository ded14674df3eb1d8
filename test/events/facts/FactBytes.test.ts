/** A fact's text as bytes. */
import { assert, describe, it } from "@effect/vitest"
import * as FactBytes from "../../../src/events/facts/FactBytes.ts"

const sound = { kind: "alone", isAltered: false, goesOn: false } as const

describe("the bytes of a fact", () => {
  it.each(
    [
      { length: 10, kind: "alone", how: [4, 0] },
      { length: 20_000, kind: "alone", how: [4, 1] },
      { length: 10, kind: "inConversation", how: [7, 0] },
      { length: 300, kind: "inConversation", how: [7, 2] },
      { length: 10, kind: "sharesPassages", how: [8, 0] },
      { length: 300, kind: "sharesPassages", how: [8, 2] },
      { length: 300, kind: "sharesPassages", how: [8, 0], goesOn: false },
      { length: 20_000, kind: "sharesPassages", how: [8, 1], goesOn: false }
    ] as const
  )(
    "give the text again: $length characters, $kind",
    ({ how, kind, length, ...rest }) => {
      const { goesOn = kind !== "alone" } = rest as { readonly goesOn?: boolean }
      const text = "漢字 and so on ".repeat(length).slice(0, length)
      const bytes = FactBytes.pack([text], { kind, isAltered: false, goesOn })
      assert.deepStrictEqual([...bytes.subarray(0, 2)], [...how])
      assert.deepStrictEqual(FactBytes.unpack(bytes), { text, isAltered: false })
      assert.strictEqual(FactBytes.kindOf(bytes), kind)
      assert.isTrue(FactBytes.unpack(FactBytes.pack([text], { kind, isAltered: true, goesOn })).isAltered)
    }
  )

  it("of a turn are few: what all have in common is not stored", () => {
    const turn =
      "{\"operation\":\"createChatCompletion\",\"status\":200,\"headers\":{\"content-type\":\"application/json\"}}"
    const text = `${turn}${Array.from({ length: 400 }, (_, n) => (n * 7919) % 1000).join()}`.padEnd(2100, "-")
    const [alone, inConversation] = [sound, { ...sound, kind: "inConversation" as const, goesOn: true }].map((each) =>
      FactBytes.pack([text], each).length
    )
    assert.isBelow(inConversation!, alone! - turn.length)
  })
})
