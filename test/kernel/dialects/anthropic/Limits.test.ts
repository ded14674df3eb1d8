/** What Anthropic takes less of is clamped, left out and told of, or refused with the field's name. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Schema } from "effect"
import { anthropic } from "../../../../src/kernel/dialects/anthropic/AnthropicDialect.ts"
import * as Limits from "../../../../src/kernel/dialects/anthropic/Limits.ts"
import type { ChatRequest } from "../../../../src/kernel/messages/ChatRequest.ts"

const request = (more: Partial<ChatRequest>): ChatRequest => ({
  model: "m",
  messages: [{ role: "user", content: "Hello?" }],
  ...more
})

const lowered = (more: Partial<ChatRequest>) => Result.getOrThrow(anthropic.lower.request(request(more)))

const refused = (more: Partial<ChatRequest>) =>
  Result.match(anthropic.lower.request(request(more)), { onSuccess: () => undefined, onFailure: ({ param }) => param })

const tools = [{ name: "f", parameters: {} }]
const thinking = { reasoning_budget_tokens: 2000, max_output_tokens: 4000 }

interface Row {
  readonly asked: Partial<ChatRequest>
  readonly sent: Schema.JsonObject
  /** Names of what is less. */
  readonly less: ReadonlyArray<string>
}

const rows: ReadonlyArray<Row> = [
  { asked: {}, sent: { max_tokens: Limits.defaultMaxTokens }, less: [] },
  { asked: { max_output_tokens: 5 }, sent: { max_tokens: 5 }, less: [] },
  { asked: { temperature: 1.5 }, sent: { temperature: 1 }, less: ["temperature 1.5"] },
  { asked: { temperature: -1 }, sent: { temperature: 0 }, less: ["temperature -1"] },
  { asked: { temperature: 0.5 }, sent: { temperature: 0.5 }, less: [] },
  { asked: { top_p: 2 }, sent: { top_p: 1 }, less: ["top_p 2"] },
  { asked: { top_k: -1 }, sent: {}, less: ["top_k -1"] },
  { asked: { seed: 7 }, sent: {}, less: ["seed 7"] },
  {
    asked: { frequency_penalty: 0.5, presence_penalty: 0 },
    sent: {},
    less: ["frequency_penalty 0.5"]
  },
  { asked: { stop: ["a", " \n"] }, sent: { stop_sequences: ["a"] }, less: ["stop [\"a\",\" \\n\"]"] },
  { asked: { stop: [] }, sent: {}, less: [] },
  { asked: { user: "u".repeat(513) }, sent: {}, less: [`user "${"u".repeat(513)}"`] },
  { asked: { user: "ada" }, sent: { metadata: { user_id: "ada" } }, less: [] },
  {
    asked: { reasoning_budget_tokens: 100 },
    sent: {
      max_tokens: Limits.defaultMaxTokens + 1024,
      thinking: { type: "enabled", budget_tokens: 1024 }
    },
    less: ["reasoning_budget_tokens 100"]
  },
  {
    asked: { reasoning_budget_tokens: 9000, max_output_tokens: 4000 },
    sent: { max_tokens: 4000, thinking: { type: "enabled", budget_tokens: 3999 } },
    less: ["reasoning_budget_tokens 9000"]
  },
  {
    asked: { reasoning_budget_tokens: 2000, max_output_tokens: 1000 },
    sent: { max_tokens: 1000, thinking: { type: "disabled" } },
    less: ["reasoning_budget_tokens 2000"]
  },
  { asked: { reasoning_budget_tokens: -1 }, sent: { thinking: { type: "adaptive" } }, less: [] },
  { asked: { reasoning_budget_tokens: 0 }, sent: { thinking: { type: "disabled" } }, less: [] },
  { asked: { reasoning_effort: "none" }, sent: { thinking: { type: "disabled" } }, less: [] },
  {
    asked: { reasoning_effort: "high" },
    sent: { thinking: { type: "adaptive" }, output_config: { effort: "high" } },
    less: []
  },
  {
    asked: { reasoning_effort: "minimal" },
    sent: { thinking: { type: "adaptive" }, output_config: { effort: "low" } },
    less: ["reasoning_effort \"minimal\""]
  },
  { asked: { reasoning_effort: "ultra" }, sent: {}, less: ["reasoning_effort \"ultra\""] },
  {
    asked: { ...thinking, temperature: 0.2, top_p: 0.5, top_k: 3 },
    sent: { max_tokens: 4000, thinking: { type: "enabled", budget_tokens: 2000 }, top_p: 0.95 },
    less: ["temperature 0.2", "top_p 0.5", "top_k 3"]
  },
  {
    asked: { ...thinking, temperature: 1 },
    sent: { max_tokens: 4000, thinking: { type: "enabled", budget_tokens: 2000 }, temperature: 1 },
    less: []
  },
  {
    asked: { ...thinking, tools, tool_choice: "required", temperature: 0.2 },
    sent: {
      max_tokens: 4000,
      thinking: { type: "disabled" },
      tools: [{ name: "f", input_schema: { type: "object" } }],
      tool_choice: { type: "any" },
      temperature: 0.2
    },
    less: ["thinking"]
  },
  {
    asked: { tools, parallel_tool_calls: false },
    sent: {
      tools: [{ name: "f", input_schema: { type: "object" } }],
      tool_choice: { type: "auto", disable_parallel_tool_use: true }
    },
    less: []
  },
  { asked: { tool_choice: "auto", parallel_tool_calls: false }, sent: {}, less: [] },
  { asked: { response_format: { type: "text" } }, sent: {}, less: [] },
  {
    asked: { response_format: { type: "json_schema", json_schema: { type: "object" }, name: "n", strict: true } },
    sent: { output_config: { format: { type: "json_schema", schema: { type: "object" } } } },
    less: []
  }
]

describe("Limits", () => {
  it.each(rows.map((row) => ({ ...row, name: JSON.stringify(row.asked).slice(0, 80) })))(
    "$name",
    ({ asked, less, sent }) => {
      const { body, degradations } = lowered(asked)
      const { messages: _, ...rest } = body
      assert.deepStrictEqual<unknown>(rest, { model: "m", max_tokens: Limits.defaultMaxTokens, ...sent })
      assert.deepStrictEqual(degradations.map(({ requested }) => requested), less)
    }
  )

  it.each<{ readonly param: string; readonly asked: Partial<ChatRequest> }>([
    { param: "model", asked: { model: null } },
    { param: "messages", asked: { messages: [] } },
    { param: "messages", asked: { messages: [{ role: "system", content: "a" }] } },
    { param: "max_output_tokens", asked: { max_output_tokens: -1 } },
    { param: "response_format", asked: { response_format: { type: "json" } } },
    { param: "tool_choice", asked: { tool_choice: "required" } },
    { param: "tool_choice", asked: { tools, tool_choice: "sometimes" } },
    { param: "tools", asked: { tools: [{ name: "a.b", parameters: {} }] } },
    { param: "tools", asked: { tools: [{ name: "f", parameters: { type: "string" } }] } },
    {
      param: "messages",
      asked: {
        messages: [{
          role: "user",
          content: [{ type: "image", source: { type: "base64", media_type: "image/bmp", data: "" } }]
        }]
      }
    }
  ])("refuses $param: $asked", ({ asked, param }) => assert.strictEqual(refused(asked), param))
})
