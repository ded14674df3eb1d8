/** Which event of a call an event is, whatever API the call is of. */
import { assert, describe, it } from "@effect/vitest"
import { isOfCall } from "../../../src/kernel/calls/CallEvents.ts"
import * as LlmEvents from "../../../src/kernel/calls/LlmEvents.ts"
import * as ApiEvents from "../../../src/kernel/requests/ApiEvents.ts"
import { recorded } from "../../support/RecordedEvents.ts"

const of = (definition: Parameters<typeof recorded>[0], attempt: number | null) =>
  recorded(definition, { attempt, payload: {} })

describe("CallEvents", () => {
  it("knows a part of a call by the end of its type and its level", () => {
    const sent = of(LlmEvents.Request.raw, 1)
    assert.isTrue(isOfCall(sent, "request", "raw"))
    assert.isTrue(isOfCall({ ...sent, type: "speech:request:raw" }, "request", "raw"))
    assert.isFalse(isOfCall(sent, "request", "default"))
    assert.isFalse(isOfCall(sent, "response", "raw"))
    assert.isTrue(isOfCall(of(LlmEvents.Error.base, 1), "error", "default"))
  })

  it("knows that a request's own events are of no call", () => {
    assert.isFalse(isOfCall(of(ApiEvents.Request.raw, null), "request", "raw"))
  })
})
