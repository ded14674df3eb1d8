/** A session is the fold of its events: what was asked in it, of whom, and what it used. */
import { assert, describe, it } from "@effect/vitest"
import * as ApiEvents from "../../../src/apis/ApiEvents.ts"
import type { Session } from "../../../src/apis/sessions/SessionsModels.ts"
import type { RecordedEvent } from "../../../src/events/Envelope.ts"
import * as LlmEvents from "../../../src/events/LlmEvents.ts"
import { Started } from "../../../src/events/SessionEvents.ts"
import * as EventCatalog from "../../../src/kernel/EventCatalog.ts"
import * as SessionState from "../../../src/kernel/sessions/SessionState.ts"
import { recorded } from "../../support/RecordedEvents.ts"

const beginning = 1_000_000
const started = recorded(Started, { sessionId: "s", time: beginning })
const asked = (time = beginning) => recorded(ApiEvents.Request.base, { time })
const failed = recorded(ApiEvents.Error.base, { time: 2_000_999 })
const called = (provider: string, model: string) =>
  recorded(LlmEvents.Request.base, { time: beginning, payload: { provider, model } })
const used = (usage: unknown) => recorded(LlmEvents.Response.base, { time: beginning, payload: { usage } })
const tokens = (input: number, output: number) => ({
  input_tokens: input,
  output_tokens: output,
  total_tokens: input + output
})

const fresh: Session = {
  id: "s",
  object: "session",
  created_at: 1000,
  last_active_at: 1000,
  parent_session_id: null,
  request_count: 0,
  error_count: 0,
  models: [],
  usage: tokens(0, 0)
}

const rows: ReadonlyArray<{
  readonly name: string
  readonly events: ReadonlyArray<RecordedEvent>
  readonly state: Partial<Session>
}> = [
  { name: "nothing but its start", events: [], state: {} },
  { name: "requests", events: [asked(), asked(3_000_999)], state: { request_count: 2, last_active_at: 3000 } },
  {
    name: "requests and errors",
    events: [asked(), failed],
    state: { request_count: 1, error_count: 1, last_active_at: 2000 }
  },
  {
    name: "models, each once, in the order they were first asked",
    events: [called("q", "b"), called("p", "a"), called("q", "b"), called("q", "a")],
    state: { models: ["q/b", "p/a", "q/a"] }
  },
  {
    name: "the tokens of several answers",
    events: [used(tokens(10, 5)), used(tokens(1, 2))],
    state: { usage: tokens(11, 7) }
  },
  { name: "an answer whose tokens nobody counted", events: [used(null), used(undefined)], state: {} },
  {
    name: "finer counts, which a session does not add up",
    events: [used({ ...tokens(10, 5), cache_read_tokens: 8, reasoning_tokens: 3 })],
    state: { usage: tokens(10, 5) }
  },
  {
    name: "events it is not folded from",
    events: [recorded(ApiEvents.Response.base, { time: 2_000_000 })],
    state: { last_active_at: 2000 }
  }
]

describe("SessionState", () => {
  it.each(rows)("folds $name", ({ events, state }) => {
    assert.deepStrictEqual(events.reduce(SessionState.evolve, SessionState.initial(started)), { ...fresh, ...state })
  })

  it("remembers the session it was forked from", () => {
    const fork = recorded(Started, { sessionId: "s", parentSessionId: "origin", time: beginning })
    assert.deepStrictEqual(SessionState.initial(fork), { ...fresh, parent_session_id: "origin" })
  })

  it("is folded from events that exist", () => {
    assert.deepStrictEqual(SessionState.types.filter((type) => EventCatalog.find(type) === undefined), [])
  })
})
