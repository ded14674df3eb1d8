/** Typed errors of completions: each kind of failure is one of them, and says whether and when to ask again. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as LlmErrors from "../../../src/kernel/messages/LlmErrors.ts"
import { FailureKind } from "../../../src/kernel/messages/LlmFailure.ts"

const of = (kind: FailureKind, failed: LlmErrors.Failed = {}) => LlmErrors.of({ kind, message: "no" }, failed)

/** Kinds that another one stands for on the way back. */
const merged: Partial<Record<FailureKind, FailureKind>> = {
  overloaded: "unavailable",
  invalid_tool_call: "unknown"
}

describe("LlmErrors", () => {
  it.each(FailureKind.literals)("%s is a failure again, with its vendor's words", (kind) => {
    const words = { type: "t", code: "c", param: "p" }
    const error = LlmErrors.of({ kind, message: "no", ...words }, { provider: "p", model: "p/m" })
    assert.isTrue(Schema.is(LlmErrors.LlmError)(error))
    assert.deepInclude(error, { provider: "p", model: "p/m", status: null, retry_after: null })
    assert.deepStrictEqual(LlmErrors.failureOf(error), { kind: merged[kind] ?? kind, message: "no", ...words })
  })

  it.each(FailureKind.literals)("%s goes through JSON", (kind) => {
    const codec = Schema.fromJsonString(Schema.toCodecJson(LlmErrors.LlmError))
    const again = Schema.decodeSync(codec)(Schema.encodeSync(codec)(of(kind)))
    assert.strictEqual(again._tag, of(kind)._tag)
  })

  it("tells an overloaded vendor by its status", () => {
    assert.strictEqual(LlmErrors.failureOf(of("overloaded", { status: 529 })).kind, "overloaded")
  })

  it.each(
    [
      ["rate_limit", true],
      ["overloaded", true],
      ["network", true],
      ["timeout", true],
      ["stream", true],
      ["quota_exceeded", false],
      ["authentication", false],
      ["invalid_request", false]
    ] as const
  )("%s may succeed later: %s, unless the vendor says otherwise", (kind, retryable) => {
    assert.strictEqual(of(kind).retryable, retryable)
    assert.strictEqual(of(kind, { headers: { "x-should-retry": String(!retryable) } }).retryable, !retryable)
    assert.strictEqual(of(kind, { headers: { "x-should-retry": "perhaps" } }).retryable, retryable)
  })

  it.each([
    [{ "retry-after": "7" }, 7],
    [{ "retry-after-ms": "1500", "retry-after": "7" }, 1.5],
    [{ "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT" }, null],
    [{}, null]
  ])("reads of %o when to ask again", (headers, seconds) => {
    assert.strictEqual(of("rate_limit", { headers }).retry_after, seconds)
  })

  it.each(FailureKind.literals)("%s has a status of an error", (kind) => {
    assert.isAtLeast(LlmErrors.statusOf(kind), 400)
  })
})
