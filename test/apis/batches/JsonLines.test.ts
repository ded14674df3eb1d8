import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import * as JsonLines from "../../../src/apis/batches/JsonLines.ts"

/** Cut where it hurts: after every few bytes, also within a character. */
const cut = (text: string, size: number) => {
  const bytes = Buffer.from(text)
  const pieces: Array<Uint8Array> = []
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size))
  return Stream.fromIterable(pieces)
}

const linesOf = (text: string, size: number, limit?: number) =>
  Effect.map(Stream.runCollect(JsonLines.make(cut(text, size), limit)), (lines) => [...lines])

describe("lines of bytes", () => {
  it.effect.each([1, 2, 3, 7, 1000])("are whole and numbered, in pieces of %i bytes", (size) =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* linesOf("{\"a\":\"é€😀\"}\r\n\n  \n{}\nlast", size), [
        { line: 1, text: "{\"a\":\"é€😀\"}", tooLong: false },
        { line: 4, text: "{}", tooLong: false },
        { line: 5, text: "last", tooLong: false }
      ])
    }))

  it.effect.each(["", "\n", "\n\n \n"])(
    "given %j, are none",
    (text) => Effect.map(linesOf(text, 2), (lines) => assert.deepStrictEqual(lines, []))
  )

  it.effect("given one that is too long, say so of it alone, and hold nothing of it", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* linesOf(`a\n${"x".repeat(50)}\nb`, 4, 10), [
        { line: 1, text: "a", tooLong: false },
        { line: 2, text: "", tooLong: true },
        { line: 3, text: "b", tooLong: false }
      ])
    }))

  it.effect("given a million, are counted, none held", () =>
    Effect.gen(function*() {
      const chunk = Buffer.from("{\"custom_id\":\"x\"}\n".repeat(1000))
      const lines = JsonLines.make(Stream.fromIterable(Array.from({ length: 1000 }, () => chunk)))
      assert.strictEqual(yield* Stream.runCount(lines), 1_000_000)
    }), 60_000)
})
