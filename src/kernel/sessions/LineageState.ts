/** What a session has come to, with all it inherits: the fold of its lineage up to a position. */
import { Effect, Struct } from "effect"
import type { Schema } from "effect"
import type { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import { canonical } from "../dialects/canonical/CanonicalDialect.ts"
import type { WireConversation } from "../dialects/Dialect.ts"
import type { OperationDialects } from "../dialects/Dialects.ts"
import * as Dialects from "../dialects/Dialects.ts"
import { SessionRequestInvalid } from "../http/SessionErrors.ts"
import type { SessionNotFound } from "../http/SessionErrors.ts"
import * as TurnState from "../turn/TurnState.ts"
import type { ConversationTurn } from "./Conversation.ts"
import * as Conversation from "./Conversation.ts"
import type { Messages, Overrides } from "./ForkOverrides.ts"
import * as ForkOverrides from "./ForkOverrides.ts"
import { Forked } from "./SessionEvents.ts"
import * as SessionLineage from "./SessionLineage.ts"
import type { SessionState as State, TurnSummary as TurnSummarySchema } from "./SessionModels.ts"
import * as SessionState from "./SessionState.ts"

type TurnSummary = typeof TurnSummarySchema.Type

export interface Folded {
  readonly state: State
  /** How its messages stand on the wire. */
  readonly conversation: WireConversation
  /** The body of the last turn's request, as the client sent it. */
  readonly request: Schema.JsonObject | undefined
  /** Where the next request goes; `{session_id}` stands for its session. */
  readonly path: string
  /** Its body, with this model and this conversation. */
  readonly next: (model: string, messages: Messages) => Schema.JsonObject
  /** What the next request is to ask for. */
  readonly model: string | undefined
}

const types = new Set([...SessionState.types, ...Conversation.types, ...TurnState.types])

const overridesOf = (event: RecordedEvent): Overrides => payloadOf(event) as unknown as Overrides

/** The messages of the last turn and its answer. */
const conversationOf = (turn: ConversationTurn | undefined): Messages | null => {
  if (turn === undefined) return []
  if (turn.messages === null) return null
  return turn.answer === null ? turn.messages : [...turn.messages, turn.answer]
}

const summarize = (turn: ConversationTurn): TurnSummary => Struct.omit(turn, ["messages", "request", "path", "dialect"])

/** A turn of the loop that runs no more. */
const summarizeLoop = ({ finishReason, id, output, position, settings, usage }: TurnState.TurnRecord): TurnSummary => ({
  turn: 0,
  request_id: id,
  position,
  model: settings.model,
  status: "recorded",
  answer: output.findLast(({ role }) => role === "assistant") ?? null,
  finish_reason: finishReason,
  usage
})

const loopPath = "/v1/sessions/{session_id}/turns"

/** What the turn loop has come to, where the last turn is one of it: forks are folded with it. */
const loopOf = (events: ReadonlyArray<RecordedEvent>, after: number) => {
  const loop = TurnState.fold(events)
  const last = loop.turns.at(-1)
  return {
    turns: loop.turns.filter(({ execution }) => execution === undefined),
    last: last === undefined || last.position < after ? undefined : {
      messages: loop.messages as unknown as Messages,
      conversation: canonical.conversation,
      request: undefined,
      path: loopPath,
      // Its settings and its conversation stand in the log.
      next: (model: string) => ({ model }),
      model: last.settings.model
    }
  }
}

/** Of the events of a lineage, in order; `position` is the last one's, folded or not. */
export const fold = (
  dialects: OperationDialects,
  sessionId: string,
  events: ReadonlyArray<RecordedEvent>,
  position: number
): Folded => {
  const turns = Conversation.fold(events, dialects)
  const last = turns.at(-1)
  const overrides = events
    .filter((event) => event.type === Forked.type && event.position > (last?.position ?? 0))
    .map(overridesOf)
  const { conversation } = last?.dialect ?? Dialects.standard
  const loop = loopOf(events, last?.position ?? 0)
  const { models, request_count, usage } = events.reduce(
    SessionState.evolve(dialects),
    SessionState.initial(events[0]!)
  )
  return {
    state: {
      object: "session.state",
      session_id: sessionId,
      position,
      turns: [...turns.map(summarize), ...loop.turns.map(summarizeLoop)]
        .toSorted((one, other) => one.position - other.position)
        .map((turn, index) => ({ ...turn, turn: index + 1 })),
      messages: loop.last?.messages ?? overrides.reduce<Messages | null>(
        (inherited, each) => ForkOverrides.messages(conversation, inherited, each),
        conversationOf(last)
      ),
      models,
      usage,
      request_count
    },
    conversation,
    request: last?.request,
    path: last?.path ?? Dialects.standardPath,
    next: (model, messages) => conversation.request(last?.request, model, messages),
    model: overrides.reduce(ForkOverrides.model, last?.model),
    ...loop.last
  }
}

/** The state of a session at a position: of the last event up to it. Default: now. */
export const load = Effect.fn("LineageState.load")(function*(
  log: Pick<EventHub["Service"], "read">,
  dialects: OperationDialects,
  sessionId: string,
  position?: number
): Effect.fn.Return<Folded, SessionNotFound | SessionRequestInvalid | EventLogUnavailable> {
  const links = yield* SessionLineage.load(log, sessionId)
  const { events, last, lastUpTo } = yield* SessionLineage.events(
    log,
    links,
    (event) => types.has(event.type) ? event : undefined,
    position
  )
  const first = links[0]!.began
  if (position !== undefined && (position < first || position > last)) {
    return yield* new SessionRequestInvalid({
      param: "position",
      message: `position ${position} is not in the session ${sessionId}: it goes from ${first} to ${last}.`
    })
  }
  return fold(dialects, sessionId, events, lastUpTo)
})
