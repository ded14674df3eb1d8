/** Another target is asked where it may do better, and not where the request itself is wrong. */
import { assert, describe, it } from "@effect/vitest"
import { DeniedByHook } from "../../../src/apis/inference/Inference.ts"
import * as TargetFailure from "../../../src/apis/inference/TargetFailure.ts"
import { chat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"
import { ProviderFailed, ProviderRejected } from "../../../src/kernel/http/ProviderErrors.ts"
import { ProviderUnavailable } from "../../../src/kernel/http/ProviderUnavailable.ts"

const rejected = (status: number, message = "no", code: string | null = null) =>
  new ProviderRejected({ provider: "p", status, headers: {}, text: JSON.stringify({ error: { message, code } }) })

const failed = new ProviderFailed({ provider: "p", reason: "unreachable", detail: "x" })

describe("a failure of a target", () => {
  it.each([
    { error: rejected(401), type: "AuthenticationError" },
    { error: rejected(404), type: "NotFoundError" },
    { error: rejected(429), type: "RateLimitError" },
    { error: rejected(500), type: "ProviderUnavailableError" },
    { error: rejected(400, "maximum context length exceeded"), type: "ContextLengthError" },
    { error: failed, type: "NetworkError" },
    {
      error: new ProviderUnavailable({ api: "inference", provider_id: "p", reason: "x" }),
      type: "ProviderUnavailable"
    },
    { error: rejected(400), type: undefined },
    { error: rejected(400, "blocked", "content_filter"), type: undefined },
    { error: new DeniedByHook({ hook: "h", subject: "request", reason: "no" }), type: undefined }
  ])(
    "leads to another: $type",
    ({ error, type }) => assert.strictEqual(TargetFailure.of(error, chat.errors.raise)?.type, type)
  )
})
