/** What hooks inject stands where the model reads it last, in turns that the vendor takes. */
import { assert, describe, it } from "@effect/vitest"
import type { Schema } from "effect"
import { addContext } from "../../../../src/kernel/dialects/anthropic/ContextInjection.ts"
import type { AddedContext } from "../../../../src/kernel/dialects/Dialect.ts"

const added = "Today is Monday."
const context = (role: AddedContext["role"], append_to_last_tool_result = false): AddedContext => ({
  text: added,
  role,
  append_to_last_tool_result
})

const block = { type: "text", text: added }
const user = { role: "user", content: "Which day?" }
const result = (content?: Schema.Json) => ({
  role: "user",
  content: [{ type: "tool_result", tool_use_id: "t", ...(content === undefined ? {} : { content }) }]
})

const rows: ReadonlyArray<{
  readonly name: string
  readonly context: AddedContext
  readonly body: Schema.JsonObject
  readonly expected: Schema.JsonObject
}> = [
  {
    name: "the system's words behind its prompt",
    context: context("system"),
    body: { system: "Be brief.", messages: [user] },
    expected: { system: `Be brief.\n\n${added}`, messages: [user] }
  },
  {
    name: "the system's words behind a prompt in blocks",
    context: context("system"),
    body: { system: [{ type: "text", text: "a" }], messages: [user] },
    expected: { system: [{ type: "text", text: "a" }, block], messages: [user] }
  },
  {
    name: "the system's words where there is no prompt",
    context: context("system"),
    body: { messages: [user] },
    expected: { messages: [user], system: added }
  },
  {
    name: "the user's at the end of the user's turn",
    context: context("user"),
    body: { messages: [user] },
    expected: { messages: [{ role: "user", content: `Which day?\n\n${added}` }] }
  },
  {
    name: "the user's behind results",
    context: context("user"),
    body: { messages: [result("r")] },
    expected: { messages: [{ role: "user", content: [...result("r").content, block] }] }
  },
  {
    name: "the assistant's as its turn",
    context: context("assistant"),
    body: { messages: [user] },
    expected: { messages: [user, { role: "assistant", content: added }] }
  },
  ...([["r", `r\n\n${added}`], [[{ type: "text", text: "r" }], [{ type: "text", text: "r" }, block]], [
    undefined,
    added
  ]] as const)
    .map(([content, expected]) => ({
      name: `within the result ${JSON.stringify(content)}`,
      context: context("system", true),
      body: { messages: [user, result(content)] },
      expected: { messages: [user, result(expected)] }
    })),
  {
    name: "elsewhere where no result is last",
    context: context("user", true),
    body: { messages: [user] },
    expected: { messages: [{ role: "user", content: `Which day?\n\n${added}` }] }
  },
  { name: "nothing into what has no turns", context: context("user"), body: { a: 1 }, expected: { a: 1 } }
]

describe("ContextInjection", () => {
  it.each(rows)("puts $name", ({ body, context, expected }) => {
    const before = JSON.stringify(body)
    assert.deepStrictEqual(addContext(body, context), expected)
    assert.strictEqual(JSON.stringify(body), before)
  })
})
