/** A chat request says who pays, and else what the client wrote. */
import { assert, describe, it } from "@effect/vitest"
import * as WatsonXRequest from "../../../../src/providers/remote/watsonx/WatsonXRequest.ts"

const lowered = (text: string, owner: WatsonXRequest.Owner = { project_id: "p" }) => WatsonXRequest.lower(owner)(text)

describe("WatsonXRequest", () => {
  it("adds the project to what the client wrote, and changes no letter of that", () => {
    assert.strictEqual(
      lowered(` { "model":"m", "temperature": 1.0e0 }`),
      `{"project_id":"p", "model":"m", "temperature": 1.0e0 }`
    )
  })

  it("names a space before a project, and neither where neither is", () => {
    assert.strictEqual(lowered(`{"model":"m"}`, { project_id: "p", space_id: "s" }), `{"space_id":"s","model":"m"}`)
    assert.strictEqual(lowered(`{"model":"m"}`, { project_id: "", space_id: "" }), `{"model":"m"}`)
  })

  it("lets no client choose who pays", () => {
    assert.strictEqual(lowered(`{"model":"m","project_id":"of another"}`), `{"project_id":"p","model":"m"}`)
    assert.strictEqual(lowered(`{"model":"m","space_id":"of another"}`), `{"project_id":"p","model":"m"}`)
    assert.strictEqual(lowered("{}"), `{"project_id":"p"}`)
  })

  it("lets pass what is no object", () => {
    for (const text of ["", "[", "[1]", "null", "1"]) assert.strictEqual(lowered(text), text)
  })
})
