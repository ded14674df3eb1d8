import { assert, describe, it } from "@effect/vitest"
import type { Schema } from "effect"
import * as ImpliedFields from "../../../src/apis/responses/ImpliedFields.ts"
import * as ResponseEvents from "../../../src/apis/responses/ResponseEvents.ts"

const end = { status: "completed", usage: { total_tokens: 3 }, error: null, incomplete_details: null }
const tools = [{ type: "function", name: "f", parameters: { type: "object" } }]
const request = { model: "vendor/m", instructions: "Be terse.", tools, reasoning: { effort: "low" }, temperature: 0 }
const around = { response: "resp_1", created_at: 7, request, end }

/** As OpenAI answers `request`. */
const usual = {
  id: "resp_1",
  object: "response",
  created_at: 7,
  status: "completed",
  background: false,
  error: null,
  frequency_penalty: 0,
  incomplete_details: null,
  instructions: "Be terse.",
  max_output_tokens: null,
  max_tool_calls: null,
  model: "m",
  parallel_tool_calls: true,
  presence_penalty: 0,
  previous_response_id: null,
  prompt_cache_key: null,
  reasoning: { effort: "low", summary: null },
  safety_identifier: null,
  service_tier: "default",
  store: true,
  temperature: 0,
  text: { format: { type: "text" }, verbosity: "medium" },
  tool_choice: "auto",
  tools,
  top_logprobs: 0,
  top_p: 1,
  truncation: "disabled",
  usage: { total_tokens: 3 },
  user: null,
  metadata: {}
}

const restored = (vendor: ImpliedFields.Vendor) => ImpliedFields.restored(vendor, around)

describe("what a vendor's response says", () => {
  it("given what most say, then only what does not follow is stored", () => {
    const vendor = ImpliedFields.without(usual, around)
    assert.deepStrictEqual(vendor, { says: { model: "m" } })
    assert.deepStrictEqual(restored(vendor), usual)
  })

  it.each<readonly [string, Schema.JsonObject]>([
    ["other values", { ...usual, top_p: 0.5, tools: [], text: { format: { type: "json_object" } }, status: "odd" }],
    ["null where others have a value", { ...usual, reasoning: null, tools: null, metadata: null, usage: null }],
    ["fields of its own", { ...usual, billing: { payer: "developer" }, constructor: 1, toString: null }],
    ["fewer fields", { id: "resp_1", status: "completed" }],
    ["no field", {}],
    ["a name that objects have from their prototype", JSON.parse(`{"__proto__":{"a":1},"id":"resp_1"}`)]
  ])("given %s, then it is restored as it was", (_, whole) => {
    const vendor = ImpliedFields.without(whole, around)
    assert.deepStrictEqual(restored(JSON.parse(JSON.stringify(vendor))), whole)
    assert.strictEqual(
      JSON.stringify(Object.entries(restored(vendor)).sort()),
      JSON.stringify(Object.entries(whole).sort())
    )
  })

  it("given an event that says it whole, then it is lifted to one from which the same is restored", () => {
    const lift = ResponseEvents.Created.upcasters[2]!
    const payload = {
      ...around,
      owner: null,
      previous: null,
      conversation: null,
      input: [],
      end: { ...end, output: [] }
    }
    const lifted = lift({ ...payload, whole: usual }) as unknown as ImpliedFields.Around & {
      readonly vendor: ImpliedFields.Vendor
    }
    assert.notProperty(lifted, "whole")
    assert.deepStrictEqual(ImpliedFields.restored(lifted.vendor, lifted), usual)
    assert.deepStrictEqual(lift(payload), payload)
    assert.deepStrictEqual(lift({ ...payload, end: null }), { ...payload, end: null })
  })
})
