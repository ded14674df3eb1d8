/** What OpenAI, and vendors that speak its dialect, say of a failure. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as ChatErrors from "../../../../src/kernel/dialects/chat/ChatErrors.ts"

const error = (fields: object) => ({ error: { message: "No.", type: null, param: null, code: null, ...fields } })

describe("ChatErrors", () => {
  it.each([
    [400, { code: "context_length_exceeded", type: "invalid_request_error" }, "context_length"],
    [429, { code: "insufficient_quota", type: "insufficient_quota" }, "quota_exceeded"],
    [429, { code: "rate_limit_exceeded", type: "requests" }, "rate_limit"],
    [401, { code: "invalid_api_key", type: "invalid_request_error" }, "authentication"],
    [404, { code: "model_not_found", type: "invalid_request_error" }, "not_found"],
    [400, { code: "content_filter" }, "content_filter"],
    [500, { type: "server_error" }, "unavailable"],
    [400, { message: "maximum context length is 8192 tokens" }, "context_length"]
  ])("is of the kind that status %i and %o say: %s", (status, fields, kind) => {
    assert.strictEqual(ChatErrors.raise(status, error(fields)).kind, kind)
  })

  it("keeps the vendor's words", () => {
    assert.deepStrictEqual(ChatErrors.raise(400, error({ type: "t", param: "p", code: "c" })), {
      kind: "invalid_request",
      message: "No.",
      type: "t",
      code: "c",
      param: "p"
    })
  })

  it("reads an error that stands by itself, a mere text, and a code that is a number", () => {
    assert.strictEqual(ChatErrors.raise(400, { message: "No." }).message, "No.")
    assert.strictEqual(ChatErrors.raise(400, { error: "No." }).message, "No.")
    assert.strictEqual(ChatErrors.raise(0, error({ code: 503 })).code, "503")
    assert.strictEqual(ChatErrors.raise(502, undefined).message, "the vendor answered 502")
  })

  it.prop("reads whatever comes", { body: Schema.Json, status: Schema.Int }, ({ body, status }) => {
    assert.isString(ChatErrors.raise(status, body).message)
  })
})
