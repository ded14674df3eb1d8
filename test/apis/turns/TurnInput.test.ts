import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import * as TurnInput from "../../../src/apis/turns/TurnInput.ts"
import type { CreateTurn } from "../../../src/apis/turns/TurnsModels.ts"
import type { Message } from "../../../src/kernel/messages/Message.ts"
import type { Status, TurnRecord, TurnState } from "../../../src/kernel/turn/TurnState.ts"
import { initial } from "../../../src/kernel/turn/TurnState.ts"

const settings = { model: "m", instructions: "Be brief.", temperature: 0.5 }
const calls: Message = {
  role: "assistant",
  content: ["c1", "c2"].map((id) => ({ type: "tool_call" as const, id, name: "lookup", input: {} }))
}

const behind = (status: Status, messages: ReadonlyArray<Message>): TurnState => ({
  messages,
  turns: [{ id: "t", status, settings } as TurnRecord]
})
const answered = behind("completed", [{ role: "user", content: "Hi" }, { role: "assistant", content: "Hello" }])
const made = (request: CreateTurn, state: TurnState) => Result.getOrThrow(TurnInput.make(request, state))
const refused = (request: CreateTurn, state: TurnState) => {
  const result = TurnInput.make(request, state)
  return Result.isFailure(result) ? [result.failure.param, result.failure.code] : undefined
}
const result = (tool_call_id: string) => ({ tool_call_id, output: 1 })

describe("What a turn begins with", () => {
  it("is a text of the user, or messages", () => {
    const input: ReadonlyArray<Message> = [{ role: "developer", content: "Now." }]
    assert.deepStrictEqual(made({ model: "m", input: "Hi" }, initial).messages, [{ role: "user", content: "Hi" }])
    assert.deepStrictEqual(made({ model: "m", input }, initial).messages, input)
  })

  it("are the settings of the turn before where none is given, and are not stored again", () => {
    assert.isNull(made({ input: "Hi" }, answered).settings)
    assert.isNull(made({ input: "Hi", ...settings }, answered).settings)
    assert.deepStrictEqual(made({ input: "Hi", model: "n" }, answered).settings, { ...settings, model: "n" })
    assert.deepStrictEqual(made({ input: "Hi", temperature: 1 }, answered).settings, { model: "m", temperature: 1 })
  })

  it("are results of the client's tools, before what the user says", () => {
    const waiting = behind("requires_action", [calls])
    const { messages } = made({ tool_results: [result("c1"), result("c2")], input: "Go on" }, waiting)
    assert.deepStrictEqual(messages.map(({ role }) => role), ["tool", "user"])
  })

  it("says of calls that nobody answers any more that they were cancelled", () => {
    const { messages } = made({ input: "Something else" }, behind("error", [calls]))
    assert.strictEqual(JSON.stringify(messages).split("cancelled by user").length - 1, 2)
  })

  it("is nothing where the conversation can go on by itself", () => {
    assert.isEmpty(made({}, behind("error", [{ role: "user", content: "Hi" }])).messages)
    assert.isEmpty(made({}, behind("cancelled", [calls])).messages)
  })

  it.each<readonly [string, CreateTurn, TurnState, ReadonlyArray<string | null>]>([
    ["no model", { input: "Hi" }, initial, ["model", null]],
    ["nothing to go on from", {}, answered, ["input", "input_missing"]],
    ["nothing at all", { model: "m" }, initial, ["input", "input_missing"]],
    ["a result of no call", { tool_results: [result("c9")] }, answered, ["tool_results", "unknown_tool_call"]],
    [
      "a call without its result",
      { tool_results: [result("c1")] },
      behind("requires_action", [calls]),
      ["tool_results", "missing_tool_results"]
    ],
    [
      "words in place of results",
      { input: "Hi" },
      behind("requires_action", [calls]),
      ["tool_results", "missing_tool_results"]
    ]
  ])("is refused: %s", (_, request, state, expected) => {
    assert.deepStrictEqual(refused(request, state), expected)
  })
})
