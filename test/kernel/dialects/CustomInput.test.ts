/** The text in `{"input": "…"}` comes out however its JSON is cut, and each piece of it as soon as it is whole. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { CustomInput } from "../../../src/kernel/dialects/CustomInput.ts"

const read = (pieces: ReadonlyArray<string>): ReadonlyArray<string> => {
  const input = new CustomInput()
  return pieces.map((piece) => input.add(piece))
}

/** Every character as an escape. */
const escaped = (text: string): string =>
  text.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")

describe("CustomInput", () => {
  it.prop(
    "gives the text whole, whatever it is and wherever it is cut",
    { text: Schema.String, length: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 7 })) },
    ({ length, text }) => {
      for (const json of [JSON.stringify(text), `"${escaped(text)}"`]) {
        const whole = `{ "input" :${json}}`
        const pieces = whole.match(new RegExp(`[^]{1,${length}}`, "g")) ?? []
        assert.strictEqual(read(pieces).join(""), text)
      }
    }
  )

  it("gives no half of a character", () => {
    assert.deepStrictEqual(read(["{\"input\":\"a\\ud83d", "\\ude00", "b\"}"]), ["a", "😀", "b"])
    assert.deepStrictEqual(read(["{\"input\":\"a\ud83d", "\ude00b\"}"]), ["a", "😀b"])
  })

  it("gives nothing of arguments that are others, however many they are", () => {
    const more = Array.from({ length: 1000 }, () => "{\"query\":")
    assert.strictEqual(read(["{\"query\":\"a\"}", ...more]).join(""), "")
  })

  it("reads a long text in linear time", () => {
    const text = "\"a\"\n".repeat(150_000)
    const pieces = JSON.stringify({ input: text }).match(/[^]{1,4}/g) ?? []
    const begun = performance.now()
    assert.strictEqual(read(pieces).join(""), text)
    assert.strictEqual(read([JSON.stringify({ input: text })]).join(""), text)
    assert.isBelow(performance.now() - begun, 2000)
  })
})
