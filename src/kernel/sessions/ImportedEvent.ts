/** An event of a session file by itself: whether a session of this Strata could have it, as it stands. */
import { Result, Schema } from "effect"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { payloadOf } from "../../events/types/Envelope.ts"
import type { Definition } from "../../events/types/Event.ts"
import { field } from "../../events/types/JsonAccess.ts"
import { streamOf } from "../../events/types/SessionStream.ts"
import { make as makeLift } from "../../events/types/Upcasting.ts"
import type { FirstIssue } from "../issues/FirstIssue.ts"
import * as FirstIssues from "../issues/FirstIssue.ts"
import type { AnyResourceKind } from "../resources/ResourceKind.ts"
import * as Registrations from "./Registrations.ts"
import type { Registration } from "./SessionEvents.ts"
import { Forked, Imported, lifecycleTypes } from "./SessionEvents.ts"
import { validId } from "./SessionId.ts"

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** What no name has: characters that control, and halves of characters. */
const unwritable = /[\p{Cc}\p{Cs}]/u

const longestName = 256

const issue = (path: string, message: string): FirstIssue => ({ path, message })

const isName = (text: string | null): boolean =>
  text === null || (text.length > 0 && text.length <= longestName && !unwritable.test(text))

/** Time and the first random bits: the rest of an id is mixed with the path of its call. */
const sharedLength = "01a1fbed-d8cf-7225-".length

/** The request's events share the beginning of its id. */
const isOfRequest = ({ id, requestId }: RecordedEvent): boolean =>
  requestId === null || requestId.slice(0, sharedLength) === id.slice(0, sharedLength)

const ofEnvelope = (event: RecordedEvent): FirstIssue | undefined => {
  const { causationId, id, parentSessionId, provider, principal, requestId, sessionId, stream } = event
  if (sessionId === null || !validId.test(sessionId)) {
    return issue("sessionId", `it has no session, or one that is no id: ${sessionId}`)
  }
  if (stream !== streamOf(sessionId)) return issue("stream", `a session's events stand in ${streamOf(sessionId)}`)
  if (parentSessionId !== null && !validId.test(parentSessionId)) {
    return issue("parentSessionId", "it is no session's id")
  }
  if (!uuid.test(id)) return issue("id", "Expected a UUID in small letters")
  if (requestId !== null && !uuid.test(requestId)) {
    return issue("requestId", "Expected a UUID in small letters, or null")
  }
  if (!isOfRequest(event)) return issue("requestId", "the event's id is not one of that request")
  if (causationId !== null && !uuid.test(causationId)) return issue("causationId", "Expected an event's id, or null")
  if (!isName(provider)) return issue("provider", "it is no name")
  return isName(principal) ? undefined : issue("principal", "it is no name")
}

/** Payloads of these may have been removed to save space. */
const mayBeGone = ({ durability, level }: Definition): boolean => durability === "observation" && level !== "default"

const decoderOf = ({ payload }: Definition) =>
  Schema.decodeUnknownResult(payload as Schema.Top as Schema.Codec<unknown>)

/** Lifted to the current version; undefined where what stands there can't be lifted. */
const lifted = (lift: ReturnType<typeof makeLift>, event: RecordedEvent): Schema.Json | undefined => {
  try {
    return payloadOf(lift(event))
  } catch {
    return undefined
  }
}

/** What a lifecycle event says of itself is what its envelope says. */
const ofLifecycle = ({ parentSessionId, sessionId, type }: RecordedEvent, payload: Schema.Json) => {
  if (field(payload, "session_id") !== sessionId) return issue("payload.session_id", "it names another session")
  return type === Forked.type && field(payload, "parent_session_id") !== parentSessionId
    ? issue("payload.parent_session_id", "it is not the parent that the event names")
    : undefined
}

const outside = (type: string, isElsewhere: boolean): FirstIssue =>
  issue(
    "type",
    isElsewhere
      ? `${type} is no event of a session: it can't come in with one`
      : `${type} is not known here: import it where what records it is served, or in a newer Strata`
  )

/** The events of this Strata. */
export interface Catalog {
  /** Those that happen in a session. */
  readonly ofSessions: ReadonlyArray<Definition>
  readonly find: (type: string) => Definition | undefined
}

/** `contributed`: definitions of events that others than Strata record. */
export const checker = (
  catalog: Catalog,
  kinds: ReadonlyArray<AnyResourceKind>,
  contributed: ReadonlyArray<Definition>
) => {
  const registering = new Set(kinds.flatMap(({ registered, unregistered }) => [registered.type, unregistered.type]))
  const others = contributed.filter(({ type }) => catalog.find(type) === undefined && !registering.has(type))
  const definitions = new Map([...others, ...catalog.ofSessions].map((each) => [each.type, each]))
  const decoders = new Map<string, ReturnType<typeof decoderOf>>()
  const lift = makeLift(definitions.values())
  const registrationIssue = Registrations.checker(kinds)

  const decode = (definition: Definition) => {
    const { type } = definition
    const decoder = decoders.get(type) ?? decoderOf(definition)
    decoders.set(type, decoder)
    return decoder
  }

  const ofRegistrations = (registrations: ReadonlyArray<Registration>, path: string): FirstIssue | undefined => {
    for (const [index, registration] of registrations.entries()) {
      const wrong = registrationIssue(registration)
      if (wrong !== undefined) return issue(`${path}.${index}.${wrong.path}`, wrong.message)
    }
    return undefined
  }

  const ofPayload = (event: RecordedEvent, definition: Definition): FirstIssue | undefined => {
    if (event.payload === "null" && mayBeGone(definition)) return undefined
    const payload = lifted(lift, event)
    if (payload === undefined) return issue("payload", `it is not what version ${event.schemaVersion} was`)
    const decoded = decode(definition)(payload)
    if (Result.isFailure(decoded)) {
      const { message, path } = FirstIssues.of(decoded.failure)
      return issue(path === "" ? "payload" : `payload.${path}`, message)
    }
    const ofItself = lifecycleTypes.some((type) => type === event.type) ? ofLifecycle(event, payload) : undefined
    return ofItself ?? (event.type === Imported.type
      ? ofRegistrations((payload as typeof Imported.payload.Type).registrations ?? [], "payload.registrations")
      : undefined)
  }

  return {
    /** What is wrong with an event; undefined: nothing. */
    event: (event: RecordedEvent): FirstIssue | undefined => {
      const { level, schemaVersion, type } = event
      const definition = definitions.get(type)
      if (definition === undefined) return outside(type, catalog.find(type) !== undefined || registering.has(type))
      if (level !== definition.level) return issue("level", `${type} has the level ${definition.level}`)
      if (schemaVersion > definition.version) {
        return issue(
          "schemaVersion",
          `this Strata knows ${type} up to version ${definition.version}: import it in a newer one`
        )
      }
      return ofEnvelope(event) ?? ofPayload(event, definition)
    },
    registrations: (registrations: ReadonlyArray<Registration>) => ofRegistrations(registrations, "registrations")
  }
}
