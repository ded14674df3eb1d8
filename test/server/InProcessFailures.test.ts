/** Failures of requests in process: as the handlers of their operations answer them. */
import { assert, describe, it } from "@effect/vitest"
import { ConsumerGroupNotFound, PositionBehind } from "../../src/apis/consumer-groups/ConsumerGroupErrors.ts"
import { DeniedByHook } from "../../src/apis/inference/Inference.ts"
import { ProviderNotFound } from "../../src/apis/providers/Providers.ts"
import { AccessDenied } from "../../src/kernel/http/AccessDenied.ts"
import { Conflict, envelope, NotFound } from "../../src/kernel/http/HttpErrors.ts"
import { ProviderFailed, ProviderRejected } from "../../src/kernel/http/ProviderErrors.ts"
import { ResourceInvalid, ResourceNotFound } from "../../src/kernel/http/ResourceErrors.ts"
import { SessionFileRefused, SessionNotFound } from "../../src/kernel/http/SessionErrors.ts"
import { failureOf } from "../../src/server/InProcessFailures.ts"
import { operation } from "../support/InProcess.ts"

const chat = operation("createChatCompletion")
const unknownModel = new ResourceNotFound({ type: "model", identifier: "m", suggestions: [], ambiguous: false })
const failed = (reason: ProviderFailed["reason"]) => new ProviderFailed({ provider: "p", reason, detail: "d" })

const rows = [
  { name: "an unknown model of a chat", error: unknownModel, of: chat, expected: [404, "model", "model_not_found"] },
  {
    name: "an unknown model in a path",
    error: unknownModel,
    of: operation("retrieveModel"),
    expected: [404, "model_id", "model_not_found"]
  },
  {
    name: "a registration that is not understood",
    error: new ResourceInvalid({ type: "model", field: "metadata", message: "no" }),
    of: operation("registerModel"),
    expected: [400, "metadata", "invalid_model"]
  },
  { name: "a vendor that is too slow", error: failed("timeout"), of: chat, expected: [504, null, "provider_timeout"] },
  {
    name: "what is not recorded",
    error: failed("not_recorded"),
    of: chat,
    expected: [404, "messages", "recording_not_found"]
  },
  {
    name: "what a hook denies",
    error: new DeniedByHook({ hook: "h", subject: "request", reason: "r" }),
    of: chat,
    expected: [403, null, "denied_by_hook"]
  },
  {
    name: "what the rules deny",
    error: new AccessDenied({ action: "read", resource: "model::m" }),
    of: chat,
    expected: [403, null, "access_denied"]
  },
  {
    name: "a session that is not there",
    error: new SessionNotFound({ session_id: "s" }),
    of: operation("retrieveSession"),
    expected: [404, "session_id", "session_not_found"]
  },
  {
    name: "a session file that is refused",
    error: new SessionFileRefused({ param: "type", message: "no" }),
    of: operation("importSession"),
    expected: [400, "type", "invalid_session_file"]
  },
  {
    name: "a consumer group that is not there",
    error: new ConsumerGroupNotFound({ group: "g" }),
    of: operation("retrieveConsumerGroup"),
    expected: [404, "consumer_group", "consumer_group_not_found"]
  },
  {
    name: "a position that a group has passed",
    error: new PositionBehind({ group: "g", position: 1, reached: 2 }),
    of: operation("acknowledgeConsumerGroup"),
    expected: [409, "position", "position_behind_group"]
  },
  {
    name: "a provider that is not there",
    error: new ProviderNotFound({ provider_id: "p" }),
    of: operation("retrieveProvider"),
    expected: [404, "provider_id", "provider_not_found"]
  },
  {
    name: "an error that is as a client sees it",
    error: new Conflict(envelope("no", { param: "a", code: "b" })),
    of: undefined,
    expected: [409, "a", "b"]
  },
  { name: "no error of Strata's", error: new Error("a bug"), of: chat, expected: [500, null, "internal_error"] },
  { name: "what is not even an error", error: "text", of: undefined, expected: [500, null, "internal_error"] }
] as const

describe("InProcessFailures", () => {
  it.each(rows)("$name", ({ error, of, expected }) => {
    const { body, status } = failureOf(error, of)
    assert.deepStrictEqual<unknown>([status, body.error.param, body.error.code], expected)
  })

  it("a vendor's own error passes as it came", () => {
    const headers = { "retry-after": "2" }
    const text = `{"error":{"message":"slow down"},"more":1}`
    const failure = failureOf(new ProviderRejected({ provider: "p", status: 429, headers, text }), chat)
    assert.deepInclude(failure, { status: 429, headers, text })
  })

  it("says nothing of a bug", () => {
    assert.notInclude(JSON.stringify(failureOf(new Error("secret detail"), chat)), "secret detail")
    assert.strictEqual(failureOf(new NotFound(envelope("m")), chat).body.error.message, "m")
  })
})
