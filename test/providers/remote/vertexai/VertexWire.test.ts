/** The Gemini API as Vertex AI has it. */
import { assert, describe, it } from "@effect/vitest"
import { vertex } from "../../../../src/providers/remote/vertexai/VertexWire.ts"

const google = "/publishers/google/models/gemini-3-pro"

describe("VertexWire", () => {
  it.each([
    ["gemini-3-pro", google],
    ["models/gemini-3-pro", google],
    ["publishers/google/models/gemini-3-pro", google],
    ["/publishers/other/models/m", "/publishers/other/models/m"]
  ])("asks for %s by its publisher's name", (model, path) => {
    assert.strictEqual(vertex.path({ model, stream: false }), `${path}:generateContent`)
    assert.strictEqual(vertex.path({ model, stream: true }), `${path}:streamGenerateContent?alt=sse`)
    assert.strictEqual(vertex.countTokens?.path(model), `${path}:countTokens`)
  })

  it("counts the tokens of a request as it is sent", () => {
    const body = { contents: [{ role: "user", parts: [{ text: "Hi" }] }] }
    assert.strictEqual(vertex.countTokens?.lower(body, "m"), body)
    assert.strictEqual(vertex.name, "gemini")
  })
})
