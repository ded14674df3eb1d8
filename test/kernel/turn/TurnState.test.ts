import { assert, describe, it } from "@effect/vitest"
import type { Schema } from "effect"
import type { RecordedEvent } from "../../../src/events/types/Envelope.ts"
import type { Definition } from "../../../src/events/types/Event.ts"
import * as SessionEvents from "../../../src/kernel/sessions/SessionEvents.ts"
import * as TurnEvents from "../../../src/kernel/turn/TurnEvents.ts"
import { fold, openCalls, pending } from "../../../src/kernel/turn/TurnState.ts"

let position = 0
const event = <D extends Definition>({ type }: D, payload: D["payload"]["Encoded"]) =>
  ({ type, position: ++position, payload: JSON.stringify(payload) }) as RecordedEvent

const call = (id: string) => ({ type: "tool_call" as const, id, name: "echo", input: {} })
const started = (turn = "t") =>
  event(TurnEvents.Started, { turn, messages: [{ role: "user", content: "Hi" }], settings: { model: "openai/m" } })
const running = event(TurnEvents.ExecutionStarted, { turn: "t", execution: "r" })
const answered = event(TurnEvents.Answered, {
  turn: "t",
  iteration: 1,
  message: { role: "assistant", content: [call("c1"), call("c2")] },
  model: "openai/m",
  finish_reason: "tool_calls",
  usage: { input_tokens: 1, output_tokens: 2, total_tokens: 3 }
})
const results = event(TurnEvents.ToolsAnswered, {
  turn: "t",
  iteration: 1,
  results: [{ type: "tool_result", tool_call_id: "c1", output: "one", is_error: true }]
})
const forked = (changes: SessionEvents.ForkChanges) =>
  event(SessionEvents.Forked, { session_id: "f", parent_session_id: "s", position: 1, turn: 1, ...changes })
const outputs = (messages: ReadonlyArray<{ readonly content: unknown }>) =>
  messages.flatMap(({ content }) => Array.isArray(content) ? content : [])
    .flatMap((block: Schema.JsonObject) =>
      block["type"] === "tool_result" ? [[block["tool_call_id"], block["output"]]] : []
    )

