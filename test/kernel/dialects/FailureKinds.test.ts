/** What kind a failure is: a vendor's precise word first, then its status, then what its message says more. */
import { assert, describe, it } from "@effect/vitest"
import * as FailureKinds from "../../../src/kernel/dialects/FailureKinds.ts"

const kinds = {
  overloaded_error: "overloaded",
  invalid_request_error: "invalid_request",
  insufficient_quota: "quota_exceeded"
} as const

const kindOf = (status: number, words: ReadonlyArray<string | null> = [], message = "no") =>
  FailureKinds.kindOf({ status, words, message, kinds })

describe("FailureKinds", () => {
  it.each(
    [
      [400, "invalid_request"],
      [401, "authentication"],
      [402, "quota_exceeded"],
      [403, "access_denied"],
      [404, "not_found"],
      [408, "timeout"],
      [413, "context_length"],
      [418, "invalid_request"],
      [429, "rate_limit"],
      [500, "unavailable"],
      [502, "unavailable"],
      [504, "timeout"],
      [529, "overloaded"],
      [0, "unknown"]
    ] as const
  )("takes a status of %i alone for %s", (status, kind) => {
    assert.strictEqual(kindOf(status), kind)
  })

  it("takes a precise word before the status, and the status before a general word", () => {
    assert.strictEqual(kindOf(500, ["overloaded_error"]), "overloaded")
    assert.strictEqual(kindOf(429, [null, "insufficient_quota"]), "quota_exceeded")
    assert.strictEqual(kindOf(401, ["invalid_request_error"]), "authentication")
    assert.strictEqual(kindOf(0, ["invalid_request_error"]), "invalid_request")
  })

  it("does not take for a word what every object has", () => {
    assert.strictEqual(kindOf(400, ["constructor", "__proto__"]), "invalid_request")
  })

  it.each([
    ["This model's maximum context length is 8192 tokens", "context_length"],
    ["prompt is too long: 250000 tokens > 200000 maximum", "context_length"],
    ["The input token count (2000000) exceeds the maximum number of tokens allowed", "context_length"],
    ["Output blocked by content filtering policy", "content_filter"],
    ["Your credit balance is too low", "quota_exceeded"]
  ])("reads more in a message where status and word are general: %s", (message, kind) => {
    assert.strictEqual(kindOf(400, ["invalid_request_error"], message), kind)
    assert.strictEqual(kindOf(401, [], message), "authentication")
  })
})
