/** What a vendor says an answer costs is kept as a decimal; anything else says nothing. */
import { assert, describe, it } from "@effect/vitest"
import * as AnthropicUsage from "../../../src/kernel/dialects/anthropic/WireUsage.ts"
import * as ChatUsage from "../../../src/kernel/dialects/chat/WireUsage.ts"
import * as GeminiUsage from "../../../src/kernel/dialects/gemini/WireUsage.ts"
import * as ResponsesUsage from "../../../src/kernel/dialects/responses/WireUsage.ts"
import { costIn } from "../../../src/kernel/money/VendorCost.ts"

describe("the cost a vendor says", () => {
  it("is read as a decimal, also where its number is written with an exponent", () => {
    assert.deepStrictEqual(costIn({ cost: 0.00014 }), { cost_usd: "0.00014" })
    assert.deepStrictEqual(costIn(JSON.parse("{\"cost\":9.5e-7}")), { cost_usd: "0.00000095" })
    assert.deepStrictEqual(costIn({ cost: 0 }), { cost_usd: "0" })
  })

  it.each([undefined, null, 7, "x", [], {}, { cost: null }, { cost: -1 }, { cost: "1" }, { cost: { total: 1 } }])(
    "is none in %o",
    (usage) => assert.deepStrictEqual(costIn(usage), {})
  )

  it("stands in the usage of an answer of OpenRouter, in both of its dialects", () => {
    const chat = { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12, cost: 0.00014 }
    assert.strictEqual(ChatUsage.tokensIn({ usage: chat })?.cost_usd, "0.00014")
    assert.strictEqual(
      ResponsesUsage.raise({ input_tokens: 10, output_tokens: 2, total_tokens: 12, cost: 0.00014 })?.cost_usd,
      "0.00014"
    )
    // Its client gets it as it came.
    const lowered = ChatUsage.lower(ChatUsage.raise(chat)!)
    assert.strictEqual(lowered["cost"], 0.00014)
    assert.notProperty(lowered, "cost_usd")
  })
})

describe("tokens with a price of their own", () => {
  it("are told apart where a vendor counts them: audio, and what a cache keeps for an hour", () => {
    const chat = {
      usage: {
        prompt_tokens: 10,
        completion_tokens: 5,
        prompt_tokens_details: { audio_tokens: 4 },
        completion_tokens_details: { audio_tokens: 3 }
      }
    }
    assert.deepInclude(ChatUsage.tokensIn(chat), { input_audio_tokens: 4, output_audio_tokens: 3 })
    const gemini = {
      promptTokenCount: 10,
      candidatesTokenCount: 5,
      totalTokenCount: 15,
      promptTokensDetails: [{ modality: "TEXT", tokenCount: 6 }, { modality: "AUDIO", tokenCount: 4 }]
    }
    assert.deepInclude(GeminiUsage.raise(gemini), { input_audio_tokens: 4 })
    assert.notProperty(GeminiUsage.raise(gemini), "output_audio_tokens")
    const anthropic = {
      input_tokens: 1,
      output_tokens: 5,
      cache_creation_input_tokens: 7,
      cache_creation: { ephemeral_5m_input_tokens: 3, ephemeral_1h_input_tokens: 4 }
    }
    assert.deepInclude(AnthropicUsage.raise(anthropic), {
      input_tokens: 8,
      cache_write_tokens: 7,
      cache_write_1h_tokens: 4
    })
  })

  it("are not named where there are none", () => {
    const usage = ChatUsage.tokensIn({
      usage: { prompt_tokens: 10, completion_tokens: 5, prompt_tokens_details: { audio_tokens: 0 } }
    })
    assert.deepStrictEqual(usage, { input_tokens: 10, output_tokens: 5, total_tokens: 15 })
  })
})
