/** A fork changes messages, tool results and the model; what it does not name stays. */
import { assert, describe, it } from "@effect/vitest"
import type { Schema } from "effect"
import { conversation } from "../../../src/kernel/dialects/chat/WireConversation.ts"
import type { Messages, Overrides } from "../../../src/kernel/sessions/ForkOverrides.ts"
import * as ForkOverrides from "../../../src/kernel/sessions/ForkOverrides.ts"

const user = { role: "user", content: "hi" }
const asking = (...ids: ReadonlyArray<string>): Schema.JsonObject => ({
  role: "assistant",
  content: null,
  tool_calls: ids.map((id) => ({ id, type: "function", function: { name: "f", arguments: "{}" } }))
})
const result = (id: string, content: string): Schema.JsonObject => ({ role: "tool", tool_call_id: id, content })
const text = { role: "assistant", content: "ho" }

const rows: ReadonlyArray<{
  readonly name: string
  readonly inherited: Messages | null
  readonly overrides: Overrides
  readonly messages: Messages | null
  readonly open?: ReadonlyArray<string>
}> = [
  { name: "nothing", inherited: [user, text], overrides: {}, messages: [user, text] },
  { name: "messages", inherited: [user, text], overrides: { messages: [text] }, messages: [text] },
  { name: "messages that were not recorded", inherited: null, overrides: { messages: [user] }, messages: [user] },
  { name: "nothing of what was not recorded", inherited: null, overrides: { tool_results: {} }, messages: null },
  {
    name: "an inherited result",
    inherited: [asking("a", "b"), result("a", "1"), result("b", "2"), text],
    overrides: { tool_results: { b: "3" } },
    messages: [asking("a", "b"), result("a", "1"), result("b", "3"), text]
  },
  {
    name: "an open call at the end",
    inherited: [user, asking("a", "b")],
    overrides: { tool_results: { b: "2" } },
    messages: [user, asking("a", "b"), result("b", "2")],
    open: ["a"]
  },
  {
    name: "an open call in the middle, behind the results that are there",
    inherited: [asking("a", "b", "c"), result("b", "2"), user, asking("d")],
    overrides: { tool_results: { c: "3", a: "1" } },
    messages: [asking("a", "b", "c"), result("b", "2"), result("a", "1"), result("c", "3"), user, asking("d")],
    open: ["d"]
  },
  {
    name: "no result of what every object has by its name",
    inherited: [asking("constructor"), result("constructor", "1")],
    overrides: { tool_results: { a: "2" } },
    messages: [asking("constructor"), result("constructor", "1")]
  },
  {
    name: "results among messages it brings",
    inherited: [user],
    overrides: { messages: [asking("a"), result("a", "1")], tool_results: { a: "2" } },
    messages: [asking("a"), result("a", "2")]
  }
]

const models: ReadonlyArray<readonly [inherited: string | undefined, overrides: Overrides, model: string | undefined]> =
  [
    ["p/m", {}, "p/m"],
    ["p/m", { model: "q/n" }, "q/n"],
    ["p/m", { provider: "q" }, "q/m"],
    ["p/org/m", { provider: "q" }, "q/org/m"],
    ["p/m", { provider: "q", model: "n" }, "q/n"],
    ["p/m", { provider: "q", model: "q/n" }, "q/n"],
    ["p/m", { provider: "q", model: "org/n" }, "q/org/n"],
    ["m", { provider: "q" }, "q/m"],
    [undefined, {}, undefined],
    [undefined, { provider: "q" }, undefined],
    [undefined, { model: "q/n" }, "q/n"]
  ]

describe("ForkOverrides", () => {
  it.each(rows)("changes $name", ({ inherited, messages, open = [], overrides }) => {
    const found = ForkOverrides.messages(conversation, inherited, overrides)
    assert.deepStrictEqual(found, messages)
    assert.deepStrictEqual(ForkOverrides.openToolCalls(conversation, found ?? []), open)
  })

  it.each(models)("of %s and %j makes the model %s", (inherited, overrides, model) => {
    assert.strictEqual(ForkOverrides.model(inherited, overrides), model)
  })

  it("knows every tool call, answered or not", () => {
    const messages = [asking("a", "b"), result("a", "1"), result("z", "?")]
    assert.sameMembers([...ForkOverrides.toolCallIds(conversation, messages)], ["a", "b", "z"])
  })
})
