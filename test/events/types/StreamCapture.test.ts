/** Streamed answers, split into the frames they were sent in. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { StreamCapture } from "../../../src/events/types/StreamCapture.ts"
import type { Frame } from "../../../src/events/types/Traffic.ts"

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

/** Cuts into chunks of these lengths, over and over. */
const chunked = (bytes: Uint8Array, lengths: ReadonlyArray<number>): ReadonlyArray<Uint8Array> => {
  const chunks: Array<Uint8Array> = []
  for (let start = 0, index = 0; start < bytes.length; index++) {
    const length = lengths[index % lengths.length] ?? 1
    chunks.push(bytes.slice(start, start + length))
    start += length
  }
  return chunks
}

/** The nth chunk, from 0, comes at n × 10 milliseconds. */
const capture = (chunks: ReadonlyArray<Uint8Array>) => {
  const frames = new StreamCapture()
  for (const [index, chunk] of chunks.entries()) frames.add(chunk, index * 10)
  return frames.finish()
}

const captureText = (...chunks: ReadonlyArray<string>) => capture(chunks.map((chunk) => Buffer.from(chunk)))

const bytesOf = (frames: ReadonlyArray<Frame>, encoding: "utf-8" | "base64") =>
  Buffer.concat(frames.map(([, frame]) => Buffer.from(frame, encoding === "utf-8" ? "utf8" : "base64")))

/** When a byte came. */
const offsetAt = (chunks: ReadonlyArray<Uint8Array>, position: number) => {
  let end = 0
  return chunks.findIndex((chunk) => (end += chunk.length) > position) * 10
}

const lengths = Schema.NonEmptyArray(between(1, 7))
const pieces = Schema.Array(
  Schema.Literals(["data: x", "\n\n", "\r\n\r\n", "\r\n\n", "\n", "\r", "é", "漢", "😀", "\u{feff}", "\u0000", ": "])
)

