/** Calls of tools that are no functions go on to every vendor with what came of them, and come back as they were. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Schema } from "effect"
import { anthropic } from "../../../../src/kernel/dialects/anthropic/AnthropicDialect.ts"
import { chat } from "../../../../src/kernel/dialects/chat/ChatDialect.ts"
import { gemini } from "../../../../src/kernel/dialects/gemini/GeminiDialect.ts"
import { responses } from "../../../../src/kernel/dialects/responses/ResponsesDialect.ts"
import * as Translation from "../../../../src/kernel/dialects/Translation.ts"

const user = { type: "message", role: "user", content: "go on" }
const action = { type: "exec", command: ["ls"], env: {} }
const screen = { type: "computer_screenshot", image_url: "data:image/png;base64,QUJD" }

/** A call, what came of it, and the words in which the model learns of both. */
const pairs: ReadonlyArray<
  readonly [call: Schema.JsonObject, result: Schema.JsonObject, words: ReadonlyArray<string>]
> = [
  [
    { type: "custom_tool_call", id: "ctc_1", call_id: "c1", name: "sql", input: "SELECT 1" },
    { type: "custom_tool_call_output", call_id: "c1", output: "one row" },
    ["sql", "SELECT 1", "one row"]
  ],
  [
    { type: "custom_tool_call", call_id: "c1", name: "sql", input: "SELECT 2" },
    {
      type: "custom_tool_call_output",
      id: "cto_1",
      call_id: "c1",
      output: [{ type: "input_text", text: "two rows" }]
    },
    ["sql", "SELECT 2", "two rows"]
  ],
  [
    { type: "shell_call", id: "sh_1", call_id: "c1", action: { commands: ["pwd"] }, status: "completed" },
    { type: "shell_call_output", call_id: "c1", output: [{ stdout: "home", outcome: { type: "exit", exit_code: 0 } }] },
    ["shell", "pwd", "home"]
  ],
  [
    { type: "local_shell_call", id: "ls_1", call_id: "c1", action, status: "completed" },
    { type: "local_shell_call_output", id: "c1", output: "a file" },
    ["local_shell", "exec", "a file"]
  ],
  [
    { type: "apply_patch_call", call_id: "c1", operation: { type: "delete_file", path: "b" }, status: "completed" },
    { type: "apply_patch_call_output", call_id: "c1", status: "failed" },
    ["apply_patch", "delete_file", "failed"]
  ],
  [
    { type: "apply_patch_call", call_id: "c1", operation: { type: "delete_file", path: "b" } },
    { type: "apply_patch_call_output", call_id: "c1", status: "failed", output: "no such file" },
    ["no such file"]
  ],
  [
    { type: "computer_call", id: "cu_1", call_id: "c1", action: { type: "screenshot" } },
    { type: "computer_call_output", call_id: "c1", output: screen },
    ["computer", "screenshot", "QUJD"]
  ],
  [
    { type: "tool_search_call", call_id: "c1", arguments: { query: "weather" } },
    { type: "tool_search_output", call_id: "c1", tools: [{ type: "function", name: "get_weather" }] },
    ["tool_search", "weather", "get_weather"]
  ]
]

const requestOf = (call: Schema.JsonObject, result: Schema.JsonObject) => ({
  model: "m",
  input: [user, call, result]
})

describe("calls of tools that are no functions", () => {
  it.each(pairs)("%o come back as they were", (call, result) => {
    const request = Result.getOrThrow(responses.raise.request(requestOf(call, result)))
    const { body } = Result.getOrThrow(responses.lower.request(request))
    assert.deepStrictEqual((body["input"] as ReadonlyArray<Schema.Json>).slice(1), [call, result])
  })

  it.each(pairs)("%o are told to every vendor, the call before its result", (call, result, words) => {
    const request = Result.getOrThrow(responses.raise.request(requestOf(call, result)))
    for (const dialect of [chat, anthropic, gemini]) {
      const { call: { text } } = Result.getOrThrow(
        Translation.lowerCall(dialect, request, { client: responses, model: "m", stream: false })
      )
      let from = 0
      for (const word of words) {
        const at = text.indexOf(word, from)
        assert.isAtLeast(at, from, `${dialect.name}: ${word} in ${text}`)
        from = at
      }
    }
  })

  it("without the id of a call, or of another type, are kept whole", () => {
    for (const item of [{ type: "custom_tool_call", name: "f", input: "x" }, { type: "dream_call", call_id: "c1" }]) {
      const { messages } = Result.getOrThrow(responses.raise.request({ model: "m", input: [user, item] }))
      assert.deepStrictEqual<unknown>(messages[1]?.content, [{ type: "responses_block", block: item }])
    }
  })
})
