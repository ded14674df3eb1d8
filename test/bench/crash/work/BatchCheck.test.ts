import { assert, describe, it } from "@effect/vitest"
import { problems } from "../../../../bench/crash/work/BatchCheck.ts"

const given = {
  names: ["a", "b"],
  output: ["b", "a"],
  calls: new Map([["a", 2], ["b", 1], ["of another batch", 9]]),
  kills: 1,
  concurrency: 1
}

describe("what must hold of a batch whose servers are killed", () => {
  it("is satisfied by an output with each line once, and no more calls than kills explain", () => {
    assert.deepStrictEqual(problems(given), [])
  })

  it.each([
    [{ output: ["a"] }, "b is in the output 0 times"],
    [{ output: ["a", "b", "b"] }, "b is in the output 2 times"],
    [{ output: ["a", "b", "c"] }, "3 lines in the output of 2"],
    [{ kills: 0 }, "3 calls, of which 2 may be"]
  ])("is not where %j", (changed, problem) => {
    assert.include(problems({ ...given, ...changed }).join("\n"), problem)
  })
})
