/** What a system or a tool says, and the vendor's dialect has no form for, is refused by the place it has in the request. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Schema } from "effect"
import { anthropic } from "../../../src/kernel/dialects/anthropic/AnthropicDialect.ts"
import { canonical } from "../../../src/kernel/dialects/canonical/CanonicalDialect.ts"
import { chat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"
import type { Dialect } from "../../../src/kernel/dialects/Dialect.ts"
import * as ForeignBlocks from "../../../src/kernel/dialects/ForeignBlocks.ts"
import { gemini } from "../../../src/kernel/dialects/gemini/GeminiDialect.ts"
import { responses } from "../../../src/kernel/dialects/responses/ResponsesDialect.ts"
import * as Translation from "../../../src/kernel/dialects/Translation.ts"

const file = { type: "file", file: { file_id: "file-1" } }
const inputFile = { type: "input_file", file_id: "file-1" }
const hello = { role: "user", content: "hello" }
const call = { id: "c1", type: "function", function: { name: "f", arguments: "{}" } }

const lowered = (client: Dialect, vendor: Dialect, body: Schema.JsonObject) => {
  const request = Result.getOrThrow(client.raise.request(body))
  return Result.mapError(
    Translation.lowerCall(vendor, request, { client, model: "m", stream: false }),
    (error) => ForeignBlocks.placed(error, request, body)
  )
}

const refused: ReadonlyArray<readonly [client: Dialect, body: Schema.JsonObject, param: string]> = [
  [chat, { model: "m", messages: [{ role: "system", content: [file] }, hello] }, "messages[0].content[0]"],
  [
    chat,
    { model: "m", messages: [hello, { role: "user", content: [{ type: "text", text: "read" }, file] }] },
    "messages[1].content[1]"
  ],
  [
    chat,
    {
      model: "m",
      messages: [
        hello,
        { role: "assistant", content: null, tool_calls: [call] },
        { role: "tool", tool_call_id: "c1", content: [{ type: "text", text: "t" }, file] }
      ]
    },
    "messages[2].content[1]"
  ],
  [
    responses,
    {
      model: "m",
      input: [
        hello,
        { type: "function_call", call_id: "c1", name: "f", arguments: "{}" },
        { type: "function_call_output", call_id: "c1", output: [inputFile] }
      ]
    },
    "input[2].output[0]"
  ],
  [responses, { model: "m", input: [{ role: "developer", content: [inputFile] }, hello] }, "input[0].content[0]"]
]

describe("blocks of another dialect", () => {
  it.each(refused)("of %o are refused where they stand", (client, body, param) => {
    for (const vendor of [chat, responses, anthropic, gemini].filter(({ name }) => name !== client.name)) {
      const error = Result.getOrThrow(Result.flip(lowered(client, vendor, body)))
      assert.strictEqual(error.param, param, vendor.name)
      assert.match(error.message, /file\b.*Leave it out, or ask another model/, vendor.name)
    }
  })

  it.each(refused)("of %o go on as they are where their own dialect is spoken, or every one", (client, body) => {
    for (const vendor of [client, canonical]) {
      const { call: { text } } = Result.getOrThrow(lowered(client, vendor, body))
      assert.include(text, "file-1")
    }
  })

  it("are none in what a tool says in JSON of its own", () => {
    const output = JSON.stringify([{ type: "my_block", block: "x" }])
    const body = {
      model: "m",
      input: [
        hello,
        { type: "function_call", call_id: "c1", name: "f", arguments: "{}" },
        { type: "function_call_output", call_id: "c1", output }
      ]
    }
    assert.include(Result.getOrThrow(lowered(responses, chat, body)).call.text, "my_block")
  })
})
