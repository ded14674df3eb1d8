/** What of a request can't be is named, with what to do about it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import * as ResponsePlan from "../../../src/apis/responses/ResponsePlan.ts"
import * as ResponseStore from "../../../src/apis/responses/ResponseStore.ts"

const asked = { model: "m", input: "hello" }

const plan = (body: ResponsePlan.Plan["request"], input: ResponsePlan.Plan["input"] = []) =>
  Effect.runSync(Effect.result(ResponsePlan.make(body, {
    id: "resp_1",
    created_at: 1,
    before: ResponseStore.noChain,
    conversation: null,
    servers: [],
    input
  })))

describe("the plan of a response", () => {
  it("given a request that can't be, then the field is named", () => {
    const cases = [
      [{ input: "x" }, "model"],
      [{ model: "m" }, "input"],
      [{ ...asked, previous_response_id: "r", conversation: "c" }, "conversation"],
      [{ ...asked, background: true, store: false }, "store"],
      [{ ...asked, metadata: { [`${"k".repeat(65)}`]: "v" } }, "metadata"],
      [{ ...asked, metadata: { a: "v".repeat(513) } }, "metadata.a"]
    ] as const
    for (const [body, param] of cases) assert.strictEqual(ResponsePlan.problem(body)?.param, param)
    assert.isUndefined(ResponsePlan.problem(asked))
  })

  it("given fields of the dialect, then the model is asked with them, and no vendor learns of what is Strata's", () => {
    const { settings } = Result.getOrThrow(plan({
      ...asked,
      instructions: "Be brief.",
      max_output_tokens: 9,
      max_tool_calls: 2,
      max_infer_iters: 3,
      previous_response_id: "r",
      text: { format: { type: "json_schema", name: "n", schema: { type: "object" } } },
      tools: [{ type: "function", name: "f", parameters: {} }],
      tool_choice: { type: "allowed_tools", mode: "required", tools: [{ type: "function", name: "f" }] }
    }))
    assert.deepInclude(settings, {
      model: "m",
      instructions: "Be brief.",
      max_output_tokens: 9,
      tool_choice: "required"
    })
    assert.deepStrictEqual(settings.limits, { max_iterations: 3, max_tool_calls: 2 })
    assert.deepStrictEqual(settings.tools?.map(({ name }) => name), ["f"])
    for (const own of ["previous_response_id", "max_infer_iters"]) {
      assert.notInclude(JSON.stringify(settings.provider_options ?? {}), own)
    }
  })

  it("given a call without output, or an answer to no request, then it is refused", () => {
    const call = { type: "function_call", call_id: "c", name: "f", arguments: "{}" }
    const approval = { type: "mcp_approval_response", approval_request_id: "a", approve: true }
    assert.include(Result.getOrThrow(Result.flip(plan(asked, [call]))).message, "c")
    assert.strictEqual(Result.getOrThrow(Result.flip(plan(asked, [approval]))).param, "input[0].approval_request_id")
  })
})
