/** What was decided is found by the id of its event. */
import { assert, describe, it } from "@effect/vitest"
import { Retry } from "../../../src/kernel/reliability/ReliabilityEvents.ts"
import * as ReplayDecisions from "../../../src/kernel/replay/ReplayDecisions.ts"
import { recorded } from "../../support/RecordedEvents.ts"

describe("the decisions of a session", () => {
  it("are found by their ids, and nothing else is", () => {
    const event = recorded(Retry, {
      payload: {
        provider: "p",
        model: "m",
        attempt: 1,
        max_retries: 2,
        delay_ms: 5,
        retry_after: null,
        key: null,
        error: { type: "RateLimitError", message: "slow down" }
      }
    })
    const find = ReplayDecisions.of([event])
    assert.strictEqual(find(event.id), event)
    assert.isUndefined(find("another"))
  })
})
