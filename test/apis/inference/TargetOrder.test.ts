/** Which target is first. */
import { assert, describe, it } from "@effect/vitest"
import * as TargetOrder from "../../../src/apis/inference/TargetOrder.ts"

const targets = [{ model: "a", weight: 3 }, { model: "b", weight: 1 }, { model: "c", weight: 0 }] as const
const order = (random: number, stickyTo?: string) => TargetOrder.of({ targets }, { random, stickyTo })

describe("the order of targets", () => {
  it("is as they stand where none has a weight", () =>
    assert.deepStrictEqual(
      TargetOrder.of({ targets: [{ model: "a" }, { model: "b" }] }, { random: 0.9, stickyTo: undefined }),
      { targets: ["a", "b"], reason: "first" }
    ))

  it.each([[0, "a"], [0.74, "a"], [0.76, "b"], [0.999999, "b"]] as const)("begins at %f with %s", (random, first) => {
    const { reason, targets } = order(random)
    assert.strictEqual(targets[0], first)
    assert.strictEqual(reason, "weight")
    assert.deepStrictEqual([...targets].sort(), ["a", "b", "c"])
  })

  it("is the same for who it sticks to, whatever is drawn, and shares by weight over many", () => {
    const firsts = Array.from({ length: 2000 }, (_, n) => {
      const one = order(0, `session-${n}`)
      assert.deepStrictEqual(order(0.99, `session-${n}`), one)
      return one.targets[0]
    })
    assert.closeTo(firsts.filter((first) => first === "a").length / firsts.length, 0.75, 0.05)
  })
})
