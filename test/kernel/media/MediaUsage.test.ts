/** What vendors counted, in each of the forms that OpenAI's document has. */
import { assert, describe, it } from "@effect/vitest"
import * as MediaUsage from "../../../src/kernel/media/MediaUsage.ts"

describe("usage", () => {
  it("of texts of sound has its audio", () => {
    const usage = {
      type: "tokens",
      input_tokens: 14,
      input_token_details: { text_tokens: 0, audio_tokens: 14 },
      output_tokens: 45,
      total_tokens: 59
    }
    assert.deepStrictEqual(MediaUsage.ofJson(usage), {
      input_tokens: 14,
      output_tokens: 45,
      total_tokens: 59,
      input_audio_tokens: 14
    })
  })

  it("in seconds, or of nothing, counts no tokens", () => {
    for (const usage of [{ type: "duration", seconds: 9 }, {}, null, "x", [1], { input_tokens: -1 }]) {
      assert.isNull(MediaUsage.ofJson(usage))
    }
  })

  it("of a stream is the last that counts", () => {
    const frame = (value: unknown): [number, string] => [0, `data: ${JSON.stringify(value)}\n\n`]
    const frames = [
      frame({ type: "a" }),
      frame({ type: "b", usage: { input_tokens: 1, output_tokens: 2 } }),
      [0, "data: [DONE]\n\n"] as [number, string]
    ]
    assert.deepStrictEqual(MediaUsage.ofAnswer({ status: 200, json: undefined, frames }), {
      input_tokens: 1,
      output_tokens: 2,
      total_tokens: 3
    })
  })
})
