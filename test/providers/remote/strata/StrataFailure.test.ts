import { assert, describe, it } from "@effect/vitest"
import { ProviderFailed, ProviderRejected } from "../../../../src/kernel/http/ProviderErrors.ts"
import * as StrataFailure from "../../../../src/providers/remote/strata/StrataFailure.ts"

const rejected = (status: number, body: unknown) =>
  new ProviderRejected({ provider: "far", status, headers: {}, text: JSON.stringify(body) })

describe("StrataFailure", () => {
  it("given a refusal of Strata, then its words and its code are there", () => {
    assert.deepStrictEqual(
      StrataFailure.of(rejected(404, { error: { message: "no such tool", code: "tool_not_found" } })),
      {
        status: 404,
        code: "tool_not_found",
        message: "no such tool",
        reason: "rejected"
      }
    )
  })

  it("given a refusal of OGX, then its detail is; of another server, its status", () => {
    assert.include(StrataFailure.of(rejected(400, { detail: "bad" })), { message: "bad", code: undefined })
    assert.include(StrataFailure.of(rejected(418, [])), { message: "it answered 418" })
  })

  it("given no answer, then there is no status", () => {
    const error = new ProviderFailed({ provider: "far", reason: "timeout", detail: "late" })
    assert.include(StrataFailure.of(error), { status: undefined, message: "late", reason: "timeout" })
  })
})
