/** Nothing of a text is a command to a terminal, whatever it holds. */
import { assert, describe, it } from "@effect/vitest"
import * as PlainText from "../../src/cli/PlainText.ts"

describe("a plain text", () => {
  it("shows every control character but tabs and line ends", () => {
    for (let code = 0; code < 0xa0; code++) {
      const text = PlainText.of(String.fromCharCode(code))
      const isControl = (code < 0x20 && code !== 9 && code !== 10) || code >= 0x7f
      assert.strictEqual(/\p{Cc}/u.test(text) && text !== "\t" && text !== "\n", false, String(code))
      if (!isControl) assert.strictEqual(text, String.fromCharCode(code))
    }
  })

  it("does not turn the direction of what follows", () =>
    assert.strictEqual(PlainText.of("a\u202eb\u2066c\u200f"), "a\ufffdb\ufffdc\ufffd"))

  it("leaves letters of every script, and line ends", () =>
    assert.strictEqual(PlainText.of("é 漢 😀\r\nनमस्ते"), "é 漢 😀\nनमस्ते"))

  it("can be put into a line", () => {
    assert.strictEqual(PlainText.inOneLine(" a\n\tb\u001b "), "a b␛")
    assert.strictEqual(PlainText.inOneLine("abcdef", 4), "abc…")
  })
})
