/** A chat request in watsonx.ai's own names. */
import { assert, describe, it } from "@effect/vitest"
import * as WatsonXRequest from "../../../../src/providers/remote/watsonx/WatsonXRequest.ts"

const lowered = (body: object, owner = { project_id: "p" } as WatsonXRequest.Owner) =>
  JSON.parse(WatsonXRequest.lower(owner)(JSON.stringify(body)))

const messages = [{ role: "user", content: "hi" }]

describe("WatsonXRequest", () => {
  it("names the model and whose project it is, and leaves to the address whether it streams", () => {
    const body = {
      model: "m",
      messages,
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0.5,
      later: [1]
    }
    assert.deepStrictEqual(lowered(body), { model_id: "m", project_id: "p", messages, temperature: 0.5, later: [1] })
  })

  it("names a space before a project, and neither where neither is", () => {
    assert.deepStrictEqual(lowered({ model: "m" }, { project_id: "p", space_id: "s" }), {
      model_id: "m",
      space_id: "s"
    })
    assert.deepStrictEqual(lowered({ model: "m" }, { project_id: "", space_id: "" }), { model_id: "m" })
  })

  it("says a choice of tools in a word as an option, and one tool as a choice", () => {
    assert.deepInclude(lowered({ model: "m", tool_choice: "required" }), { tool_choice_option: "required" })
    const one = { type: "function", function: { name: "f" } }
    assert.deepInclude(lowered({ model: "m", tool_choice: one }), { tool_choice: one })
    assert.notProperty(lowered({ model: "m", tool_choice: null }), "tool_choice")
  })

  it("lets pass what is no object", () => {
    for (const text of ["", "[", "[1]", "null", "1"]) assert.strictEqual(WatsonXRequest.lower({})(text), text)
  })
})
