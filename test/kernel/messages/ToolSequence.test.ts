/** Calls of tools and their results, as vendors insist on them. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import type { Message } from "../../../src/kernel/messages/Message.ts"
import * as ToolSequence from "../../../src/kernel/messages/ToolSequence.ts"

const call = (...ids: ReadonlyArray<string>): Message => ({
  role: "assistant",
  content: ids.map((id) => ({ type: "tool_call", id, name: `tool_${id}`, input: {} }))
})
const result = (...ids: ReadonlyArray<string>): Message => ({
  role: "tool",
  content: ids.map((tool_call_id) => ({ type: "tool_result", tool_call_id, output: `of ${tool_call_id}` }))
})
const user = (content: string): Message => ({ role: "user", content })

/** Who says what: of results the call, with a mark where it was made up. */
const outline = (messages: ReadonlyArray<Message>) =>
  messages.map(({ content, role }) =>
    `${role} ${
      typeof content === "string"
        ? content
        : content.map((block) => block["tool_call_id"] ?? block["id"] ?? String(block["text"])).join(",")
    }`
  )

const complete = [user("a"), call("1", "2"), result("1", "2"), user("b"), call("3"), result("3")]

const broken: ReadonlyArray<{
  readonly name: string
  readonly given: ReadonlyArray<Message>
  readonly outline: ReadonlyArray<string>
  readonly repairs: ReadonlyArray<string>
}> = [
  {
    name: "a call without its result",
    given: [call("1", "2"), result("2"), user("b")],
    outline: ["assistant 1,2", "tool 1,2", "user b"],
    repairs: ["missing_result 1"]
  },
  {
    name: "a last message that calls",
    given: [user("a"), call("1")],
    outline: ["user a", "assistant 1", "tool 1"],
    repairs: ["missing_result 1"]
  },
  {
    name: "a result that comes too late",
    given: [call("1"), user("b"), result("1")],
    outline: ["assistant 1", "tool 1", "user b"],
    repairs: ["moved_result 1"]
  },
  {
    name: "a result before its call",
    given: [result("1"), call("1")],
    outline: ["assistant 1", "tool 1"],
    repairs: ["moved_result 1"]
  },
  {
    name: "a result that comes twice",
    given: [call("1"), result("1"), result("1"), user("b")],
    outline: ["assistant 1", "tool 1", "user b"],
    repairs: ["repeated_result 1"]
  },
  {
    name: "a result of no call",
    given: [user("a"), result("9"), user("b")],
    outline: ["user a", "user A tool's result whose call is not in the conversation (9): of 9", "user b"],
    repairs: ["orphan_result 9"]
  }
]

const Id = Schema.Literals(["1", "2", "3"])
const Conversation = Schema.Array(
  Schema.Union([
    Schema.Struct({ says: Schema.Literal("user") }),
    Schema.Struct({ says: Schema.Literal("call"), ids: Schema.NonEmptyArray(Id) }),
    Schema.Struct({ says: Schema.Literal("result"), ids: Schema.NonEmptyArray(Id) })
  ])
)

const messageOf = (each: (typeof Conversation.Type)[number]): Message =>
  each.says === "user" ? user("x") : each.says === "call" ? call(...new Set(each.ids)) : result(...each.ids)

describe("ToolSequence", () => {
  it("leaves a complete conversation as it is", () => {
    const { messages, repairs } = ToolSequence.repair(complete)
    assert.strictEqual(messages, complete)
    assert.deepStrictEqual(repairs, [])
  })

  it("takes a tool's message that names its call beside its content", () => {
    const given: ReadonlyArray<Message> = [call("1"), { role: "tool", tool_call_id: "1", content: "rain" }]
    assert.deepStrictEqual(ToolSequence.repair(given).repairs, [])
  })

  it.each(broken)("repairs $name", ({ given, outline: expected, repairs }) => {
    const before = structuredClone(given)
    const repaired = ToolSequence.repair(given)
    assert.deepStrictEqual(outline(repaired.messages), expected)
    assert.deepStrictEqual(repaired.repairs.map(({ kind, tool_call_id }) => `${kind} ${tool_call_id}`), repairs)
    assert.deepStrictEqual(given, before)
  })

  it.prop("repairs whatever there is, and has nothing to do the second time", { given: Conversation }, ({ given }) => {
    const messages = given.map(messageOf)
    const once = ToolSequence.repair(messages)
    const again = ToolSequence.repair(once.messages)
    assert.deepStrictEqual(again.repairs, [])
    assert.deepStrictEqual(again.messages, once.messages)
  })
})
