import { assert, describe, it } from "@effect/vitest"
import { OpenCalls } from "../../../src/kernel/dialects/OpenCalls.ts"

const of = (...calls: ReadonlyArray<readonly [id: string, name: string]>): OpenCalls => {
  const open = new OpenCalls()
  for (const [id, name] of calls) open.add({ id, name })
  return open
}

describe("OpenCalls", () => {
  it("gives a result the oldest call of its name, else the oldest, each once", () => {
    const open = of(["1", "a"], ["2", "b"], ["3", "a"], ["4", "b"])
    assert.deepStrictEqual(["b", "c", "a", "a", "a"].map((name) => open.take(name)), ["2", "1", "3", "4", undefined])
  })

  it("gives none that has its result by its id, and again one of the same id that came behind it", () => {
    const open = of(["1", "a"], ["1", "b"], ["2", "a"])
    open.close("1")
    open.close("nobody's")
    open.add({ id: "1", name: "a" })
    assert.deepStrictEqual(["b", "a", "a"].map((name) => open.take(name)), ["2", "1", undefined])
  })
})