describe("The state of turns", () => {
  it("knows the calls that have no result", () => {
    const { messages, turns } = fold([started(), running, answered, results])
    assert.deepStrictEqual(openCalls(messages).map(({ id }) => id), ["c2"])
    assert.deepInclude(turns[0]!, { status: "in_progress", execution: "r", iterations: 1, toolCalls: 1 })
  })

  it("has the results of a turn that calls open calls otherwise, and leaves those that have one", () => {
    const next = event(TurnEvents.Started, {
      turn: "u",
      messages: [{ role: "tool", content: [{ type: "tool_result", tool_call_id: "other", output: "two" }] }],
      settings: null,
      calls: { c1: "none", c2: "other" }
    })
    const { messages } = fold([started(), running, answered, results, next])
    assert.deepStrictEqual(openCalls(messages), [])
    assert.deepStrictEqual(messages[1]!.content, [call("c1"), call("other")])
  })

  it("goes on from the turn that one names, from nothing, or from what was said last, and of turns side by side each has its own", () => {
    const messageOf = (content: string, role = "user") => ({ role, content })
    const begins = (turn: string, from?: TurnEvents.GoesOnFrom) =>
      event(TurnEvents.Started, {
        turn,
        ...from === undefined ? {} : { from },
        messages: [messageOf(`of ${turn}`)] as never,
        settings: null
      })
    const says = (turn: string) =>
      event(TurnEvents.Answered, {
        turn,
        iteration: 1,
        message: messageOf(`by ${turn}`, "assistant") as never,
        model: "openai/m",
        finish_reason: "stop",
        usage: null
      })
    const textsOf = (...events: ReadonlyArray<RecordedEvent>) => fold(events).messages.map(({ content }) => content)
    const one = [begins("a"), says("a")]
    assert.deepStrictEqual(textsOf(...one, begins("b"), says("b")), ["of a", "by a", "of b", "by b"])
    assert.deepStrictEqual(textsOf(...one, begins("b", "session")), ["of a", "by a", "of b"])
    assert.deepStrictEqual(textsOf(...one, begins("b", { turn: null }), says("b")), ["of b", "by b"])
    const branched = [...one, begins("b", { turn: "a" }), says("b"), begins("c", { turn: "a" }), says("c")]
    assert.deepStrictEqual(textsOf(...branched), ["of a", "by a", "of c", "by c"])
    assert.deepStrictEqual(textsOf(...one, begins("b", { turn: "nobody's" }), says("b")), [
      "of a",
      "by a",
      "of b",
      "by b"
    ])
    assert.deepStrictEqual(
      textsOf(
        begins("a", { turn: null }),
        begins("b", { turn: null }),
        says("a"),
        says("b"),
        begins("c", { turn: "a" })
      ),
      ["of a", "by a", "of c"]
    )
  })

  it("takes the end of an execution from that one alone", () => {
    const end = (execution: string) =>
      event(TurnEvents.ExecutionEnded, { turn: "t", execution, status: "completed", reason: null, error: null })
    assert.strictEqual(fold([started(), running, end("another")]).turns[0]!.status, "in_progress")
    assert.strictEqual(fold([started(), running, end("r")]).turns[0]!.status, "completed")
  })

  it("goes on in a fork with other results, another model, and nobody running", () => {
    const fork = forked({ model: "n", provider: "anthropic", tool_results: { c1: "changed", c2: "given" } })
    const { messages, turns } = fold([started(), running, answered, results, fork])
    assert.deepStrictEqual(outputs(messages), [["c1", "changed"], ["c2", "given"]])
    assert.isEmpty(openCalls(messages))
    assert.deepInclude(turns[0]!, { status: "cancelled", reason: "forked", execution: undefined })
    assert.strictEqual(turns[0]!.settings.model, "anthropic/n")
    const next = fold([started(), fork, event(TurnEvents.Started, { turn: "u", messages: [], settings: null })])
    assert.strictEqual(next.turns[1]!.settings.model, "anthropic/n")
  })

  it("goes on in a fork with another conversation", () => {
    const { messages } = fold([started(), forked({ messages: [{ role: "user", content: "Instead" }] })])
    assert.deepStrictEqual(messages, [{ role: "user", content: "Instead" }])
  })

  it("knows which approvals wait, and what was answered", () => {
    const required = event(TurnEvents.ApprovalRequired, {
      turn: "t",
      approval_id: "a",
      tool_call_id: "c1",
      tool_name: "echo",
      required_by: "tool",
      prompt: null
    })
    const answer = event(TurnEvents.ApprovalAnswered, { turn: "t", approval_id: "a", decision: "deny", reason: "no" })
    const decided = {
      turn: "t",
      approval_id: "a",
      tool_call_id: "c1",
      tool_name: "echo",
      by: "api" as const,
      reason: "no"
    }
    const before = fold([started(), answered, required, answer])
    assert.deepInclude(pending(before.turns[0]!)[0]!, { id: "a", answer: { decision: "deny", reason: "no" } })
    const after = fold([event(TurnEvents.ApprovalDenied, decided)], before)
    assert.isEmpty(pending(after.turns[0]!))
    assert.strictEqual(after.turns[0]!.approvals[0]!.decided, "denied")
  })

  it("ends a turn that waits where it is cancelled", () => {
    const end = event(TurnEvents.ExecutionEnded, {
      turn: "t",
      execution: "r",
      status: "requires_approval",
      reason: null,
      error: null
    })
    const cancelled = event(TurnEvents.CancelCompleted, { turn: "t", was_immediate: false })
    assert.strictEqual(fold([started(), running, end, cancelled]).turns[0]!.status, "cancelled")
    assert.strictEqual(fold([started(), running, cancelled]).turns[0]!.status, "in_progress")
  })
})
