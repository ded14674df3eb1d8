/** What is masked in JSON leaves JSON, and the words it has of its own. */
import { assert, describe, it } from "@effect/vitest"
import * as JsonRanges from "../../../src/events/redaction/JsonRanges.ts"
import { cover, mask } from "../../../src/events/redaction/Mask.ts"

const rangesOf = (text: string, secret: string) => {
  const start = text.indexOf(secret)
  return start === -1 ? [] : [{ start, end: start + secret.length, mask }]
}

const masked = (text: string, secret: string, own?: string) =>
  cover(text, JsonRanges.fit(text, rangesOf(text, secret), own === undefined ? undefined : (word) => word === own))

describe("JsonRanges", () => {
  it.each([
    { name: "a number", text: `{"a":123456}`, expected: `{"a":"${mask}"}` },
    { name: "a part of a number", text: `{"a":-91234567.5e3,"b":1}`, expected: `{"a":"${mask}","b":1}` },
    { name: "a number in a list", text: "[1, 123456]", expected: `[1, "${mask}"]` },
    { name: "digits in a text", text: `{"a":"is 123456."}`, expected: `{"a":"is ${mask}."}` },
    { name: "digits in a key", text: `{"123456":1}`, expected: `{"${mask}":1}` },
    { name: "digits in what is no JSON", text: "it is 123456", expected: `it is ${mask}` },
    { name: "nothing", text: `{"a":1}`, expected: `{"a":1}` }
  ])("JSON stays JSON: $name", ({ expected, text }) => {
    assert.strictEqual(masked(text, "123456"), expected)
  })

  it.each([
    { name: "a key", text: `{"head_sha256":"x"}`, secret: "head_sha256", own: "head_sha256" },
    { name: "a part of a key", text: `{"head_sha256":"x"}`, secret: "_sha256", own: "head_sha256" },
    { name: "a value", text: `{"a":"utf-16"}`, secret: "utf-16", own: "utf-16" },
    { name: "the number under a name", text: `{"bytes":123456}`, secret: "123456", own: "bytes" }
  ])("what is its own stays: $name", ({ own, secret, text }) => {
    assert.strictEqual(masked(text, secret, own), text)
    assert.notStrictEqual(masked(text, secret, "another"), text)
  })

  it("a word that only contains what is its own does not", () => {
    assert.strictEqual(masked(`{"a":"my utf-16 key"}`, "utf-16", "utf-16"), `{"a":"my ${mask} key"}`)
  })
})
