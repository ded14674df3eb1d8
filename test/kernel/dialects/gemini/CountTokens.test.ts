/** What Google is sent to count, and what it answers. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { countTokens } from "../../../../src/kernel/dialects/gemini/CountTokens.ts"

const answer = { totalTokens: 31, promptTokensDetails: [{ modality: "TEXT", tokenCount: 31 }] }

describe("gemini/CountTokens", () => {
  it.each([
    ["gemini-2.5-flash", "/models/gemini-2.5-flash:countTokens", "models/gemini-2.5-flash"],
    ["models/gemini-2.5-flash", "/models/gemini-2.5-flash:countTokens", "models/gemini-2.5-flash"],
    ["tunedModels/a", "/tunedModels/a:countTokens", "tunedModels/a"]
  ])("asks about %s by its name", (model, path, name) => {
    assert.strictEqual(countTokens.path(model), path)
    assert.deepStrictEqual(countTokens.lower({ contents: [] }, model), {
      generateContentRequest: { model: name, contents: [] }
    })
  })

  it("reads the answer, and says it again", () => {
    const count = Result.getOrThrow(countTokens.raise(answer))
    assert.strictEqual(count.input_tokens, 31)
    assert.deepStrictEqual<unknown>(countTokens.answer(count), answer)
  })

  it.each([undefined, null, {}, { totalTokens: -1 }, { totalTokens: "3" }, []])(
    "reads no count in %j",
    (body) => assert.isTrue(Result.isFailure(countTokens.raise(body)))
  )
})
