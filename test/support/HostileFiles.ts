/** Session files as nobody exports them, each with the field that is wrong in it. */
import { randomBytes } from "node:crypto"
import type { Line } from "./Doors.ts"
import { file, header, lines } from "./Doors.ts"

/** Somebody else's, and there. */
export const victim = "victim"

export interface HostileFile {
  readonly name: string
  /** The field that the answer names. */
  readonly param: string | null
  readonly of: (session: string) => string
}

type Change = (events: Array<Line>, session: string) => unknown

/** Changes what a good file has. */
const changed = (name: string, param: string, change: Change): HostileFile => ({
  name,
  param,
  of: (session) => {
    const events = lines(session)
    const given = change(events, session)
    return file(header(session), Array.isArray(given) ? given : events)
  }
})

/** Sets a field of the event at a place: 0 session:start, 1 api:request, 2 its raw, 3 llm:request, 6 llm:response. */
const field = (name: string, path: string, place: number, value: unknown, param = path): HostileFile =>
  changed(name, param, (events) => {
    const keys = path.split(".")
    const last = keys.pop()!
    const at = keys.reduce<Record<string, unknown>>((node, key) => node[key] as Record<string, unknown>, events[place]!)
    if (value === undefined) delete at[last]
    else at[last] = value
  })

const id = () => `${randomBytes(4).toString("hex")}-0b73-7bdd-821a-ae71e6370001`

/** One more event, as the kernel would have written it behind the others. */
const behind = (events: ReadonlyArray<Line>, type: string, payload: unknown): Line => ({
  ...events[0]!,
  id: id(),
  type,
  position: Number(events.at(-1)!["position"]) + 1,
  version: events.length + 1,
  payload
})

const added = (name: string, param: string, type: string, payload: (session: string) => unknown) =>
  changed(name, param, (events, session) => void events.push(behind(events, type, payload(session))))

const registered = {
  model_id: "openai/m",
  provider_model_id: "m",
  provider_id: "evil",
  source: "api",
  created: 0,
  owned_by: "evil"
}
const provider = { api: "inference", provider_id: "openai", provider_type: "remote::openai", config: {} }

const withHeader = (name: string, param: string | null, change: object): HostileFile => ({
  name,
  param,
  of: (session) => file({ ...header(session), ...change }, lines(session))
})

const registration = (name: string, param: string, type: unknown, payload: unknown, after: unknown = null) =>
  withHeader(name, param, { registrations: [{ after_event_id: after, type, payload }] })

const parented = (events: ReadonlyArray<Line>, parentSessionId: string): ReadonlyArray<Line> =>
  events.map((event) => ({ ...event, parentSessionId }))

const fork = (
  events: ReadonlyArray<Line>,
  session: string,
  parent: string,
  position = 999_999
): ReadonlyArray<Line> => {
  const [start, ...rest] = parented(events, parent)
  const payload = { session_id: session, parent_session_id: parent, position, turn: 1 }
  return [start!, { ...start!, id: id(), type: "session:fork", version: 2, payload }, ...rest]
    .map(
      (event, index) => ({ ...event, position: index + 10 })
    )
}

