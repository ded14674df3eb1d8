/** What hooks inject stands where the model reads it last. */
import { assert, describe, it } from "@effect/vitest"
import type { Schema } from "effect"
import * as ContextInjection from "../../../../src/kernel/dialects/chat/ContextInjection.ts"
import type { AddedContext } from "../../../../src/kernel/dialects/Dialect.ts"

const context = (more: Partial<AddedContext> = {}): AddedContext => ({
  text: "Today is Monday.",
  role: "system",
  append_to_last_tool_result: false,
  ...more
})
const behind = context({ append_to_last_tool_result: true })

const user = { role: "user", content: "Which day?" }
const message = { role: "system", content: "Today is Monday." }
const tool = (content?: Schema.Json): Schema.JsonObject => ({
  role: "tool",
  tool_call_id: "1",
  ...(content === undefined ? {} : { content })
})

const rows: ReadonlyArray<{
  readonly name: string
  readonly context: AddedContext
  readonly messages: Schema.Json
  readonly expected: Schema.Json
}> = [
  { name: "a message behind the last", context: context(), messages: [user], expected: [user, message] },
  {
    name: "a message in its role",
    context: context({ role: "user" }),
    messages: [user],
    expected: [user, { ...message, role: "user" }]
  },
  {
    name: "a message behind a tool's result",
    context: context(),
    messages: [tool("x")],
    expected: [tool("x"), message]
  },
  {
    name: "a text within a tool's result",
    context: behind,
    messages: [user, tool("x")],
    expected: [user, tool("x\n\nToday is Monday.")]
  },
  {
    name: "a part within a tool's result of parts",
    context: behind,
    messages: [tool([{ type: "text", text: "x" }])],
    expected: [tool([{ type: "text", text: "x" }, { type: "text", text: "Today is Monday." }])]
  },
  { name: "all of an empty result", context: behind, messages: [tool("")], expected: [tool("Today is Monday.")] },
  { name: "all of an absent result", context: behind, messages: [tool()], expected: [tool("Today is Monday.")] },
  { name: "a message where no tool's result is last", context: behind, messages: [user], expected: [user, message] },
  {
    name: "a message where a tool's result is not the last",
    context: behind,
    messages: [tool("x"), user],
    expected: [tool("x"), user, message]
  },
  { name: "nothing into what has no messages", context: context(), messages: null, expected: null }
]

describe("ContextInjection", () => {
  it.each(rows)("adds $name", ({ context, expected, messages }) => {
    const body = { model: "m", messages, extra: 1 }
    const before = structuredClone(body)
    assert.deepStrictEqual<unknown>(ContextInjection.addContext(body, context), { ...body, messages: expected })
    assert.deepStrictEqual(body, before)
  })
})
