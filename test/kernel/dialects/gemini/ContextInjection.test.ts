/** What hooks inject stands where the model reads it last. */
import { assert, describe, it } from "@effect/vitest"
import type { Schema } from "effect"
import type { AddedContext } from "../../../../src/kernel/dialects/Dialect.ts"
import * as ContextInjection from "../../../../src/kernel/dialects/gemini/ContextInjection.ts"

const text = "Today is Monday."
const context = (role: AddedContext["role"], append_to_last_tool_result = false): AddedContext => ({
  text,
  role,
  append_to_last_tool_result
})

const user = { role: "user", parts: [{ text: "Which day?" }] }
const model = { role: "model", parts: [{ text: "Wait." }] }
const result = (response: Schema.Json) => ({ role: "user", parts: [{ functionResponse: { name: "f", response } }] })
const framed = { text: `<context_file>\n${text}\n</context_file>` }

const rows: ReadonlyArray<readonly [string, AddedContext, Schema.Json, Schema.Json]> = [
  ["to the user's turn", context("user"), [user], [{ ...user, parts: [...user.parts, { text }] }]],
  ["behind a model's turn", context("user"), [model], [model, { role: "user", parts: [{ text }] }]],
  ["as the model", context("assistant"), [user], [user, { role: "model", parts: [{ text }] }]],
  ["in a frame, as there is no system in between", context("system"), [user], [{
    ...user,
    parts: [...user.parts, framed]
  }]],
  ["within a result of text", context("system", true), [result({ output: "rain" })], [
    result({ output: `rain\n\n${text}` })
  ]],
  ["within a result of parts", context("system", true), [result({ output: [1] })], [
    result({ output: [1, { type: "text", text }] })
  ]],
  ["within an empty result", context("user", true), [result({})], [result({ output: text })]],
  [
    "behind a result that has no place for it",
    context("user", true),
    [result({ output: { a: 1 } })],
    [{ role: "user", parts: [...result({ output: { a: 1 } }).parts, { text }] }]
  ],
  ["to the user's turn where no result is last", context("user", true), [result({}), model, user], [result({}), model, {
    ...user,
    parts: [...user.parts, { text }]
  }]],
  ["as the only turn", context("user"), [], [{ role: "user", parts: [{ text }] }]],
  ["nothing to what has no turns", context("user"), null, null]
]

describe("ContextInjection", () => {
  it.each(rows)("adds it %s", (_, context, contents, expected) => {
    const body = { contents, extra: 1 }
    const before = structuredClone(body)
    assert.deepStrictEqual<unknown>(ContextInjection.addContext(body, context), { ...body, contents: expected })
    assert.deepStrictEqual(body, before)
  })
})
