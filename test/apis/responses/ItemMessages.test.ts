/** Many items are read in slices, and are the messages that they would be at once. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import * as ItemMessages from "../../../src/apis/responses/ItemMessages.ts"
import type { Item } from "../../../src/apis/responses/ResponseItems.ts"
import { responses } from "../../../src/kernel/dialects/responses/ResponsesDialect.ts"
import { fewMessages } from "../../../src/kernel/requests/OthersFirst.ts"

const atOnce = (input: ReadonlyArray<Item>) => Result.getOrThrow(responses.raise.request({ model: "", input })).messages

const count = 3 * fewMessages + 7
const many = (make: (at: number) => Item): ReadonlyArray<Item> => Array.from({ length: count }, (_, at) => make(at))

const call = (at: number) => ({ type: "function_call", call_id: `c${at}`, name: "f", arguments: "{}" })
const reasoning = (at: number) => ({ type: "reasoning", id: `rs_${at}`, summary: [], encrypted_content: "x" })

/** A turn of the event loop in which others were served is one that a loop of immediates sees. */
const turnsWithin = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.gen(function*() {
    const turns = { count: 0, isOver: false }
    const next = () => {
      turns.count++
      if (!turns.isOver) setImmediate(next)
    }
    setImmediate(next)
    const value = yield* effect
    turns.isOver = true
    return { turns: turns.count, value }
  })

describe("messages of items", () => {
  const cases: ReadonlyArray<readonly [string, ReadonlyArray<Item>]> = [
    ["what a user says", many((at) => ({ role: "user", content: `t${at}` }))],
    ["what a model says in one go", many((at) => ({ role: "assistant", content: `t${at}` }))],
    ["calls at once", many(call)],
    [
      "calls and outputs in turn",
      many((at) =>
        at % 2 === 0 ? call(at) : {
          type: "function_call_output",
          call_id: `c${at - 1}`,
          output: "o"
        }
      )
    ],
    ["reasoning alone", many(reasoning)],
    ["answers with reasoning before and behind", many((at) => at % 3 === 1 ? call(at) : reasoning(at))],
    ["items that nobody knows", many((at) => ({ type: "odd_call", x: at }))]
  ]
  for (const [what, items] of cases) {
    it.live(`given ${what}, then they are the same in slices`, () =>
      Effect.gen(function*() {
        const { turns, value } = yield* turnsWithin(ItemMessages.of(items))
        assert.deepStrictEqual(value, atOnce(items))
        if (what !== "reasoning alone") assert.isAtLeast(turns, 3)
      }))
  }

  it.live("given one that can't be read behind many, then what is wrong is said as of all of them", () =>
    Effect.gen(function*() {
      const items = [...many((at) => ({ role: "user", content: `t${at}` })), { type: 1 } as unknown as Item]
      const expected = Result.getOrThrow(Result.flip(responses.raise.request({ model: "", input: items }))).detail
      assert.strictEqual(yield* Effect.flip(ItemMessages.of(items)), expected)
    }))
})
