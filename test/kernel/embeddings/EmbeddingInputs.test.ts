/** What vectors are made of: read from any JSON, within bounds. */
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import * as EmbeddingInputs from "../../../src/kernel/embeddings/EmbeddingInputs.ts"

const issueOf = (input: unknown) => Result.getOrUndefined(Result.flip(EmbeddingInputs.read(input)))

describe("EmbeddingInputs", () => {
  it.each([
    { input: "a", count: 1, texts: ["a"] },
    { input: "", count: 1, texts: [""] },
    { input: ["a", "b"], count: 2, texts: ["a", "b"] },
    { input: [1, 2, 3], count: 1, texts: undefined },
    { input: [[1, 2], [3]], count: 2, texts: undefined }
  ])("counts the inputs of $input", ({ count, input, texts }) => {
    const read = Result.getOrThrow(EmbeddingInputs.read(input))
    assert.strictEqual(EmbeddingInputs.countOf(read), count)
    assert.deepStrictEqual(EmbeddingInputs.textsOf(read), texts)
  })

  it.prop("reads any JSON without a throw", { json: Schema.Json }, ({ json }) => {
    const read = EmbeddingInputs.read(json)
    if (Result.isSuccess(read)) assert.isAbove(EmbeddingInputs.countOf(read.success), 0)
    else assert.match(read.failure, /^input/)
  })

  it("takes no more than one request may have", () => {
    const { inputs, tokens } = EmbeddingInputs.limits
    assert.isUndefined(issueOf(Array.from({ length: inputs }, () => "a")))
    assert.include(issueOf(Array.from({ length: inputs + 1 }, () => "a")), "send several requests")
    assert.include(issueOf(Array.from({ length: inputs + 1 }, () => [1])), "send several requests")
    assert.include(issueOf(Array.from({ length: tokens + 1 }, () => 1)), "tokens")
    assert.include(issueOf(Array.from({ length: 1_000_000 }, (_, index) => index)), "1000000 tokens")
    assert.include(issueOf(["x".repeat(17 * 1024 * 1024)]), "16 MiB")
  })
})