describe("StreamCapture", () => {
  it("splits at empty lines, however lines end", () => {
    const { encoding, frames } = captureText("data: 1\n\nevent: a\ndata: 2\r\n\r\ndata: [DONE]\n\n")
    assert.deepStrictEqual(frames, [[0, "data: 1\n\n"], [0, "event: a\ndata: 2\r\n\r\n"], [0, "data: [DONE]\n\n"]])
    assert.strictEqual(encoding, "utf-8")
  })

  it("joins what came in pieces, at the time of the last one", () => {
    const { frames } = captureText("data", ": 1\n", "\ndata: 2\r\n\r", "\nrest")
    assert.deepStrictEqual(frames, [[20, "data: 1\n\n"], [30, "data: 2\r\n\r\n"], [30, "rest"]])
  })

  it("keeps characters whole that came in two chunks", () => {
    const bytes = Buffer.from("data: 漢😀\n\n")
    const { encoding, frames } = capture([bytes.subarray(0, 8), bytes.subarray(8, 11), bytes.subarray(11)])
    assert.deepStrictEqual(frames, [[20, "data: 漢😀\n\n"]])
    assert.strictEqual(encoding, "utf-8")
  })

  it("cuts frames that are not UTF-8 as it cuts others, and says what they say", () => {
    const capture = new StreamCapture()
    const [one, other] = ["data: caf\u00e9\n\n", "data: 2\n\n"].map((text) => Buffer.from(text, "latin1"))
    const bytes = Buffer.concat([one!, other!])
    capture.add(bytes.subarray(0, 5), 1)
    capture.add(bytes.subarray(5, 12), 2)
    capture.add(bytes.subarray(12), 3)
    const captured = capture.finish()
    assert.deepStrictEqual(captured.frames, [[2, one!.toString("base64")], [3, other!.toString("base64")]])
    assert.deepStrictEqual(captured.texts, [[2, "data: caf\ufffd\n\n"], [3, "data: 2\n\n"]])
    const { bytes: firstBytes, frames } = captured.first(1)
    assert.deepStrictEqual([frames.length, firstBytes], [1, one])
  })

  it("keeps what is not UTF-8 as base64, chunk by chunk", () => {
    const { encoding, frames } = capture([Uint8Array.of(1, 2), Uint8Array.of(0xff)])
    assert.deepStrictEqual(frames, [[0, "AQI="], [10, "/w=="]])
    assert.strictEqual(encoding, "base64")
  })

  it("knows when the first chunk came", () => {
    const frames = new StreamCapture()
    assert.strictEqual(frames.firstOffset, null)
    assert.deepStrictEqual(frames.finish().frames, [])
    frames.add(Buffer.from("a"), 7)
    frames.add(Buffer.from("b"), 9)
    assert.strictEqual(frames.firstOffset, 7)
  })

  it("takes over what the provider gave where the client got the same, its times too", () => {
    const provider = captureText("data: 1\n", "\n")
    const same = new StreamCapture()
    same.add(Buffer.from("data: 1\n\n"), 99)
    assert.deepStrictEqual(same.finish(provider).frames, [[10, "data: 1\n\n"]])
    const other = new StreamCapture()
    other.add(Buffer.from("data: 2\n\n"), 99)
    assert.deepStrictEqual(other.finish(provider).frames, [[99, "data: 2\n\n"]])
  })

  it.prop("gives back any text, whatever its chunks", { pieces, lengths }, ({ lengths, pieces }) => {
    const text = pieces.join("")
    const chunks = chunked(Buffer.from(text), lengths)
    const captured = capture(chunks)
    const { encoding, frames } = captured
    assert.strictEqual(frames.map(([, frame]) => frame).join(""), text)
    assert.deepStrictEqual(frames.map(([, frame]) => frame), captureText(text).frames.map(([, frame]) => frame))
    assert.strictEqual(encoding, "utf-8")
    assert.strictEqual(captured.text, text)
    for (const [, frame] of frames.slice(0, -1)) assert.match(frame, /(\r\n|\r|\n){2}$/)
    let end = 0
    for (const [offset, frame] of frames) {
      end += Buffer.byteLength(frame)
      assert.strictEqual(offset, offsetAt(chunks, end - 1))
    }
  })

  it.prop("gives back any bytes, whatever their chunks", {
    bytes: Schema.Array(Schema.Union([between(0, 255), Schema.Literals([10, 13])])),
    lengths
  }, ({ bytes, lengths }) => {
    const whole = Uint8Array.from(bytes)
    const { encoding, frames } = capture(chunked(whole, lengths))
    assert.deepStrictEqual(bytesOf(frames, encoding), Buffer.from(whole))
  })

  it("keeps so many bytes of a long stream, whole frames, and knows how it ended and how long it was", () => {
    const frames = Array.from({ length: 10_000 }, (_, index) => `data: ${index}\n\n`)
    const all = Buffer.from(frames.join(""))
    const capture = new StreamCapture(1000)
    for (const [index, chunk] of chunked(all, [7, 300, 41]).entries()) capture.add(chunk, index)
    const captured = capture.finish()
    assert.strictEqual(captured.length, all.length)
    assert.isAtMost(captured.bytes.length, 1000)
    assert.isAbove(captured.bytes.length, 600)
    assert.isTrue(captured.text.endsWith("\n\n"))
    assert.strictEqual(captured.text, all.subarray(0, captured.bytes.length).toString())
    assert.strictEqual(captured.omitted, all.length - captured.bytes.length)
    assert.strictEqual(captured.texts.at(-1)?.[1], "data: 9999\n\n")
    assert.isTrue(captured.texts.every(([, text]) => /^data: \d+\n\n$/.test(text)))
    const again = new StreamCapture(1000)
    for (const chunk of chunked(all, [7, 300, 41])) again.add(chunk, 0)
    assert.strictEqual(again.finish(captured), captured)
  })
})
