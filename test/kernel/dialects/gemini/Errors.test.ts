/** How Google fails is one of the canonical failures; and its clients are told of any in Google's words. */
import { assert, describe, it } from "@effect/vitest"
import * as Errors from "../../../../src/kernel/dialects/gemini/Errors.ts"

const rpc = (type: string, fields: object) => ({ "@type": `type.googleapis.com/google.rpc.${type}`, ...fields })
const error = (code: number, status: string, message: string, ...details: ReadonlyArray<object>) => ({
  error: { code, message, status, ...(details.length === 0 ? {} : { details }) }
})
const violation = (quotaId: string, more: object = {}) => rpc("QuotaFailure", { violations: [{ quotaId, ...more }] })

const rows: ReadonlyArray<readonly [name: string, status: number, body: unknown, kind: string]> = [
  ["a field that is wrong", 400, error(400, "INVALID_ARGUMENT", "Invalid value at 'contents'"), "invalid_request"],
  [
    "a key that is wrong, under 400",
    400,
    error(
      400,
      "INVALID_ARGUMENT",
      "API key not valid. Please pass a valid API key.",
      rpc("ErrorInfo", { reason: "API_KEY_INVALID" })
    ),
    "authentication"
  ],
  ["a key that is wrong, by its words", 400, error(400, "INVALID_ARGUMENT", "API key expired."), "authentication"],
  [
    "too long a prompt",
    400,
    error(
      400,
      "INVALID_ARGUMENT",
      "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."
    ),
    "context_length"
  ],
  [
    "a place that is not served",
    400,
    error(400, "FAILED_PRECONDITION", "User location is not supported for the API use."),
    "access_denied"
  ],
  [
    "nobody who asks",
    401,
    error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials."),
    "authentication"
  ],
  ["who may not ask", 403, error(403, "PERMISSION_DENIED", "Permission denied"), "access_denied"],
  ["no such model", 404, error(404, "NOT_FOUND", "models/x is not found"), "not_found"],
  [
    "too many requests a minute",
    429,
    error(
      429,
      "RESOURCE_EXHAUSTED",
      "Quota exceeded",
      violation("GenerateRequestsPerMinutePerProjectPerModel-FreeTier")
    ),
    "rate_limit"
  ],
  [
    "too many requests a day",
    429,
    error(429, "RESOURCE_EXHAUSTED", "Quota exceeded", violation("GenerateRequestsPerDayPerProjectPerModel-FreeTier")),
    "quota_exceeded"
  ],
  [
    "a quota of nothing",
    429,
    error(429, "RESOURCE_EXHAUSTED", "Quota exceeded", violation("x", { quotaValue: "0" })),
    "quota_exceeded"
  ],
  ["too much at once", 429, error(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted"), "rate_limit"],
  ["a defect", 500, error(500, "INTERNAL", "An internal error has occurred"), "unavailable"],
  [
    "an overloaded model",
    503,
    error(503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
    "overloaded"
  ],
  ["a model that is away", 503, error(503, "UNAVAILABLE", "The service is currently unavailable."), "unavailable"],
  ["too late an answer", 504, error(504, "DEADLINE_EXCEEDED", "Deadline expired"), "timeout"],
  ["who has left", 499, error(499, "CANCELLED", "The operation was cancelled."), "abort"],
  ["an error in a list", 503, [error(503, "UNAVAILABLE", "overloaded")], "overloaded"],
  ["an error under another status", 200, error(429, "RESOURCE_EXHAUSTED", "slow down"), "rate_limit"],
  ["an error as text", 404, { error: "no such path" }, "not_found"],
  ["a page of a proxy", 502, undefined, "unavailable"],
  ["a body that is too large", 413, {}, "context_length"]
]

describe("Errors", () => {
  it.each(rows)("knows %s", (_, status, body, kind) => {
    const failure = Errors.raise(status, body)
    assert.strictEqual(failure.kind, kind)
    assert.isNotEmpty(failure.message)
  })

  it("says which field it is about, and the reason", () => {
    const body = error(
      400,
      "INVALID_ARGUMENT",
      "no",
      rpc("ErrorInfo", { reason: "BAD" }),
      rpc("BadRequest", { fieldViolations: [{ field: "contents[0]", description: "d" }] })
    )
    assert.deepStrictEqual<unknown>(Errors.raise(400, body), {
      kind: "invalid_request",
      message: "no",
      type: "INVALID_ARGUMENT",
      code: "BAD",
      param: "contents[0]"
    })
  })

  it.each([
    [error(429, "RESOURCE_EXHAUSTED", "m", rpc("RetryInfo", { retryDelay: "34.5s" })), 34.5],
    [[error(429, "RESOURCE_EXHAUSTED", "m", rpc("Help", {}), rpc("RetryInfo", { retryDelay: "3s" }))], 3],
    [error(429, "RESOURCE_EXHAUSTED", "m", rpc("RetryInfo", { retryDelay: "soon" })), undefined],
    [error(429, "RESOURCE_EXHAUSTED", "m"), undefined],
    [null, undefined]
  ])("reads from %j when to ask again", (body, seconds) => {
    assert.strictEqual(Errors.retryDelay(body), seconds)
  })

  it.each([
    ["rate_limit_error", 429, "RESOURCE_EXHAUSTED"],
    ["overloaded", 503, "UNAVAILABLE"],
    ["not_found", 404, "NOT_FOUND"],
    ["authentication_error", 401, "UNAUTHENTICATED"],
    ["PERMISSION_DENIED", 403, "PERMISSION_DENIED"],
    ["timeout", 504, "DEADLINE_EXCEEDED"],
    ["cut_off", 500, "INTERNAL"],
    ["invalid_request_error", 400, "INVALID_ARGUMENT"],
    ["toString", 400, "INVALID_ARGUMENT"]
  ])("tells clients of %s", (type, code, status) => {
    assert.deepStrictEqual<unknown>(Errors.envelope({ message: "m", type }), { error: { code, message: "m", status } })
  })

  it("tells clients of the field and the code, so that they are read again", () => {
    const envelope = Errors.envelope({ message: "m", param: "messages", code: "c" })
    assert.deepInclude(Errors.raise(400, envelope), {
      kind: "invalid_request",
      message: "m",
      param: "messages",
      code: "c"
    })
    assert.strictEqual(Buffer.from(Errors.frame(envelope)).toString("utf8"), `data: ${JSON.stringify(envelope)}\n\n`)
  })

  it("leaves Google's own error as it came, and puts others into its words", () => {
    const failure = { kind: "overloaded", message: "m" } as const
    const own = error(503, "UNAVAILABLE", "m", rpc("Help", {}))
    assert.deepStrictEqual<unknown>(Errors.ofStream(own.error as never, failure), own)
    assert.deepStrictEqual<unknown>(
      Errors.ofStream({ type: "overloaded_error" }, failure),
      error(503, "UNAVAILABLE", "m")
    )
  })
})
