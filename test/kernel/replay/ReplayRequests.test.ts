/** The requests of a session: those that can be run again, and why the others can't. */
import { assert, describe, it } from "@effect/vitest"
import { apis } from "../../../src/apis/Apis.ts"
import type { RecordedEvent } from "../../../src/events/types/Envelope.ts"
import * as LlmEvents from "../../../src/kernel/calls/LlmEvents.ts"
import * as HookEvents from "../../../src/kernel/hooks/HookEvents.ts"
import * as ReplayRequests from "../../../src/kernel/replay/ReplayRequests.ts"
import * as ApiEvents from "../../../src/kernel/requests/ApiEvents.ts"
import { Started } from "../../../src/kernel/sessions/SessionEvents.ts"
import { recorded } from "../../support/RecordedEvents.ts"

const traffic = { method: "GET", url: "/v1/models", headers: {}, body: "", encoding: "utf-8", sha256: "" } as const

const of = (requestId: string) => ({
  asked: recorded(ApiEvents.Request.base, { requestId }),
  raw: recorded(ApiEvents.Request.raw, { requestId, payload: traffic }),
  called: recorded(LlmEvents.Request.base, { requestId, attempt: 1 }),
  calledRaw: recorded(LlmEvents.Request.raw, { requestId, attempt: 1, payload: traffic }),
  decided: recorded(HookEvents.Decided.base, { requestId }),
  decidedRaw: recorded(HookEvents.Decided.raw, { requestId }),
  answered: recorded(ApiEvents.Response.base, { requestId }),
  failed: (status: number, code?: string) =>
    recorded(ApiEvents.Error.base, {
      requestId,
      payload: {
        operation: "listModels",
        status,
        error: code === undefined ? null : { message: "", type: "upstream_error", param: null, code },
        duration_ms: 1
      }
    }),
  callFailed: (type: string) =>
    recorded(LlmEvents.Error.base, {
      requestId,
      attempt: 1,
      payload: {
        provider: "p",
        model: "m",
        operation: "chat",
        status: null,
        error: { type, message: "" },
        duration_ms: 1
      }
    })
})

const r = of("r")
const forking = recorded(ApiEvents.Request.base, { requestId: "r", payload: { operation: "forkSession" } })
const pruned = recorded(ApiEvents.Request.raw, { requestId: "r", payload: null, prunedAt: 1 })
/** Of a session that was pruned where it was exported. */
const prunedElsewhere = recorded(ApiEvents.Response.raw, { requestId: "r", payload: null })

const rows: ReadonlyArray<{
  readonly name: string
  readonly events: ReadonlyArray<RecordedEvent>
  readonly skip: string | undefined
}> = [
  { name: "an answered request", events: [r.asked, r.raw, r.answered], skip: undefined },
  { name: "a request answered with an error", events: [r.asked, r.raw, r.failed(404)], skip: undefined },
  {
    name: "a request whose provider could not be reached",
    events: [r.asked, r.raw, r.callFailed("TransportError"), r.failed(502)],
    skip: undefined
  },
  {
    name: "a request whose provider was not running",
    events: [r.asked, r.raw, r.failed(503, "provider_unavailable")],
    skip: "its provider was not running"
  },
  {
    name: "a request that others were in the way of, again and again",
    events: [r.asked, r.raw, r.failed(409, "session_busy")],
    skip: "others wrote to its session without a pause, and nothing was done"
  },
  {
    name: "a request one of whose provider calls was recorded below raw, by its flags",
    events: [r.asked, r.raw, r.called, r.calledRaw, r.called, r.answered],
    skip: "a provider call was not recorded at raw level"
  },
  {
    name: "a request whose provider calls were recorded at raw",
    events: [r.asked, r.raw, r.called, r.calledRaw, r.answered],
    skip: undefined
  },
  {
    name: "a request about which hooks decided below raw, by the flags of its provider",
    events: [r.asked, r.raw, r.decided, r.failed(403)],
    skip: "a decision of hooks was not recorded at raw level"
  },
  {
    name: "a request about which hooks decided at raw",
    events: [r.asked, r.raw, r.decided, r.decidedRaw, r.failed(403)],
    skip: undefined
  },
  { name: "a request below raw level", events: [r.asked, r.answered], skip: "it was not recorded at raw level" },
  {
    name: "a request whose payloads were pruned",
    events: [r.asked, pruned, r.answered],
    skip: "its payloads were removed to save space"
  },
  {
    name: "a request whose payloads were pruned before it was imported",
    events: [r.asked, r.raw, r.answered, prunedElsewhere],
    skip: "its payloads were removed to save space"
  },
  {
    name: "a request that changed sessions",
    events: [forking, r.raw, r.answered],
    skip: "it changes sessions or registries themselves, and is not run again"
  },
  { name: "a request whose end is missing", events: [r.asked, r.raw], skip: "its end was not recorded" },
  {
    name: "a request whose client left",
    events: [r.asked, r.raw, r.failed(499)],
    skip: "the client left before the answer was complete"
  },
  {
    name: "a request of whose body nothing was read",
    events: [r.asked, r.raw, r.failed(413)],
    skip: "its body was longer than the server takes, and is not kept"
  },
  {
    name: "a request whose provider call was given up",
    events: [r.asked, r.raw, r.callFailed("interrupted"), r.failed(504)],
    skip: "a provider call was given up, by the clock"
  }
]

describe("RecordedRequests", () => {
  it.each(rows)("$name: $skip", ({ events, skip }) => {
    const requests = ReplayRequests.fromEvents(events, apis.operations)
    assert.deepStrictEqual(requests, [{
      requestId: "r",
      events,
      principal: null,
      traffic: events.includes(r.raw) ? traffic : undefined,
      skip
    }])
  })

  it("keeps the requests apart, in the order they arrived, and leaves out what belongs to none", () => {
    const s = of("s")
    const events = [recorded(Started), r.asked, s.asked, s.raw, r.raw, r.answered, s.answered]
    const requests = ReplayRequests.fromEvents(events, apis.operations)
    assert.deepStrictEqual(requests.map(({ requestId, skip }) => [requestId, skip]), [["r", undefined], [
      "s",
      undefined
    ]])
    assert.deepStrictEqual(requests.map((request) => request.events), [
      [r.asked, r.raw, r.answered],
      [s.asked, s.raw, s.answered]
    ])
  })
})
