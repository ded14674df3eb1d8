/** Messages of AWS are read wherever their bytes are torn; what is none ends the stream, and says why. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { crc32 } from "node:zlib"
import { isBrokenFrame, longestFrame } from "../../../../src/events/types/Framing.ts"
import { eventStream } from "../../../../src/kernel/dialects/framing/EventStream.ts"
import { bytesOf, eventOf, textOf, torn } from "./FramingSamples.ts"

const first = { messageStart: { role: "assistant" } }
const delta = { contentBlockDelta: { contentBlockIndex: 0, delta: { text: "Blåbær 🌧" } } }
const exception = { throttlingException: { message: "no" } }

const whyBroken = (bytes: Uint8Array): unknown => {
  const text = textOf(eventStream, [bytes])
  assert.isTrue(text.startsWith(eventOf(first)), text)
  const frame = text.slice(eventOf(first).length)
  assert.isTrue(isBrokenFrame(frame), frame)
  return JSON.parse(frame.split("data: ")[1]!).error.message
}

/** A message behind the first one, changed. */
const changed = (change: (bytes: Buffer) => Buffer | void): Buffer => {
  const bytes = Buffer.from(eventStream.frameOf(eventOf(delta)))
  return Buffer.concat([bytesOf(eventStream, [first]), change(bytes) ?? bytes])
}

const withLength = (length: number) =>
  changed((bytes) => {
    bytes.writeUInt32BE(length, 0)
    bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8)
  })

describe("EventStream", () => {
  it.prop(
    "gives a message as an event that says the same, wherever it is torn",
    {
      values: Schema.Array(
        Schema.Struct({
          name: Schema.Literals(["messageStart", "contentBlockDelta", "metadata"]),
          event: Schema.JsonObject
        })
      ),
      length: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 40 }))
    },
    ({ length, values }) => {
      const each = values.map(({ event, name }) => ({ [name]: event }))
      const bytes = bytesOf(eventStream, each)
      assert.strictEqual(textOf(eventStream, torn(bytes, length)), each.map(eventOf).join(""))
    }
  )

  it("is torn at every byte of a stream, and says the same", () => {
    const bytes = bytesOf(eventStream, [first, delta])
    for (let at = 0; at <= bytes.length; at++) {
      const pieces = [bytes.subarray(0, at), bytes.subarray(at)]
      assert.strictEqual(textOf(eventStream, pieces), eventOf(first) + eventOf(delta))
    }
  })

  it("gives an exception as an error", () => {
    assert.strictEqual(textOf(eventStream, [bytesOf(eventStream, [exception])]), `event: error\n${eventOf(exception)}`)
  })

  it("says nothing of a message that is torn at the end", () => {
    const bytes = bytesOf(eventStream, [first, delta])
    const whole = bytesOf(eventStream, [first]).length
    for (let at = whole; at < bytes.length; at++) {
      assert.strictEqual(textOf(eventStream, [bytes.subarray(0, at)]), eventOf(first))
    }
  })

  it.each([
    [
      "a wrong checksum of its lengths",
      () => changed((bytes) => void (bytes[9]! ^= 1)),
      /checksum of a message's lengths/
    ],
    ["a wrong checksum of all of it", () => changed((bytes) => void (bytes[bytes.length - 1]! ^= 1)), /can't be read/],
    ["a payload that was changed", () => changed((bytes) => void (bytes[bytes.length - 8]! ^= 1)), /can't be read/],
    ["no message at all", () => changed(() => Buffer.from("{\"a\":1}, and so on")), /checksum of a message's lengths/],
    ["a huge length", () => withLength(0xffff_fff0), /longer than/],
    ["a length that nothing fits in", () => withLength(8), /8 bytes long/]
  ])("ends at %s", (_, bytes, message) => {
    assert.match(String(whyBroken(bytes())), message)
  })

  it("ends at a payload that is no JSON, and at a message without a type", () => {
    const odd = changed((bytes) => {
      const text = bytes.toString("latin1").replace("{\"contentBlockIndex\"", "x\"contentBlockIndex\"")
      const other = Buffer.from(text, "latin1")
      other.writeUInt32BE(crc32(other.subarray(0, -4)), other.length - 4)
      return other
    })
    assert.match(String(whyBroken(odd)), /no JSON/)
    const nameless = Buffer.concat([bytesOf(eventStream, [first]), eventStream.frameOf(eventOf({ "": {} }))])
    assert.strictEqual(whyBroken(nameless), "a message has no type")
  })

  it("does not wait for a message that is too long", () => {
    const cutter = eventStream.cutter()
    cutter.ends(withLength(longestFrame + 1))
    assert.isTrue(cutter.isBroken)
  })

  it("finds the first message that is whole in bytes that begin anywhere", () => {
    const bytes = bytesOf(eventStream, [first, delta])
    const second = bytesOf(eventStream, [first]).length
    assert.strictEqual(eventStream.beginningIn(bytes), 0)
    assert.strictEqual(eventStream.beginningIn(bytes.subarray(3)), second - 3)
    assert.strictEqual(eventStream.beginningIn(bytes.subarray(second + 1)), bytes.length - second - 1)
  })
})
