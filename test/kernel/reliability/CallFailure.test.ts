/** What a failure says about what comes next, whatever form it has. */
import { assert, describe, it } from "@effect/vitest"
import { anthropic } from "../../../src/kernel/dialects/anthropic/AnthropicDialect.ts"
import { chat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"
import { ProviderFailed, ProviderRejected } from "../../../src/kernel/http/ProviderErrors.ts"
import * as LlmErrors from "../../../src/kernel/messages/LlmErrors.ts"
import * as CallFailure from "../../../src/kernel/reliability/CallFailure.ts"

const rejected = (status: number, body: unknown, headers = {}) =>
  new ProviderRejected({ provider: "p", status, headers, text: JSON.stringify(body) })

const failed = (reason: ProviderFailed["reason"]) => new ProviderFailed({ provider: "p", reason, detail: "x" })

describe("a failure", () => {
  it.each(
    [
      {
        error: rejected(529, { type: "error", error: { type: "overloaded_error", message: "Overloaded" } }),
        kind: "overloaded",
        retryable: true
      },
      { error: rejected(429, { error: { message: "slow down" } }), kind: "rate_limit", retryable: true },
      { error: rejected(400, { error: { message: "no" } }), kind: "invalid_request", retryable: false },
      { error: rejected(503, "<html>"), kind: "unavailable", retryable: true },
      { error: failed("unreachable"), kind: "network", retryable: true },
      { error: failed("timeout"), kind: "timeout", retryable: true },
      { error: failed("invalid_answer"), kind: "unknown", retryable: false },
      { error: failed("unauthenticated"), kind: "authentication", retryable: false },
      { error: LlmErrors.of({ kind: "rate_limit", message: "wait" }), kind: "rate_limit", retryable: true }
    ] as const
  )("$kind is retryable: $retryable", ({ error, kind, retryable }) => {
    const failure = CallFailure.of(error, (error.message.includes("529") ? anthropic : chat).errors.raise)
    assert.deepInclude(failure, { kind, retryable })
  })

  it("keeps the vendor's headers and status", () => {
    const failure = CallFailure.of(rejected(429, {}, { "retry-after": "3" }), chat.errors.raise)
    assert.deepInclude(failure, { status: 429, headers: { "retry-after": "3" }, type: "RateLimitError" })
  })
})
