/** What is written fits the public document of Open Responses: requests, answers, and each event of a stream. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Schema } from "effect"
import { existsSync, readFileSync } from "node:fs"
import { responses } from "../../../../src/kernel/dialects/responses/ResponsesDialect.ts"
import type { ChatRequest } from "../../../../src/kernel/messages/ChatRequest.ts"
import type { ChatResponse } from "../../../../src/kernel/messages/ChatResponse.ts"
import type { StreamPart } from "../../../../src/kernel/messages/StreamPart.ts"
import { checker } from "../../../support/JsonSchema.ts"
import { framesOf } from "./ResponsesSamples.ts"

const file = new URL("../../../../../shared/specs/openresponses-spec.json", import.meta.url)
const available = existsSync(file)
const reason = available ? "" : `(skipped: ../shared/specs/openresponses-spec.json is not there)`

const request: ChatRequest = {
  model: "gpt-5",
  messages: [
    { role: "system", content: "Be brief." },
    { role: "developer", content: "Be exact." },
    {
      role: "user",
      content: [
        { type: "text", text: "What is this?", cache_control: { type: "ephemeral" } },
        { type: "image", source: { type: "base64", media_type: "image/png", data: "AA==" } }
      ]
    },
    {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "hm", content: ["gAAA", "rs_1"] },
        { type: "text", text: "Let me see." },
        { type: "tool_call", id: "call_1", name: "f", input: { a: 1 } }
      ]
    },
    {
      role: "tool",
      content: [{
        type: "tool_result",
        tool_call_id: "call_1",
        output: [{ type: "text", text: "x" }, {
          type: "image",
          source: { type: "url", url: "https://example.com/a.png" }
        }]
      }]
    }
  ],
  tools: [{ name: "f", parameters: { type: "object" } }],
  tool_choice: { name: "f" },
  reasoning_effort: "low",
  max_output_tokens: 99,
  temperature: 1,
  response_format: { type: "json_schema", json_schema: { type: "object" }, name: "n" }
}

const response: ChatResponse = {
  metadata: { id: "resp_1", model: "m", created: 7 },
  content: [
    { type: "thinking", thinking: "hm", signature: "sig" },
    { type: "redacted_thinking", data: "OPAQUE" },
    { type: "text", text: "Hi" },
    { type: "text", text: "No.", refusal: true },
    { type: "tool_call", id: "call_1", name: "f", input: { a: 1 }, signature: "google" }
  ],
  finish_reason: "tool_calls",
  usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 }
}

const parts: ReadonlyArray<StreamPart> = [
  { type: "response_start", metadata: { id: "resp_1", model: "m", created: 7 } },
  { type: "block_start", index: 0, block: "thinking" },
  { type: "block_delta", index: 0, text: "hm" },
  { type: "block_end", index: 0, block: response.content[0]! },
  { type: "block_start", index: 1, block: "redacted_thinking" },
  { type: "block_end", index: 1, block: response.content[1]! },
  { type: "block_start", index: 2, block: "text" },
  { type: "block_delta", index: 2, text: "H" },
  { type: "block_delta", index: 2, text: "i" },
  { type: "block_end", index: 2, block: response.content[2]! },
  { type: "block_start", index: 3, block: "text" },
  { type: "block_end", index: 3, block: response.content[3]! },
  { type: "block_start", index: 4, block: "tool_call", id: "call_1", name: "f" },
  { type: "block_delta", index: 4, text: "{\"a\":1}" },
  { type: "block_end", index: 4, block: response.content[4]! },
  { type: "response", response }
]

const eventsOf = (given: ReadonlyArray<StreamPart>): ReadonlyArray<Schema.JsonObject> => {
  const { add } = responses.lower.stream()
  return framesOf(given.flatMap(add)).map(({ data }) => JSON.parse(data!))
}

/** Of a schema, where it says which event it is of. */
interface StreamingEvent {
  readonly properties: { readonly type: { readonly enum: readonly [type: string] } }
}

describe.skipIf(!available)(`ResponsesDialect, Open Responses' document ${reason}`, () => {
  const document: { readonly components: { readonly schemas: Readonly<Record<string, StreamingEvent>> } } = available
    ? JSON.parse(readFileSync(file, "utf8"))
    : { components: { schemas: {} } }
  const check = checker(document)

  it("writes requests", () => {
    const { body } = Result.getOrThrow(responses.lower.request(request))
    // The document takes `include` and no `user`.
    assert.deepStrictEqual(check("/components/schemas/CreateResponseBody", body), [])
  })

  it("writes answers", () => {
    assert.deepStrictEqual(check("/components/schemas/ResponseResource", responses.lower.response(response)), [])
  })

  it("writes each event of a stream", () => {
    const names = new Map(
      Object.keys(document.components.schemas).filter((name) => name.endsWith("StreamingEvent")).map((name) => {
        const type = document.components.schemas[name]!.properties.type.enum[0]
        return [type, name]
      })
    )
    const events = eventsOf([...parts, {
      type: "error",
      error: {},
      failure: { kind: "overloaded", message: "Overloaded" }
    }])
    const wrong = events.flatMap((event) => {
      const name = names.get(String(event["type"]))
      const errors = name === undefined ? ["no such event"] : check(`/components/schemas/${name}`, event)
      return errors.length === 0 ? [] : [{ type: event["type"], errors }]
    })
    assert.deepStrictEqual(wrong, [])
    assert.isAbove(events.length, 20)
  })
})
