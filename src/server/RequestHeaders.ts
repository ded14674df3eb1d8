/** What the headers of a request say to Strata: its session, its level, its keys; or why they are not understood. */
import { Effect, Schema } from "effect"
import type { HttpServerRequest } from "effect/http"
import { Redactor } from "../events/redaction/Redactor.ts"
import { Secrets } from "../events/redaction/Secrets.ts"
import { Level } from "../events/types/Event.ts"
import { envelope } from "../kernel/http/HttpErrors.ts"
import * as ProviderData from "../kernel/provider/ProviderData.ts"
import * as ForwardingDepth from "../kernel/requests/ForwardingDepth.ts"
import type { RequestFailure } from "../kernel/requests/RequestFailure.ts"
import { sessionHeader } from "../kernel/requests/RequestIds.ts"
import type { RequestInput } from "../kernel/requests/RequestInput.ts"
import { validId } from "../kernel/sessions/SessionId.ts"

type Headers = HttpServerRequest.HttpServerRequest["headers"]

export const levelHeader = "x-strata-level"

const isLevel = Schema.is(Level)

const refusal = (param: string, code: string, message: string): RequestFailure => ({
  status: 400,
  body: envelope(message, { param, code })
})

const invalidSession = refusal(
  sessionHeader,
  "invalid_session_id",
  `The session's id (in a path, or in the header ${sessionHeader}) must be 1 to 128 letters, digits, dots, colons, dashes or underscores.`
)
const secretSession = refusal(
  sessionHeader,
  "invalid_session_id",
  `The session's id (in a path, or in the header ${sessionHeader}) looks like a key, and it would be stored. Choose another id.`
)
const invalidLevel = refusal(levelHeader, "invalid_level", `The header ${levelHeader} must be default, debug or raw.`)

const credentialHeaders = ["authorization", "proxy-authorization", "x-api-key", "api-key", "x-goog-api-key"]

export type Asked = Pick<RequestInput, "session" | "level" | "secrets">

const noKeys: ReadonlyArray<string> = []

/**
 * What is asked, by headers that were understood. What a client sent to authenticate, here and at vendors, reaches no
 * event, whatever it is; `keys`: what else of it is secret.
 */
export const askedOf = (headers: Headers, keys: ReadonlyArray<string> = noKeys): Asked => {
  const level = headers[levelHeader]
  let secrets: Secrets | undefined
  for (const key of keys) (secrets ??= new Secrets()).add(key)
  for (const name of credentialHeaders) {
    const value = headers[name]
    if (value !== undefined) (secrets ??= new Secrets()).add(value.replace(/^\w+\s+/, ""))
  }
  return { session: headers[sessionHeader], level: level !== undefined && isLevel(level) ? level : undefined, secrets }
}

/** With what was given for providers, and how many servers it has passed. */
export const carrying = <A, E, R>(
  headers: Headers,
  given: ProviderData.ProviderData["given"],
  app: Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> => {
  const hops = headers[ForwardingDepth.header]
  const counted = hops === undefined
    ? app
    : Effect.provideService(app, ForwardingDepth.CurrentForwardingDepth, ForwardingDepth.read(hops))
  return given.size === 0 ? counted : Effect.provideService(counted, ProviderData.CurrentProviderData, given)
}

/** The answer to headers that are not understood; undefined: they are. */
export const makeRefusal = Effect.map(
  Redactor.configured,
  (configured) => (headers: Headers, ofPath?: string): RequestFailure | undefined => {
    for (const session of [headers[sessionHeader], ofPath]) {
      if (session !== undefined && !validId.test(session)) return invalidSession
      if (session !== undefined && configured.text(session) !== session) return secretSession
    }
    const level = headers[levelHeader]
    return level === undefined || isLevel(level) ? undefined : invalidLevel
  }
)
