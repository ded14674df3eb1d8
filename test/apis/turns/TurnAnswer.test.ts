/** A turn as its API shows it: of however many calls, in linear time. */
import { assert, describe, it } from "@effect/vitest"
import * as TurnAnswer from "../../../src/apis/turns/TurnAnswer.ts"
import type { ContentBlock } from "../../../src/kernel/messages/ContentBlock.ts"
import type { Approval, TurnRecord } from "../../../src/kernel/turn/TurnState.ts"

const many = 150_000

const turn = (content: ReadonlyArray<ContentBlock>, approvals: ReadonlyArray<Approval>): TurnRecord => ({
  id: "0199dddd-0000-7000-8000-000000010000",
  number: 1,
  status: "requires_approval",
  reason: null,
  error: null,
  settings: { model: "m" },
  iterations: 1,
  toolCalls: 0,
  output: [{ role: "assistant", content }],
  usage: null,
  approvals,
  execution: undefined,
  finishReason: null,
  conversation: { before: undefined, messages: [] },
  began: 1,
  position: 1
})

const approval = (toolCallId: string): Approval => ({
  id: `approval ${toolCallId}`,
  toolCallId,
  toolName: "f",
  requiredBy: "tool",
  prompt: null,
  answer: undefined,
  decided: undefined,
  reason: null,
  isSpent: false
})

describe("the stream of a turn", () => {
  it("says of a call whether its tool takes text", () => {
    const started = (more: object) =>
      TurnAnswer.toEvents({
        type: "parts",
        iteration: 1,
        parts: [{ type: "block_start", index: 0, block: "tool_call", id: "c", name: "f", ...more }]
      }, "s")
    const call = { type: "content_block.start", iteration: 1, index: 0, block: "tool_call", id: "c", name: "f" }
    assert.deepStrictEqual<unknown>(started({ custom: true }), [{ ...call, custom: true }])
    assert.deepStrictEqual<unknown>(started({}), [call])
  })
})

describe("a turn that waits", () => {
  it("has the arguments of each call with its approval, of however many calls", () => {
    const ids = Array.from({ length: many }, (_, at) => `call ${at}`)
    const calls = ids.map((id): ContentBlock => ({ type: "tool_call", id, name: "f", input: { id } }))
    const begun = performance.now()
    const { approvals } = TurnAnswer.toTurn(turn(calls, ids.map(approval)), "s")
    assert.isBelow(performance.now() - begun, 3000)
    assert.lengthOf(approvals, many)
    assert.deepStrictEqual(approvals.at(-1)?.arguments, { id: `call ${many - 1}` })
  })

  it("has those of the last call where a model uses an id again", () => {
    const call = (at: number): ContentBlock => ({ type: "tool_call", id: "c", name: "f", input: { at } })
    const { approvals } = TurnAnswer.toTurn(turn([call(1), call(2)], [approval("c")]), "s")
    assert.deepStrictEqual(approvals.map((each) => each.arguments), [{ at: 2 }])
  })
})
