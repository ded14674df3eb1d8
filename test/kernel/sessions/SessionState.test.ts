/** A session is the fold of its events: what was asked in it, of whom, and what it used. */
import { assert, describe, it } from "@effect/vitest"
import { apis } from "../../../src/apis/Apis.ts"
import type { RecordedEvent } from "../../../src/events/types/Envelope.ts"
import * as LlmEvents from "../../../src/kernel/calls/LlmEvents.ts"
import * as ApiEvents from "../../../src/kernel/requests/ApiEvents.ts"
import { Ended, Forked, Imported, Resumed, Started } from "../../../src/kernel/sessions/SessionEvents.ts"
import type { Session } from "../../../src/kernel/sessions/SessionModels.ts"
import * as SessionState from "../../../src/kernel/sessions/SessionState.ts"
import { recorded } from "../../support/RecordedEvents.ts"

const beginning = 1_000_000
const started = recorded(Started, { sessionId: "s", time: beginning })
const asked = (time = beginning) => recorded(ApiEvents.Request.base, { time })
const answered = (operation: string) => recorded(ApiEvents.Response.base, { time: beginning, payload: { operation } })
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
  status: "active",
  outcome: null,
  ended_at: null,
  resumed_count: 0,
  owner: null,
  parent_session_id: null,
  forked_at_position: null,
  turn_count: 0,
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
    name: "turns: chat completions that were answered",
    events: [answered("createChatCompletion"), answered("listModels"), answered("createChatCompletion")],
    state: { turn_count: 2 }
  },
  {
    name: "its end",
    events: [recorded(Ended, { time: 2_000_000, payload: { session_id: "s", status: "failed", reason: "r" } })],
    state: { status: "ended", outcome: "failed", ended_at: 2000, last_active_at: 2000 }
  },
  {
    name: "that it was joined again after its end",
    events: [
      recorded(Ended, { time: beginning, payload: { session_id: "s", status: "completed" } }),
      recorded(Resumed, { time: 2_000_000 })
    ],
    state: { resumed_count: 1, last_active_at: 2000 }
  },
  {
    name: "where it was forked",
    events: [recorded(Forked, { time: beginning, payload: { position: 7 } })],
    state: { forked_at_position: 7 }
  },
  {
    name: "where it was forked in this log, when it came from a file; that is no activity",
    events: [
      recorded(Forked, { time: beginning, payload: { position: 7 } }),
      recorded(Imported, { time: 9_000_000, payload: { forked_at_position: 3 } })
    ],
    state: { forked_at_position: 3 }
  },
  {
    name: "an end of no kind, which must not make the session unreadable",
    events: [recorded(Ended, { time: 2_000_000, payload: { session_id: "s", status: 5 } })],
    state: { status: "ended", ended_at: 2000, last_active_at: 2000 }
  },
  {
    name: "tokens that are no counts, or more than can be counted",
    events: [
      used("many"),
      used({ input_tokens: "1", output_tokens: null, total_tokens: 2.5 }),
      used({ ...tokens(0, 0), input_tokens: Number.MAX_SAFE_INTEGER }),
      used({ ...tokens(0, 0), input_tokens: Number.MAX_SAFE_INTEGER })
    ],
    state: { usage: { input_tokens: Number.MAX_SAFE_INTEGER, output_tokens: 0, total_tokens: 2 } }
  },
  {
    name: "a fork at no position, at no time",
    events: [recorded(Forked, { time: Number.NaN, payload: { position: "x" } })],
    state: { last_active_at: 0 }
  },
  {
    name: "events it is not folded from",
    events: [recorded(LlmEvents.Error.base, { time: 2_000_000 })],
    state: { last_active_at: 2000 }
  }
]

describe("SessionState", () => {
  it.each(rows)("folds $name", ({ events, state }) => {
    assert.deepStrictEqual(events.reduce(SessionState.evolve(apis.dialects), SessionState.initial(started)), {
      ...fresh,
      ...state
    })
  })

  it("is nobody's where what it says of its owner is none", () => {
    const payload = { session_id: "s", opened_by: "client", owner: { id: "", attributes: 5 } }
    assert.deepStrictEqual(SessionState.initial(recorded(Started, { sessionId: "s", time: beginning, payload })), fresh)
  })

  it("remembers the session it was forked from", () => {
    const fork = recorded(Started, { sessionId: "s", parentSessionId: "origin", time: beginning })
    assert.deepStrictEqual(SessionState.initial(fork), { ...fresh, parent_session_id: "origin" })
  })

  it("is folded from events that exist", () => {
    assert.deepStrictEqual(SessionState.types.filter((type) => apis.catalog.find(type) === undefined), [])
  })
})
