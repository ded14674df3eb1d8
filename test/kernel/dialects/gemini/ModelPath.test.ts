/** The model stands in the path, and its name tells its generation. */
import { assert, describe, it } from "@effect/vitest"
import * as ModelPath from "../../../../src/kernel/dialects/gemini/ModelPath.ts"

describe("ModelPath", () => {
  it.each([
    ["gemini-3-pro", "/models/gemini-3-pro:generateContent"],
    ["models/gemini-3-pro", "/models/gemini-3-pro:generateContent"],
    ["/models/gemini-3-pro", "/models/gemini-3-pro:generateContent"],
    ["tunedModels/mine", "/tunedModels/mine:generateContent"],
    ["publishers/google/models/gemini-3-pro", "/publishers/google/models/gemini-3-pro:generateContent"],
    ["a b?c", "/models/a%20b%3Fc:generateContent"]
  ])("of %s", (model, path) => {
    assert.strictEqual(ModelPath.path({ model, stream: false }), path)
    assert.strictEqual(
      ModelPath.path({ model, stream: true }),
      path.replace("generateContent", "streamGenerateContent?alt=sse")
    )
  })

  it.each([
    ["gemini-2.5-flash", 2.5],
    ["models/gemini-3-pro-preview", 3],
    ["google/gemini-3.1-flash", 3.1],
    ["gemini-flash-latest", Number.POSITIVE_INFINITY],
    ["gemma-3", undefined],
    [null, undefined]
  ])("of the generation of %s", (model, generation) => {
    assert.strictEqual(ModelPath.generation(model), generation)
  })
})
