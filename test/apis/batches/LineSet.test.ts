import { assert, describe, it } from "@effect/vitest"
import { LineSet } from "../../../src/apis/batches/LineSet.ts"

describe("a set of lines", () => {
  it("has what was added and nothing else, also far behind", () => {
    const set = new LineSet()
    const added = [1, 7, 8, 9, 8191, 8192, 1_000_000]
    for (const line of added) set.add(line)
    const around = added.flatMap((line) => [line - 1, line, line + 1])
    assert.deepStrictEqual(around.filter((line) => set.has(line)), around.filter((line) => added.includes(line)))
    assert.isFalse(set.has(50_000_000))
  })
})
