/** Between the stages of a large input others are served; a small one goes on at once. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as OthersFirst from "../../../src/kernel/requests/OthersFirst.ts"

/** What is done when, where somebody else waits for a turn between two stages. */
const orderOf = (between: Effect.Effect<void>) =>
  Effect.gen(function*() {
    const order: Array<string> = []
    yield* Effect.callback<void>((resume) => {
      setImmediate(() => {
        order.push("somebody else")
        resume(Effect.void)
      })
      Effect.runFork(Effect.andThen(between, Effect.sync(() => void order.push("second stage"))))
    })
    yield* Effect.yieldNow
    return order
  })

describe("others first", () => {
  const cases = [
    ["a large text", OthersFirst.ofCharacters(OthersFirst.fewCharacters + 1, () => Effect.void), [
      "somebody else",
      "second stage"
    ]],
    ["many messages", OthersFirst.ofMessages(OthersFirst.fewMessages + 1), ["somebody else", "second stage"]],
    ["a small text", OthersFirst.ofCharacters(OthersFirst.fewCharacters, () => Effect.void), [
      "second stage",
      "somebody else"
    ]],
    ["few messages", OthersFirst.ofMessages(OthersFirst.fewMessages), ["second stage", "somebody else"]]
  ] as const
  for (const [what, between, expected] of cases) {
    it.live(`given ${what}, then it goes on in its turn`, () =>
      Effect.map(orderOf(between), (order) => assert.deepStrictEqual(order, [...expected])))
  }
})