export const hostileFiles: ReadonlyArray<HostileFile> = [
  added("an end of no kind", "payload.status", "session:end", (session_id) => ({ session_id, status: 5 })),
  added("an end without its session", "payload.session_id", "session:end", () => ({ status: "completed" })),
  added("an end of another session", "payload.session_id", "session:end", () => ({
    session_id: victim,
    status: "completed"
  })),
  field("a time that is a word", "time", 4, "soon"),
  field("a day that is none", "time", 4, "2026-02-30T00:00:00.000Z"),
  field("a time beyond all clocks", "time", 4, "+275760-09-13T00:00:00.001Z"),
  field("a time that is a number", "time", 4, 5),
  field("no time", "time", 4, undefined),
  field("a position that is a text", "position", 4, "5"),
  field("a position before the first", "position", 4, 0),
  field("a position between two", "position", 4, 8.5),
  field("a position before the one before", "position", 4, 2),
  field("a position that is too large", "position", 4, 2 ** 60),
  field("a version before the first", "version", 4, -1),
  field("a level there is not", "level", 4, "trace"),
  field("a level that is another's", "level", 5, "default"),
  field("a version of its Schema from the future", "schemaVersion", 4, 99),
  field("an attempt that no log can store", "attempt", 4, 3_000_000_000),
  field("an attempt that is a text", "attempt", 4, "1"),
  added("a model", "type", "model:registered", () => registered),
  added("a model that goes", "type", "model:unregistered", () => ({ model_id: "openai/m" })),
  added("a provider", "type", "provider:registered", () => provider),
  added("a provider that goes", "type", "provider:unregistered", () => ({ api: "inference", provider_id: "openai" })),
  added("a recording that begins anew", "type", "provider:recording_started", () => ({
    api: "inference",
    provider_id: "openai"
  })),
  added("a provider that is ill", "type", "provider:unhealthy", () => ({ ...provider, reason: "r" })),
  added("rules", "type", "policy:configured", () => ({
    authentication: [],
    access_policy: [],
    route_policy: [],
    quota: null
  })),
  added("a pruning", "type", "log:pruned", () => ({ level: "raw", reason: "age", events: 1, bytes: 1 })),
  added("a contribution", "type", "contribution:failed", () => ({})),
  added("a resource of an API that is not here", "type", "shield:registered", () => ({ shield_id: "s" })),
  added("an event nobody knows", "type", "made:up", () => ({})),
  changed("only a model, in place of the beginning", "type", (events) => {
    events[0] = { ...events[0]!, type: "model:registered", payload: registered }
  }),
  field("the models' stream", "stream", 4, "models"),
  field("the stream of another session", "stream", 4, `session-${victim}`),
  field("no stream", "stream", 4, null),
  field("an id that is none", "id", 4, "x"),
  field("an id with what no text of a database holds", "id", 4, "\u0000"),
  changed("an id that stands twice", "id", (events) => void (events[4]!["id"] = events[3]!["id"])),
  field("a request that is none", "requestId", 4, "r"),
  field("a request with what no text of a database holds", "requestId", 4, "\u0000"),
  field("a request that is another's", "requestId", 4, "01a1fc2f-0b74-74bb-823e-1686a4ab0000"),
  field("a cause that is none", "causationId", 4, "\u0000"),
  field("a provider with what no text of a database holds", "provider", 4, "a\u0000"),
  field("a provider of half a character", "provider", 4, "\ud800"),
  field("a principal that is a list", "principal", 4, ["alice"]),
  field("a principal with a new line", "principal", 4, "alice\n"),
  field("no session", "sessionId", 4, null),
  field("a session that is none", "sessionId", 4, "a b"),
  field("somebody else's session", "sessionId", 4, victim, "stream"),
  changed("a parent that is somebody else's", "parentSessionId", (events) => parented(events, victim)),
  changed("a parent that is nowhere", "parentSessionId", (events) => parented(events, "nowhere")),
  changed("a parent that is itself", "parentSessionId", parented),
  changed("a parent that is no session's id", "parentSessionId", (events) => parented(events, "a b")),
  field("a parent at one event alone", "parentSessionId", 4, victim),
  changed("a fork of somebody else's", "parentSessionId", (events, session) => fork(events, session, victim)),
  changed("a fork of what is nowhere", "parentSessionId", (events, session) => fork(events, session, "nowhere")),
  changed(
    "a fork of somebody else's, behind a session that gives it a position",
    "parentSessionId",
    (events, session) => [
      ...lines(`${session}-decoy`),
      ...fork(events, session, victim)
    ]
  ),
  changed(
    "a fork of somebody else's whose envelope keeps silent",
    "payload.parent_session_id",
    (events, session) => fork(events, session, victim).map((event) => ({ ...event, parentSessionId: null }))
  ),
  changed("a fork before its parent", "parentSessionId", (events, session) => [
    ...fork(events, session, `${session}-parent`),
    ...lines(`${session}-parent`)
  ]),
  changed("two sessions that are each other's parents", "parentSessionId", (events, session) => [
    ...fork(lines(`${session}-other`), `${session}-other`, session),
    ...fork(events, session, `${session}-other`)
  ]),
  changed("a fork twice", "type", (events, session) => {
    const parent = lines(`${session}-parent`)
    const forked = fork(events, session, `${session}-parent`, 5)
    return [...parent, ...forked, { ...forked[1]!, id: id(), position: 1000 }]
  }),
  changed(
    "a fork at no position",
    "payload.position",
    (events, session) =>
      fork(events, session, `${session}-parent`).map((event) =>
        event["type"] === "session:fork" ? { ...event, payload: { ...Object(event.payload), position: "x" } } : event
      )
  ),
  added("a beginning twice", "type", "session:start", (session_id) => ({ session_id, opened_by: "client" })),
  field("a beginning of another session", "payload.session_id", 0, victim),
  field("a beginning by nobody there is", "payload.opened_by", 0, "god"),
  field("an owner without a name", "payload.owner", 0, { id: "", attributes: {} }, "payload.owner.id"),
  field("an owner without attributes", "payload.owner", 0, { id: "alice" }, "payload.owner.attributes"),
  field("a payload that is none", "payload", 0, null),
  field("a payload that is a text", "payload", 1, "x"),
  field("a request without its method", "payload.method", 2, undefined),
  field("headers that are no texts", "payload.headers.host", 2, 5),
  field("a call without a model", "payload.model", 3, undefined),
  field(
    "tokens that are a text",
    "payload.usage",
    6,
    { input_tokens: "1", output_tokens: 1, total_tokens: 1 },
    "payload.usage.input_tokens"
  ),
  field(
    "tokens of a half",
    "payload.usage",
    6,
    { input_tokens: 1.5, output_tokens: 1, total_tokens: 1 },
    "payload.usage.input_tokens"
  ),
  {
    name: "tokens without end",
    param: "payload",
    of: (session) => {
      const events: Array<unknown> = lines(session)
      const usage = { input_tokens: 7_777_777, output_tokens: 1, total_tokens: 1 }
      const answer = events[6] as Line
      events[6] = JSON.stringify({ ...answer, payload: { ...Object(answer.payload), usage } }).replace(
        "7777777",
        "1e999"
      )
      return file(header(session), events)
    }
  },
  added("an import of no number", "payload.events", "session:import", (session_id) => ({
    session_id,
    events: "many",
    strata_version: null,
    exported_at: null,
    forked_at_position: null,
    registrations: null
  })),
  added(
    "an import with a model that is none",
    "payload.registrations.0.payload.provider_id",
    "session:import",
    (session_id) => ({
      session_id,
      events: 1,
      strata_version: null,
      exported_at: null,
      forked_at_position: null,
      registrations: [{ after_event_id: null, type: "model:registered", payload: { ...registered, provider_id: 5 } }]
    })
  ),
  registration("a registration that registers nothing", "registrations.0.type", "session:end", {}),
  registration("a registration of rules", "registrations.0.type", "policy:configured", {}),
  registration("a model that is none", "registrations.0.payload.model_id", "model:registered", {
    ...registered,
    model_id: 5
  }),
  registration("a provider that is none", "registrations.0.payload", "provider:registered", "x"),
  registration("a resource nobody knows, that is none", "registrations.0.payload", "shield:registered", "x"),
  registration("a registration of no type", "registrations.0.type", 5, {}),
  withHeader("the session of another file", "session_id", { session_id: victim }),
  withHeader("a header of the future", null, { version: 3 }),
  { name: "no event", param: "session_id", of: (session) => file(header(session), []) },
  { name: "a line that is none", param: null, of: (session) => file(header(session), [...lines(session), "{"]) },
  {
    name: "a session that looks like a key",
    param: "sessionId",
    of: () => {
      const key = `sk-proj-${randomBytes(24).toString("hex")}`
      return file(header(key), lines(key))
    }
  }
]
