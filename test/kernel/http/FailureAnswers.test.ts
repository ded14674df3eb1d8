/** A failure is answered by the function that stands under its tag, and the answer has that one's type. */
import { assert, describe, expectTypeOf, it } from "@effect/vitest"
import { toAnswer } from "../../../src/kernel/http/FailureAnswers.ts"

const answers = {
  Missing: ({ id }: { readonly id: string }, param?: string) => `no ${id} in ${param ?? "nothing"}`,
  Late: ({ seconds }: { readonly seconds: number }) => seconds
}

describe("toAnswer", () => {
  it("takes the answer of the failure's tag", () => {
    const missing = toAnswer(answers, { _tag: "Missing", id: "a" } as const, "model")
    expectTypeOf(missing).toBeString()
    assert.strictEqual(missing, "no a in model")
    assert.strictEqual(toAnswer(answers, { _tag: "Missing", id: "a" } as const), "no a in nothing")
    const late = toAnswer(answers, { _tag: "Late", seconds: 3 } as const)
    expectTypeOf(late).toBeNumber()
    assert.strictEqual(late, 3)
  })

  it("refuses a failure that has no answer", () => {
    // @ts-expect-error there is no answer to it
    const lost = () => toAnswer(answers, { _tag: "Lost" } as const)
    expectTypeOf(lost).toBeFunction()
  })
})
