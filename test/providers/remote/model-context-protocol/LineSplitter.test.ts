/** Bytes cut into lines. */
import { assert, describe, it } from "@effect/vitest"
import { LineSplitter } from "../../../../src/providers/remote/model-context-protocol/LineSplitter.ts"

const split = (chunks: ReadonlyArray<string>, longest: number, whenLong?: "drop" | "cut") => {
  const lines: Array<string> = []
  let tooLong = 0
  const splitter = new LineSplitter(longest, { line: (line) => lines.push(line), tooLong: () => tooLong++ }, whenLong)
  for (const chunk of chunks) splitter.add(Buffer.from(chunk, "latin1"))
  return { lines, tooLong }
}

describe("lines", () => {
  it("are whole, wherever the chunks end", () => {
    const text = Buffer.from("ä\n\nbc\r\nd\n").toString("latin1")
    const chunks = [...text]
    assert.deepStrictEqual(split(chunks, 10).lines, ["ä", "", "bc", "d"])
    assert.deepStrictEqual(split([text], 10).lines, ["ä", "", "bc", "d"])
  })

  it("that are too long are passed over once, or cut; the next ones come", () => {
    const chunks = ["a\n123", "456", "789\nb\n"]
    assert.deepStrictEqual(split(chunks, 5), { lines: ["a", "b"], tooLong: 1 })
    assert.deepStrictEqual(split(chunks, 5, "cut"), { lines: ["a", "12345", "b"], tooLong: 1 })
  })
})
