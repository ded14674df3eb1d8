/** A fact's text as bytes. */
import { assert, describe, it } from "@effect/vitest"
import * as FactBytes from "../../../src/events/facts/FactBytes.ts"

const sound = { inConversation: false, isAltered: false }

describe("the bytes of a fact", () => {
  it.each([
    { length: 10, inConversation: false, how: [1, 0] },
    { length: 20_000, inConversation: false, how: [1, 1] },
    { length: 10, inConversation: true, how: [2, 0] },
    { length: 5000, inConversation: true, how: [2, 2] }
  ])(
    "give the text again: $length characters, in a conversation: $inConversation",
    ({ how, inConversation, length }) => {
      const text = "漢字 and so on ".repeat(length).slice(0, length)
      const bytes = FactBytes.pack(text, { inConversation, isAltered: false })
      assert.deepStrictEqual([...bytes.subarray(0, 2)], how)
      assert.deepStrictEqual(FactBytes.unpack(bytes), { text, isAltered: false })
      assert.strictEqual(FactBytes.isInConversation(bytes), inConversation)
      assert.isTrue(FactBytes.unpack(FactBytes.pack(text, { inConversation, isAltered: true })).isAltered)
    }
  )

  it("of a turn are few: what all have in common is not stored", () => {
    const turn =
      "{\"operation\":\"createChatCompletion\",\"status\":200,\"headers\":{\"content-type\":\"application/json\"}}"
    const text = `${turn}${Array.from({ length: 400 }, (_, n) => (n * 7919) % 1000).join()}`.padEnd(2100, "-")
    const [alone, inConversation] = [sound, { ...sound, inConversation: true }].map((each) =>
      FactBytes.pack(text, each).length
    )
    assert.isBelow(inConversation!, alone! - turn.length)
  })
})
