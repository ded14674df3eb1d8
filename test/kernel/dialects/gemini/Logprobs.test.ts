/** How likely Gemini's tokens were, in the form of chat completions. */
import { assert, describe, it } from "@effect/vitest"
import * as Logprobs from "../../../../src/kernel/dialects/gemini/Logprobs.ts"

const request = (chat: Record<string, number | boolean>) => ({ messages: [], provider_options: { chat } })
const candidate = { logprobsResult: { chosenCandidates: [{ token: "a", logProbability: -1 }, { odd: true }, 5] } }

describe("Logprobs", () => {
  it("are asked for where somebody wants them", () => {
    assert.deepStrictEqual(Logprobs.lower(request({ logprobs: true, top_logprobs: 3 })), {
      responseLogprobs: true,
      logprobs: 3
    })
    assert.deepStrictEqual(Logprobs.lower(request({ logprobs: true, top_logprobs: 0 })), { responseLogprobs: true })
    assert.deepStrictEqual(Logprobs.lower(request({ top_logprobs: 3 })), {})
  })

  it("stand with the one text of an answer, whatever is missing", () => {
    const logprobs = [
      { token: "a", logprob: -1, bytes: [97], top_logprobs: [] },
      { token: "", logprob: 0, bytes: [], top_logprobs: [] }
    ]
    const text = { type: "text", text: "a" } as const
    assert.deepStrictEqual<unknown>(Logprobs.withText([text], candidate), [{ ...text, logprobs }])
    assert.deepStrictEqual<unknown>(Logprobs.withText([text, text], candidate), [text, text])
    assert.deepStrictEqual<unknown>(Logprobs.withText([text], undefined), [text])
  })
})
