/** What kind of failure a vendor's words, its status and its message make, in this order. */
import { assert, describe, it } from "@effect/vitest"
import * as FailureKinds from "../../../src/kernel/dialects/FailureKinds.ts"

const kinds = { slow: "rate_limit", bad: "invalid_request", gone: "not_found", full: "overloaded" } as const

const kindOf = (status: number, words: ReadonlyArray<string | null> = [], message = "") =>
  FailureKinds.kindOf({ status, words, message, kinds })

describe("FailureKinds", () => {
  it.each([
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
    [503, "unavailable"],
    [504, "timeout"],
    [529, "overloaded"],
    [0, "unknown"]
  ])("goes by the status %i where nothing else is said: %s", (status, kind) => {
    assert.strictEqual(kindOf(status), kind)
  })

  it("believes a precise word before a status, and the first of several", () => {
    assert.strictEqual(kindOf(500, ["full", "gone"]), "overloaded")
    assert.strictEqual(kindOf(400, [null, "gone"]), "not_found")
    assert.strictEqual(kindOf(200, ["slow"]), "rate_limit")
  })

  it("believes a status before a word that could mean anything", () => {
    assert.strictEqual(kindOf(404, ["bad"]), "not_found")
    assert.strictEqual(kindOf(0, ["bad"]), "invalid_request")
  })

  it.each([
    ["This model's maximum context length is 8192 tokens", "context_length"],
    ["prompt is too long: 200001 tokens", "context_length"],
    ["blocked by our safety system", "content_filter"],
    ["You exceeded your current quota", "quota_exceeded"],
    ["Your credit balance is too low", "quota_exceeded"]
  ])("reads a message where the kind is a general one: %s", (message, kind) => {
    assert.strictEqual(kindOf(400, [], message), kind)
    assert.strictEqual(kindOf(401, [], message), "authentication")
  })

  it("takes no word for one that every object has", () => {
    assert.strictEqual(kindOf(404, ["constructor", "toString"]), "not_found")
  })
})
