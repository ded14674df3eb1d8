/** Frames end behind an empty line, whatever lines end in, and wherever the bytes are cut. */
import { assert, describe, it } from "@effect/vitest"
import * as Framing from "../../../src/events/types/Framing.ts"
import { SseCutter } from "../../../src/events/types/SseCutter.ts"

const rows: ReadonlyArray<readonly [text: string, ends: ReadonlyArray<number>]> = [
  ["", []],
  ["a", [1]],
  ["a\n\n", [3]],
  ["a\n\nb\n\n", [3, 6]],
  ["a\r\n\r\nb", [5, 6]],
  ["a\n\r\nb\r\n\n", [4, 8]],
  ["a\r\rb\r\r", [3, 6]],
  ["a\r\r\nb", [4, 5]],
  ["a\n\n\n\n", [3, 5]],
  ["\n\na", [2, 3]],
  ["a\nb\rc\r\n", [7]]
]

describe("SseCutter", () => {
  it.each(rows)("cuts %j at %j", (text, ends) => {
    assert.deepStrictEqual(Framing.endsIn(Framing.serverSentEvents, Buffer.from(text)), ends)
  })

  it("takes an LF for a part of the CR before it, also in the next bytes", () => {
    const cutter = new SseCutter()
    assert.deepStrictEqual(cutter.ends(Buffer.from("a\r\n\r")), [])
    assert.deepStrictEqual(cutter.ends(Buffer.from("\nb\r\r")), [1])
    assert.deepStrictEqual(cutter.ends(Buffer.from("c")), [0])
  })
})
