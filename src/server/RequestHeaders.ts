/** What the headers of a request say to Strata: its session, its level, its keys; or why they are not understood. */
import { Effect, Schema } from "effect"
import type { HttpServerRequest, HttpServerResponse } from "effect/http"
import { Redactor } from "../events/redaction/Redactor.ts"
import { Secrets } from "../events/redaction/Secrets.ts"
import { Level } from "../events/types/Event.ts"
import { envelope } from "../kernel/http/HttpErrors.ts"
import * as ProviderData from "../kernel/provider/ProviderData.ts"
import * as ForwardingDepth from "../kernel/requests/ForwardingDepth.ts"
import type { RequestInput } from "../kernel/requests/RequestInput.ts"
import { sessionHeader } from "../kernel/requests/Requests.ts"
import { validId } from "../kernel/sessions/SessionId.ts"
import * as ErrorResponses from "./ErrorResponses.ts"

type Headers = HttpServerRequest.HttpServerRequest["headers"]
type Response = HttpServerResponse.HttpServerResponse

export const levelHeader = "x-strata-level"

const isLevel = Schema.is(Level)

const refusal = (param: string, code: string, message: string): Response =>
  ErrorResponses.toResponse({ status: 400, body: envelope(message, { param, code }) })

const invalidSession = refusal(
  sessionHeader,
  "invalid_session_id",
  `The header ${sessionHeader} must be 1 to 128 letters, digits, dots, colons, dashes or underscores.`
)
const secretSession = refusal(
  sessionHeader,
  "invalid_session_id",
  `The header ${sessionHeader} looks like a key, and it would be stored. Choose another id.`
)
const invalidLevel = refusal(levelHeader, "invalid_level", `The header ${levelHeader} must be default, debug or raw.`)

const credentialHeaders = ["authorization", "proxy-authorization", "x-api-key", "api-key", "x-goog-api-key"]

/** What a client sent to authenticate, here and at vendors: whatever it is, it never reaches an event. */
const credentialsOf = (headers: Headers, keys: ReadonlyArray<string>): Secrets | undefined => {
  let secrets: Secrets | undefined
  for (const key of keys) (secrets ??= new Secrets()).add(key)
  for (const name of credentialHeaders) {
    const value = headers[name]
    if (value !== undefined) (secrets ??= new Secrets()).add(value.replace(/^\w+\s+/, ""))
  }
  return secrets
}

export type Asked = Pick<RequestInput, "session" | "level" | "secrets">

/** What is asked, by headers that were understood. */
export const askedOf = (headers: Headers, keys: ReadonlyArray<string> = []): Asked => {
  const level = headers[levelHeader]
  return {
    session: headers[sessionHeader],
    level: isLevel(level) ? level : undefined,
    secrets: credentialsOf(headers, keys)
  }
}

/** What most requests do not bring costs them nothing. */
export const carrying =
  (headers: Headers, { given }: ProviderData.ProviderData) => <A, E, R>(app: Effect.Effect<A, E, R>) => {
    const hops = ForwardingDepth.read(headers[ForwardingDepth.header])
    const counted = hops === 0 ? app : Effect.provideService(app, ForwardingDepth.CurrentForwardingDepth, hops)
    return given.size === 0 ? counted : Effect.provideService(counted, ProviderData.CurrentProviderData, given)
  }

/** The answer to headers that are not understood; undefined: they are. */
export const makeRefusal = Effect.map(Redactor.configured, (configured) => (headers: Headers): Response | undefined => {
  const session = headers[sessionHeader]
  if (session !== undefined && !validId.test(session)) return invalidSession
  if (session !== undefined && configured.text(session) !== session) return secretSession
  const level = headers[levelHeader]
  return level === undefined || isLevel(level) ? undefined : invalidLevel
})
