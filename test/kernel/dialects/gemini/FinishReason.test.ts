/** Why an answer ends, in Google's words and in the canonical ones. */
import { assert, describe, it } from "@effect/vitest"
import { FinishReason as Google } from "@google/genai"
import * as FinishReason from "../../../../src/kernel/dialects/gemini/FinishReason.ts"

const canonical = new Set(["stop", "length", "content_filter"])

describe("FinishReason", () => {
  it.each(Object.values(Google))("comes back as %s", (reason) => {
    const raised = FinishReason.raise(reason, false)
    const kept = FinishReason.isLost(reason, false) ? reason : undefined
    assert.strictEqual(FinishReason.lower(raised, kept, false), reason)
    assert.isTrue(raised === null || raised === reason || canonical.has(raised))
  })

  it.each([
    ["stop", "STOP"],
    ["tool_calls", "STOP"],
    ["length", "MAX_TOKENS"],
    ["content_filter", "SAFETY"],
    ["pause_turn", "OTHER"],
    [null, undefined]
  ])(
    "says %s in Google's words",
    (reason, word) => assert.strictEqual(FinishReason.lower(reason, undefined, false), word)
  )

  it("does not keep a word that is no longer true", () => {
    assert.strictEqual(FinishReason.lower("stop", "RECITATION", false), "STOP")
    assert.strictEqual(FinishReason.raise("STOP", true), "tool_calls")
  })
})
