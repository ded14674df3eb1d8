/** What a session has come to: the fold of its events. */
import { Schema } from "effect"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import { field, isFields, textOrNull } from "../../events/types/JsonAccess.ts"
import type { OperationDialects } from "../dialects/Dialects.ts"
import type { Usage } from "../messages/Usage.ts"
import { Outcome, ownerOf } from "./SessionEvents.ts"
import type { Session } from "./SessionModels.ts"

/** The events a session's state is folded from. */
export const types = [
  "session:start",
  "session:resume",
  "session:end",
  "session:fork",
  "session:import",
  "api:request",
  "api:response",
  "api:error",
  "llm:request",
  "llm:response"
]

/** Of what no server of today would write, too: one event must not make a table unreadable. */
const whole = (value: unknown): number =>
  typeof value === "number" && Number.isFinite(value)
    ? Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Math.floor(value), Number.MAX_SAFE_INTEGER))
    : 0

const seconds = (milliseconds: number) => whole(milliseconds / 1000)

export const initial = (started: RecordedEvent): Session => ({
  id: started.sessionId ?? "",
  object: "session",
  created_at: seconds(started.time),
  last_active_at: seconds(started.time),
  status: "active",
  outcome: null,
  ended_at: null,
  resumed_count: 0,
  owner: ownerOf(started),
  parent_session_id: started.parentSessionId,
  forked_at_position: null,
  turn_count: 0,
  request_count: 0,
  error_count: 0,
  models: [],
  usage: { input_tokens: 0, output_tokens: 0, total_tokens: 0 }
})

/** What most sessions are: one request of nobody known, which the server opened a session for. */
export const implied = (key: string, { created_at }: Session): Partial<Session> => ({
  id: key,
  object: "session",
  last_active_at: created_at,
  status: "active",
  outcome: null,
  ended_at: null,
  resumed_count: 0,
  owner: null,
  parent_session_id: null,
  forked_at_position: null,
  turn_count: 1,
  request_count: 1,
  error_count: 0
})

const text = (payload: unknown, name: string): string => textOrNull(field(payload, name)) ?? ""

const position = (payload: unknown, name: string): number | null => {
  const value = field(payload, name)
  return typeof value === "number" ? whole(value) : null
}

const operationOf = (event: RecordedEvent): string => text(payloadOf(event), "operation")

const isOutcome = Schema.is(Outcome)

const outcomeOf = (event: RecordedEvent): Outcome | null => {
  const outcome = field(payloadOf(event), "status")
  return isOutcome(outcome) ? outcome : null
}

const ended = (state: Session, event: RecordedEvent): Session => ({
  ...state,
  status: "ended",
  outcome: outcomeOf(event),
  ended_at: seconds(event.time)
})

const plus = (usage: Usage, payload: unknown): Usage => {
  const added = field(payload, "usage")
  if (!isFields(added)) return usage
  return {
    input_tokens: whole(usage.input_tokens + whole(added["input_tokens"])),
    output_tokens: whole(usage.output_tokens + whole(added["output_tokens"])),
    total_tokens: whole(usage.total_tokens + whole(added["total_tokens"]))
  }
}

/** `dialects`: whose operations are turns. */
export const evolve = (dialects: OperationDialects) => (state: Session, event: RecordedEvent): Session => {
  const last_active_at = seconds(event.time)
  switch (event.type) {
    case "session:resume":
      return {
        ...state,
        last_active_at,
        status: "active",
        outcome: null,
        ended_at: null,
        resumed_count: state.resumed_count + 1
      }
    case "session:end":
      return ended({ ...state, last_active_at }, event)
    case "session:fork":
      return { ...state, last_active_at, forked_at_position: position(payloadOf(event), "position") }
    case "session:import":
      return { ...state, forked_at_position: position(payloadOf(event), "forked_at_position") }
    case "api:response":
      return { ...state, last_active_at, turn_count: state.turn_count + Number(dialects.has(operationOf(event))) }
    case "api:request":
      return { ...state, last_active_at, request_count: state.request_count + 1 }
    case "api:error":
      return { ...state, last_active_at, error_count: state.error_count + 1 }
    case "llm:request": {
      const payload = payloadOf(event)
      const model = `${text(payload, "provider")}/${text(payload, "model")}`
      const models = state.models.includes(model) ? state.models : [...state.models, model]
      return { ...state, last_active_at, models }
    }
    case "llm:response":
      return { ...state, last_active_at, usage: plus(state.usage, payloadOf(event)) }
    default:
      return { ...state, last_active_at }
  }
}
