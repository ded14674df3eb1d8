import { assert, describe, it } from "@effect/vitest"
import { EventLogUnavailable } from "../../src/events/log/EventLog.ts"
import { ProviderFailed } from "../../src/kernel/http/ProviderErrors.ts"
import * as ErrorResponses from "../../src/server/ErrorResponses.ts"

const failed = (reason: ProviderFailed["reason"]) => new ProviderFailed({ provider: "p", reason, detail: "d" })

/** What overflows the stack, as a body nested ten thousand levels deep does while it is decoded. */
const overflow = (): unknown => {
  const deeper = (): number => deeper() + 1
  try {
    return deeper()
  } catch (error) {
    return error
  }
}

describe("ErrorResponses.ofError", () => {
  it.each([
    ["a vendor that can't be reached", failed("unreachable"), 502, "provider_unreachable"],
    ["a vendor that is too slow", failed("timeout"), 504, "provider_timeout"],
    [
      "a log that can't be written",
      new EventLogUnavailable({ operation: "be written", reason: "disk full" }),
      503,
      "event_log_unavailable"
    ],
    ["a body nested too deep", overflow(), 400, "nested_too_deep"],
    ["another range error", new RangeError("Invalid array length"), 500, "internal_error"],
    ["a defect", new Error("secret detail"), 500, "internal_error"]
  ])("%s", (_, error, status, code) => {
    const { body, status: found } = ErrorResponses.ofError(error, 0, () => [])
    assert.deepStrictEqual([found, body.error.code], [status, code])
    assert.notInclude(body.error.message, "secret detail")
  })
})
