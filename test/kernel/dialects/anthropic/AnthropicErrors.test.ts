/** Failures of Anthropic's vendors in no vendor's form, and all failures in the form its clients read. */
import { assert, describe, it } from "@effect/vitest"
import * as AnthropicErrors from "../../../../src/kernel/dialects/anthropic/AnthropicErrors.ts"
import { FailureKind } from "../../../../src/kernel/messages/LlmFailure.ts"

const error = (type: string, message = "m") => ({ type: "error", error: { type, message } })

describe("AnthropicErrors", () => {
  it.each([
    [400, error("invalid_request_error"), "invalid_request"],
    [400, error("invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum"), "context_length"],
    [
      400,
      error("invalid_request_error", "input length and `max_tokens` exceed context limit: 1 + 2 > 3"),
      "context_length"
    ],
    [
      400,
      error("invalid_request_error", "Your credit balance is too low to access the Anthropic API."),
      "quota_exceeded"
    ],
    [400, error("invalid_request_error", "Output blocked by content filtering policy"), "content_filter"],
    [401, error("authentication_error"), "authentication"],
    [402, error("billing_error"), "quota_exceeded"],
    [403, error("permission_error"), "access_denied"],
    [403, "<!DOCTYPE html><html>Cloudflare</html>", "unavailable"],
    [404, error("not_found_error"), "not_found"],
    [413, error("request_too_large"), "context_length"],
    [429, error("rate_limit_error", "This request would exceed your rate limit"), "rate_limit"],
    [500, error("api_error"), "unavailable"],
    [504, error("timeout_error"), "timeout"],
    [529, error("overloaded_error"), "overloaded"],
    [0, error("overloaded_error"), "overloaded"],
    [529, undefined, "overloaded"],
    [503, "upstream", "unavailable"]
  ])("raises %s %j: %s", (status, body, kind) => assert.strictEqual(AnthropicErrors.raise(status, body).kind, kind))

  it("keeps the vendor's words", () => {
    assert.deepStrictEqual(AnthropicErrors.raise(400, error("invalid_request_error", "max_tokens: missing")), {
      kind: "invalid_request",
      message: "max_tokens: missing",
      type: "invalid_request_error",
      code: "invalid_request_error",
      param: null
    })
  })

  it.each([
    [{ type: "invalid_request_error", code: "model_not_found" }, "not_found_error"],
    [{ type: "invalid_request_error", code: "context_length_exceeded" }, "invalid_request_error"],
    [{ type: "server_error" }, "api_error"],
    [{ type: "overloaded_error", code: "overloaded_error" }, "overloaded_error"],
    [{ type: "requests", code: "rate_limit_exceeded" }, "rate_limit_error"],
    [{ type: "insufficient_quota" }, "billing_error"],
    [{}, "api_error"]
  ])(
    "shows %j as %s",
    (words, type) => assert.deepStrictEqual(AnthropicErrors.envelope({ message: "m", ...words }), error(type))
  )

  it("has a type for each status and each kind, which is raised to a kind again", () => {
    for (
      const [status, type] of [
        [400, "invalid_request_error"],
        [413, "request_too_large"],
        [418, "invalid_request_error"],
        [429, "rate_limit_error"],
        [502, "api_error"],
        [504, "timeout_error"],
        [529, "overloaded_error"]
      ] as const
    ) {
      assert.strictEqual(AnthropicErrors.typeOfStatus(status), type)
    }
    for (const kind of FailureKind.literals) {
      assert.notStrictEqual(AnthropicErrors.raise(0, error(AnthropicErrors.typeOfKind(kind))).kind, "unknown")
    }
  })

  it("writes a failure in mid-stream: its own as it came, another's in its envelope", () => {
    const own = { ...error("overloaded_error"), request_id: "req_1" }
    assert.deepStrictEqual<unknown>(AnthropicErrors.ofFailure(own, { kind: "overloaded", message: "m" }), own)
    const failure = { kind: "rate_limit", message: "slow down", type: "requests", code: "of_tomorrow" } as const
    assert.deepStrictEqual<unknown>(
      AnthropicErrors.ofFailure({ error: {} }, failure),
      error("rate_limit_error", "slow down")
    )
    assert.deepStrictEqual<unknown>(
      AnthropicErrors.ofFailure(null, { kind: "timeout", message: "m" }),
      error("timeout_error")
    )
    assert.strictEqual(
      Buffer.from(AnthropicErrors.frame(own)).toString("utf8"),
      `event: error\ndata: ${JSON.stringify(own)}\n\n`
    )
  })
})
