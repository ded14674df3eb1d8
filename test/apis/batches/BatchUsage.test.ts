import { assert, describe, it } from "@effect/vitest"
import * as BatchUsage from "../../../src/apis/batches/BatchUsage.ts"

const none = { input: 0, cached: 0, output: 0, reasoning: 0 }

describe("what an answer used", () => {
  it.each([
    [
      "a chat completion",
      {
        prompt_tokens: 10,
        completion_tokens: 5,
        prompt_tokens_details: { cached_tokens: 4 },
        completion_tokens_details: { reasoning_tokens: 3 }
      },
      { input: 10, cached: 4, output: 5, reasoning: 3 }
    ],
    [
      "a response",
      {
        input_tokens: 10,
        output_tokens: 5,
        input_tokens_details: { cached_tokens: 4 },
        output_tokens_details: { reasoning_tokens: 3 }
      },
      { input: 10, cached: 4, output: 5, reasoning: 3 }
    ],
    [
      "a message, which counts its cache beside its input",
      { input_tokens: 10, output_tokens: 5, cache_read_input_tokens: 4, cache_creation_input_tokens: 2 },
      { input: 16, cached: 4, output: 5, reasoning: 0 }
    ],
    ["numbers that are none", { prompt_tokens: "10", completion_tokens: 1.5 }, none]
  ])("is read of %s", (_, usage, tokens) => {
    assert.deepStrictEqual(BatchUsage.of(JSON.stringify({ model: "m", usage })), { model: "m", tokens })
  })

  it.each(["", "no JSON", "null", "[]", "{\"usage\":null}"])("is nothing where the answer is %j", (body) => {
    assert.deepStrictEqual(BatchUsage.of(body), { model: null, tokens: none })
  })
})
