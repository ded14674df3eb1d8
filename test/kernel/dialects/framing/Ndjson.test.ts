/** Lines of JSON are read wherever their bytes are torn; what is none ends the stream, and says why. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { isBrokenFrame, longestFrame } from "../../../../src/events/types/Framing.ts"
import { ndjson } from "../../../../src/kernel/dialects/framing/Ndjson.ts"
import { bytesOf, eventOf, textOf, torn } from "./FramingSamples.ts"

const read = (text: string) => textOf(ndjson, [Buffer.from(text)])

const whyBroken = (text: string): unknown => {
  const frame = `${text.split("\n\n").at(-2)}\n\n`
  assert.isTrue(isBrokenFrame(frame), frame)
  return JSON.parse(frame.split("data: ")[1]!).error.message
}

describe("Ndjson", () => {
  it.prop(
    "gives a line as an event that says the same, wherever it is torn",
    {
      values: Schema.Array(Schema.Record(Schema.String, Schema.Json)),
      length: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 9 }))
    },
    ({ length, values }) => {
      const bytes = bytesOf(ndjson, values)
      assert.strictEqual(textOf(ndjson, torn(bytes, length)), values.map(eventOf).join(""))
    }
  )

  it("reads a last line without an end, lines that end in CRLF, and passes over empty ones", () => {
    assert.strictEqual(
      read("{\"a\":1}\r\n\r\n\n{\"b\":2}"),
      `${eventOf({ a: 1 })}: empty\n\n: empty\n\n${eventOf({ b: 2 })}`
    )
  })

  it("says nothing of a last line that is torn", () => {
    assert.strictEqual(read("{\"a\":1}\n{\"b\":"), eventOf({ a: 1 }))
  })

  it.each([
    ["garbage between", "{\"a\":1}\ngarbage\n{\"b\":2}\n", "a line is no JSON object: garbage"],
    ["a value that is no object", "{\"a\":1}\n[1]\n", "a line is no JSON object: [1]"],
    ["a page", "{\"a\":1}\n<html>\n", "a line is no JSON object: <html>"]
  ])("ends at %s", (_, text, message) => {
    const events = read(text)
    assert.isTrue(events.startsWith(eventOf({ a: 1 })))
    assert.strictEqual(whyBroken(events), message)
  })

  it("ends at a line that is no UTF-8", () => {
    const bytes = Buffer.concat([Buffer.from("{\"a\":\""), Buffer.from([0xff, 0xfe]), Buffer.from("\"}\n{}\n")])
    assert.strictEqual(whyBroken(textOf(ndjson, [bytes])), "a line is no UTF-8")
  })

  it("ends at a line that is too long before it is all there", () => {
    const piece = Buffer.alloc(65_536, "a")
    const cutter = ndjson.cutter()
    let taken = 0
    while (cutter.isBroken !== true && taken < 3 * longestFrame) {
      assert.deepStrictEqual(cutter.ends(piece), [])
      taken += piece.length
    }
    assert.isAtMost(taken, longestFrame + piece.length)
    const pieces = Array.from({ length: 160 }, () => piece)
    assert.strictEqual(whyBroken(textOf(ndjson, pieces)), `a line is longer than ${longestFrame} bytes`)
  })

  it("begins behind the first end of a line", () => {
    assert.strictEqual(ndjson.beginningIn(Buffer.from("orn\"}\n{}\n")), 6)
    assert.strictEqual(ndjson.beginningIn(Buffer.from("torn")), 4)
  })
})
