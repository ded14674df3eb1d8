/** The provider calls of a recording, each with what came of it. */
import { assert, describe, it } from "@effect/vitest"
import type { RecordedEvent } from "../../../src/events/types/Envelope.ts"
import { sha256 } from "../../../src/events/types/Traffic.ts"
import * as LlmEvents from "../../../src/kernel/calls/LlmEvents.ts"
import * as ReplayCalls from "../../../src/kernel/replay/ReplayCalls.ts"
import { inOrder, recorded } from "../../support/RecordedEvents.ts"

const at = (requestId: string, attempt: number) => ({ requestId, attempt, provider: "p" })
const common = { provider: "p", model: "m", operation: "chat", duration_ms: 1 }
const traffic = {
  method: "POST",
  url: "http://v",
  headers: {},
  body: "{}",
  encoding: "utf-8",
  sha256: sha256("{}")
} as const
const answer = { status: 200, headers: {}, body: "{}", encoding: "utf-8", sha256: sha256("{}") } as const
const frames = [[3, "data: 1\n\n"]] as const

type Place = ReturnType<typeof at>
const sent = (place: Place, body = "{}") => recorded(LlmEvents.Request.raw, { ...place, payload: { ...traffic, body } })
const answered = (place: Place, given: object = {}) =>
  recorded(LlmEvents.Response.raw, { ...place, payload: { ...answer, ...given } })
const refused = (place: Place, status: number | null, type: string, given: object = {}) => [
  recorded(LlmEvents.Error.base, {
    ...place,
    payload: { ...common, status, error: { type, message: `it was ${type}` } }
  }),
  recorded(LlmEvents.Error.raw, { ...place, payload: { ...answer, status, ...given } })
]

const call = (requestId: string, attempt: number, given: object = {}, body = "{}") => ({
  requestId,
  attempt,
  path: String(attempt),
  provider: "p",
  request: { ...traffic, body },
  answer: { ...answer, ...given }
})

const rows: ReadonlyArray<{
  readonly name: string
  readonly events: ReadonlyArray<RecordedEvent>
  readonly calls: ReadonlyArray<unknown>
}> = [
  { name: "nothing", events: [], calls: [] },
  {
    name: "a call whose payloads were pruned, which is none",
    events: [
      recorded(LlmEvents.Request.raw, { ...at("q", 1), payload: null, prunedAt: 1 }),
      answered(at("q", 1)),
      sent(at("r", 1)),
      recorded(LlmEvents.Response.raw, { ...at("r", 1), payload: null, prunedAt: 1 })
    ],
    calls: []
  },
  {
    name: "a call of another API, whose events are of its own namespace",
    events: [
      { ...sent(at("r", 1)), type: "speech:request:raw" },
      { ...answered(at("r", 1)), type: "speech:response:raw" },
      ...refused(at("r", 2), null, "unreachable").map((event) => ({
        ...event,
        type: event.type.replace("llm:", "speech:")
      })),
      { ...sent(at("r", 2)), type: "speech:request:raw" }
    ],
    calls: [
      call("r", 1),
      call("r", 2, { status: null, failure: { type: "unreachable", message: "it was unreachable" } })
    ]
  },
  { name: "a call", events: [sent(at("r", 1)), answered(at("r", 1))], calls: [call("r", 1)] },
  {
    name: "calls of two requests whose events are mixed, in the order they were sent",
    events: [sent(at("r", 1), "1"), sent(at("s", 1), "2"), answered(at("s", 1), { body: "2" }), answered(at("r", 1))],
    calls: [call("r", 1, {}, "1"), call("s", 1, { body: "2" }, "2")]
  },
  {
    name: "a second attempt after an error of the vendor, which is its whole answer",
    events: [sent(at("r", 1)), ...refused(at("r", 1), 503, "http_503"), sent(at("r", 2)), answered(at("r", 2))],
    calls: [call("r", 1, { status: 503 }), call("r", 2)]
  },
  {
    name: "a vendor that could not be reached",
    events: [sent(at("r", 1)), ...refused(at("r", 1), null, "TransportError")],
    calls: [call("r", 1, { status: null, failure: { type: "TransportError", message: "it was TransportError" } })]
  },
  {
    name: "a stream that broke: what came, and what ended it",
    events: [sent(at("r", 1)), ...refused(at("r", 1), 200, "DecodeError", { frames })],
    calls: [call("r", 1, { frames, failure: { type: "DecodeError", message: "it was DecodeError" } })]
  },
  {
    name: "a call without an answer",
    events: [sent(at("r", 1)), sent(at("s", 1)), answered(at("s", 1))],
    calls: [call("s", 1)]
  },
  {
    name: "calls of which something was removed to save space",
    events: [
      { ...sent(at("r", 1)), payload: "null", prunedAt: 1 },
      answered(at("r", 1)),
      sent(at("s", 1)),
      { ...answered(at("s", 1)), payload: "null", prunedAt: 1 }
    ],
    calls: []
  },
  {
    name: "events below raw level",
    events: [recorded(LlmEvents.Request.base, { ...at("r", 1), payload: { ...common, stream: false } })],
    calls: []
  }
]

describe("RecordedCalls", () => {
  it.each(rows)("reads $name", ({ calls, events }) => {
    assert.deepStrictEqual<unknown>(ReplayCalls.fromEvents(inOrder(events)), calls)
  })
})

/** A tool's call that asked an index over a wire, and a call behind it. */
const nested = inOrder([
  recorded(LlmEvents.Request.base, { ...at("r", 1), payload: { ...common, stream: false, call: "1" } }),
  recorded(LlmEvents.Request.raw, {
    ...at("r", 1),
    payload: { ...traffic, method: "CALL", url: "tool_runtime.invoke" }
  }),
  recorded(LlmEvents.Request.base, { ...at("r", 2), payload: { ...common, stream: false, call: "1.1" } }),
  sent(at("r", 2)),
  answered(at("r", 2)),
  answered(at("r", 1)),
  recorded(LlmEvents.Request.base, { ...at("r", 3), payload: { ...common, stream: false, call: "3" } }),
  sent(at("r", 3)),
  answered(at("r", 3))
])

describe("calls on behalf of one that is answered at the call", () => {
  it("given one, then its events are left out, and those of others are not", () => {
    const kept = ReplayCalls.withoutInner(nested)
    assert.deepStrictEqual(kept.map(({ attempt }) => attempt), [1, 1, 1, 3, 3, 3])
    assert.deepStrictEqual(ReplayCalls.fromEvents(kept).map(({ path }) => path), ["1", "3"])
  })

  it("given one, then the call says how many numbers its replay leaves out", () => {
    const replayed = ReplayCalls.answeredAtCall(ReplayCalls.fromEvents(nested))
    assert.strictEqual(replayed("r", "1")?.inner, 1)
    assert.strictEqual(replayed("r", "3"), undefined)
  })

  it("given one behind a call that went over a wire, then its provider makes it again, and nothing is left out", () => {
    const events = nested.map((event) =>
      event.payload.includes("CALL") ? { ...event, payload: JSON.stringify(traffic) } : event
    )
    assert.deepStrictEqual(ReplayCalls.withoutInner(events), events)
  })
})
