/** What of a log is a recording of an instance, and what is none. */
import { assert, describe, it } from "@effect/vitest"
import type { RecordedEvent } from "../../../../src/events/types/Envelope.ts"
import * as LlmEvents from "../../../../src/kernel/calls/LlmEvents.ts"
import * as ProviderEvents from "../../../../src/kernel/provider/ProviderEvents.ts"
import { ReplayIndex } from "../../../../src/providers/inline/replay/ReplayIndex.ts"
import { ReplayReader } from "../../../../src/providers/inline/replay/ReplayReader.ts"
import { inOrder, recorded } from "../../../support/RecordedEvents.ts"

const at = (requestId: string, provider = "p") => ({
  requestId,
  attempt: 1,
  provider,
  sessionId: `session-${requestId}`
})
const body = (content: string) => JSON.stringify({ model: "m", messages: [{ role: "user", content }] })
const asked = (requestId: string, given: { provider?: string; url?: string; content?: string } = {}) =>
  recorded(LlmEvents.Request.raw, {
    ...at(requestId, given.provider),
    payload: {
      url: given.url ?? "http://vendor/v1/chat/completions?api-version=1",
      body: body(given.content ?? requestId)
    }
  })
const answered = (requestId: string, provider = "p") =>
  recorded(LlmEvents.Response.raw, { ...at(requestId, provider), payload: { status: 200 } })
const failed = (requestId: string, status: number | null, type: string) => [
  recorded(LlmEvents.Error.base, { ...at(requestId), payload: { status, error: { type, message: "" } } }),
  recorded(LlmEvents.Error.raw, { ...at(requestId), payload: { status } })
]
const replayed = { url: "recording://p/v1/chat/completions" }
const started = (provider: string) => recorded(ProviderEvents.RecordingStarted, { provider })

const rows: ReadonlyArray<{
  readonly name: string
  readonly events: ReadonlyArray<RecordedEvent>
  /** `request@position of its answer`, `!` behind an error. */
  readonly own: ReadonlyArray<string>
  /** The same where the log is the one source. */
  readonly source: ReadonlyArray<string>
}> = [
  { name: "a call with its answer", events: [asked("r"), answered("r")], own: ["r@2"], source: ["r@2"] },
  { name: "a call that waits for its answer", events: [asked("r")], own: [], source: [] },
  { name: "an answer without its call", events: [answered("r")], own: [], source: [] },
  {
    name: "calls whose events are mixed",
    events: [asked("r"), asked("s"), answered("s"), answered("r")],
    own: ["s@3", "r@4"],
    source: ["s@3", "r@4"]
  },
  { name: "a vendor's error", events: [asked("r"), ...failed("r", 429, "http_429")], own: ["r@3!"], source: ["r@3!"] },
  {
    name: "a stream that broke",
    events: [asked("r"), ...failed("r", 200, "DecodeError")],
    own: ["r@3!"],
    source: ["r@3!"]
  },
  {
    name: "a vendor nobody reached",
    events: [asked("r"), ...failed("r", null, "TransportError")],
    own: [],
    source: []
  },
  { name: "a call that was given up", events: [asked("r"), ...failed("r", 200, "interrupted")], own: [], source: [] },
  {
    name: "an answer that retention has removed",
    events: [asked("r"), { ...answered("r"), payload: "null", prunedAt: 1 }],
    own: [],
    source: []
  },
  {
    name: "a call that retention has removed",
    events: [{ ...asked("r"), payload: "null", prunedAt: 1 }, answered("r")],
    own: [],
    source: []
  },
  { name: "a call that was itself a replay", events: [asked("r", replayed), answered("r")], own: [], source: ["r@2"] },
  {
    name: "a call of another kind",
    events: [asked("r", { url: "http://vendor/v1/images/generations" }), answered("r")],
    own: [],
    source: []
  }
]

const read = (events: ReadonlyArray<RecordedEvent>, oneSource: boolean) => {
  const book = new ReplayIndex(100)
  const ordered = inOrder(events)
  const starts = ordered.filter(({ type }) => type === ProviderEvents.RecordingStarted.type)
  const reader = new ReplayReader(book, { oneSource, starts })
  for (const event of ordered) if (!starts.includes(event)) reader.take(event)
  return book
}

describe("RecordingReader", () => {
  it.each(rows)("reads $name", ({ events, own, source }) => {
    for (const [oneSource, expected] of [[false, own], [true, source]] as const) {
      const found = read(events, oneSource).recent("m").toReversed()
        .sort((one, other) => one.recorded.answered - other.recorded.answered)
        .map(({ recorded: { answered, failed, requestId } }) =>
          `${requestId}@${answered}${failed === undefined ? "" : "!"}`
        )
      assert.deepStrictEqual(found, expected)
    }
  })

  it("replaces what an instance recorded before it began anew, in the same session and by that instance alone", () => {
    const call = (content: string) => [asked("r", { content }), answered("r")]
    const events = [...call("a"), started("p"), ...call("a"), started("q"), ...call("a"), ...call("b")]
    assert.strictEqual(read(events, false).size, 3)
  })

  it("keeps the sessions of the log apart, and takes one source for one", () => {
    const events = [asked("r", { content: "a" }), answered("r"), asked("s", { content: "a" }), answered("s")]
    const find = (oneSource: boolean) => {
      const book = read(events, oneSource)
      const [{ recorded: { key } } = { recorded: { key: "" } }] = book.recent("m")
      return ["session-r", "session-r", "session-s"].map((session) =>
        book.find(key, session, { errors: true })?.requestId
      )
    }
    assert.deepStrictEqual(find(false), ["r", "r", "s"])
    assert.deepStrictEqual(find(true), ["r", "s", "r"])
  })

  it("remembers so many calls that wait, whatever a process left unanswered", () => {
    const unanswered = Array.from({ length: 10_001 }, (_, index) => asked(`r${index}`))
    const book = read([...unanswered, answered("r0"), answered("r10000")], false)
    assert.deepStrictEqual(book.recent("m").map(({ recorded }) => recorded.requestId), ["r10000"])
  })
})
