/** Tools for agents that work with Strata itself: they read the log, and verify and fork sessions, as who asks may. */
import { Effect, Schema, Stream } from "effect"
import { parseTypes } from "../../events/log/EventLog.ts"
import { toJsonText } from "../../events/types/Envelope.ts"
import { Level } from "../../events/types/Event.ts"
import { SessionId } from "../../kernel/sessions/SessionId.ts"
import { ForkSession } from "../../kernel/sessions/SessionModels.ts"
import type { Sessions } from "../../kernel/sessions/Sessions.ts"
import type { Tool } from "../../kernel/tools/Tool.ts"
import * as Tools from "../../kernel/tools/Tool.ts"
import type { Events } from "../events/Events.ts"

/** Events in an answer: an agent reads them all. */
const limit = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 500 }))

const after = Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)))

const QueryEvents = Schema.Struct({
  session_id: Schema.optionalKey(Schema.String.annotate({ description: "Only events of this session." })),
  request_id: Schema.optionalKey(Schema.String.annotate({ description: "Only events of this request." })),
  provider: Schema.optionalKey(Schema.String.annotate({ description: "Only events that concern this provider." })),
  type: Schema.optionalKey(
    Schema.String.annotate({ description: "Only these types, separated by commas; `llm:*` is a prefix." })
  ),
  level: Schema.optionalKey(Level.annotate({ description: "Events up to this level. Default `default`." })),
  after: after.annotate({ description: "Only events behind this position. Default 0." }),
  limit: Schema.optionalKey(limit.annotate({ description: "At most so many events, 1 to 500. Default 50." }))
})

const ReadSession = Schema.Struct({
  session_id: SessionId,
  after: after.annotate({ description: "Its events behind this position. Default 0." }),
  limit: Schema.optionalKey(limit.annotate({ description: "At most so many events, 1 to 500. Default 50." }))
})

const VerifySession = Schema.Struct({ session_id: SessionId })

const { fields } = ForkSession

const Fork = Schema.Struct({
  session_id: SessionId.annotate({ description: "The session to continue." }),
  position: fields.position,
  turn: fields.turn,
  new_session_id: fields.session_id
})

const readOnly = { readOnlyHint: true, openWorldHint: false }

export const make = (
  { events, sessions }: { readonly events: Events["Service"]; readonly sessions: Sessions["Service"] }
): ReadonlyArray<Tool> => [
  Tools.make({
    name: "query_events",
    description:
      "Reads Strata's log: what was asked and answered, by which provider, at what cost. One JSON object a line.",
    input: QueryEvents,
    annotations: readOnly,
    execute: ({ after = 0, level = "default", limit = 50, provider, request_id, session_id, type }) =>
      Effect.flatMap(
        events.read({
          after,
          limit,
          level,
          follow: false,
          ...session_id === undefined ? {} : { sessionId: session_id },
          ...request_id === undefined ? {} : { requestId: request_id },
          ...provider === undefined ? {} : { provider },
          ...type === undefined ? {} : { types: parseTypes(type)! }
        }),
        (stream) => Effect.map(Stream.runCollect(stream), (all) => all.map(toJsonText).join("\n"))
      )
  }),
  Tools.make({
    name: "read_session",
    description: "A session: what it is, and its events in order, one JSON object a line.",
    input: ReadSession,
    annotations: readOnly,
    execute: Effect.fnUntraced(function*({ after = 0, limit = 50, session_id }) {
      const session = yield* sessions.get(session_id)
      const all = yield* sessions.events(session_id, { after, limit, level: "default" })
      return [JSON.stringify(session), ...all.map(toJsonText)].join("\n")
    })
  }),
  Tools.make({
    name: "verify_session",
    description: "Runs a session's requests again with every vendor and tool answered from the recording, and says " +
      "whether the same came of it.",
    input: VerifySession,
    annotations: readOnly,
    execute: ({ session_id }) => Effect.map(sessions.verify(session_id), (report) => JSON.stringify(report))
  }),
  Tools.make({
    name: "fork_session",
    description:
      "Begins a session that continues another from a turn or a position, and gives the request to go on with.",
    input: Fork,
    annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: false },
    execute: ({ new_session_id, session_id, ...at }) =>
      Effect.map(
        sessions.fork(session_id, { ...at, ...new_session_id === undefined ? {} : { session_id: new_session_id } }),
        (fork) => JSON.stringify(fork)
      )
  })
]
