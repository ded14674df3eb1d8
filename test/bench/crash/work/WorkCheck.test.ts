import { assert, describe, it } from "@effect/vitest"
import { problems } from "../../../../bench/crash/work/WorkCheck.ts"

const given = {
  counts: new Map([["s/a", { started: 2, ended: 1 }], ["s/b", { started: 1, ended: 1 }]]),
  acknowledged: new Set(["a", "b"]),
  calls: new Map([["a", 2], ["b", 1]]),
  streamOf: (id: string) => `s/${id}`,
  kills: 1,
  concurrency: 1
}

describe("what must hold of killed work", () => {
  it("is satisfied by pieces that ended once, with an attempt for each call", () => {
    assert.deepStrictEqual(problems(given), [])
  })

  it.each([
    [{ acknowledged: new Set(["a", "b", "c"]) }, "c was acknowledged"],
    [{ counts: new Map([...given.counts, ["s/b", { started: 1, ended: 2 }]]) }, "s/b ended 2 times"],
    [{ counts: new Map([...given.counts, ["s/b", { started: 1, ended: 0 }]]) }, "s/b ended 0 times"],
    [{ calls: new Map([["a", 3]]) }, "a: 3 calls in 2 attempts"],
    [{ kills: 0 }, "3 calls, of which 2 may be"]
  ])("is not where %j", (changed, problem) => {
    assert.include(problems({ ...given, ...changed }).join("\n"), problem)
  })
})
