/**
 * The credentials of a request to a vendor: the client's own where it sent one for this request, or the configured ones.
 * Never both: what is configured for one account does not go out under the name of another.
 */
import { Effect, Redacted, Schema } from "effect"
import type { Fiber } from "effect"
import { HttpClientError, HttpClientRequest } from "effect/http"
import { isSecretHeader } from "../../events/redaction/RedactionNames.ts"
import { ConfiguredSecrets } from "../../events/redaction/Secrets.ts"
import * as ApiKey from "../authentication/ApiKey.ts"
import type { Authentication } from "../authentication/Authentication.ts"
import type { AuthenticationFailed } from "../authentication/AuthenticationFailed.ts"
import type { KeyPool } from "../authentication/KeyPool.ts"
import { ProviderRejected } from "../http/ProviderErrors.ts"
import { header } from "../provider/ProviderData.ts"
import { CurrentRecording } from "../requests/Recording.ts"
import { CurrentCall } from "./Call.ts"
import type { CallRecord } from "./CallRecord.ts"
import * as Decision from "./Decision.ts"
import { KeySelected } from "./KeyEvents.ts"
import { NextReplayCall } from "./NextReplayCall.ts"
import type { Envelope } from "./VendorError.ts"

type Headers = Readonly<Record<string, string>>
type Request = HttpClientRequest.HttpClientRequest

export interface Configured {
  readonly api_key?: Redacted.Redacted | undefined
  /** Sent with every request; those that are secret by their name go with the configured key. */
  readonly headers: Headers
  /** Several, used in turn, in the place of api_key. */
  readonly keys?: KeyPool | undefined
}

/** What the client sent for this provider; undefined: nothing. */
export type Given = Effect.Effect<{ readonly api_key?: Redacted.Redacted | undefined } | undefined>

const pick = (headers: Headers, secret: boolean): Headers =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => isSecretHeader(name) === secret))

const lineOf = (fiber: Fiber.Fiber<unknown, unknown>): string => fiber.getRef(CurrentRecording)?.line ?? ""

const failedFor = (request: Request) => (cause: AuthenticationFailed) => {
  const reason = new HttpClientError.TransportError({ request, cause, description: cause.message })
  return new HttpClientError.HttpClientError({ reason })
}

/** What is fetched for a signature is no part of the call that is signed. */
const signed = (request: Request, signing: Effect.Effect<Request, AuthenticationFailed>) =>
  signing.pipe(Effect.provideService(CurrentCall, undefined), Effect.mapError(failedFor(request)))

/** Which key a call goes with is an event of it; its value is read here, and stands in none. */
const chosen = (record: CallRecord | undefined, keys: KeyPool, request: Request) =>
  Effect.map(
    Effect.mapError(
      record === undefined
        ? keys.current
        : record.reservedKey === undefined
        ? keys.choose
        : keys.take(record.reservedKey),
      failedFor(request)
    ),
    ({ name, value }) => {
      if (record !== undefined) {
        record.key = name
        record.emit(KeySelected, { provider: record.call.provider, key: name })
      }
      return value
    }
  )

/**
 * Puts them on a request, which has its whole address by then. A verification sends what was sent: it has the keys of
 * nobody, and fetches and signs nothing.
 */
export const make = Effect.fnUntraced(function*(
  { api_key, headers, keys }: Configured,
  given: Given,
  { authorize, openHeaders = [], sign }: Authentication = ApiKey.asBearer
) {
  const secrets = yield* ConfiguredSecrets
  const secret = pick(headers, true)
  if (api_key !== undefined) secrets.add(api_key)
  for (const value of Object.values(secret)) secrets.add(value)
  const open = pick(headers, false)
  const keyed = (key: Redacted.Redacted | undefined): Headers | undefined =>
    key === undefined || Redacted.value(key) === "" ? undefined : authorize?.(Redacted.value(key))
  const own = keyed(api_key)
  const configured = { ...open, ...secret, ...own }
  const signing = own === undefined ? sign : undefined
  const isKept = (name: string): boolean => isSecretHeader(name) || openHeaders.includes(name)
  const kept = (recorded: Headers): Headers =>
    Object.fromEntries(Object.entries(recorded).filter(([name]) => isKept(name)))

  return (request: Request): Effect.Effect<Request, HttpClientError.HttpClientError> =>
    Effect.withFiber((fiber) => {
      const recorded = fiber.getRef(NextReplayCall)?.(lineOf(fiber))
      const record = fiber.getRef(CurrentCall)
      if (recorded !== undefined) {
        const repeated = Decision.repeat(fiber, record, KeySelected)
        if (record !== undefined && repeated !== undefined) record.key = repeated.payload.key
        return Effect.succeed(HttpClientRequest.setHeaders(request, { ...open, ...kept(recorded.headers) }))
      }
      return Effect.flatMap(given, (client) => {
        if (client?.api_key !== undefined) {
          return Effect.succeed(HttpClientRequest.setHeaders(request, { ...open, ...keyed(client.api_key) }))
        }
        if (keys !== undefined) {
          return Effect.map(
            chosen(record, keys, request),
            (key) => HttpClientRequest.setHeaders(request, { ...open, ...secret, ...keyed(key) })
          )
        }
        const asConfigured = HttpClientRequest.setHeaders(request, configured)
        return signing === undefined ? Effect.succeed(asConfigured) : signed(request, signing(asConfigured))
      })
    })
})

/** A vendor that answers nobody without a key has none: it works for clients alone that send their own. */
export class KeyMissing extends Schema.TaggedError<KeyMissing>()("KeyMissing", {
  provider: Schema.String,
  /** The environment variable the key is usually in. */
  variable: Schema.String
}) {
  override get message(): string {
    const example = JSON.stringify({ [this.provider]: { api_key: "…" } })
    return `no key is configured: set ${this.variable} and name it in the configuration, ` +
      `api_key: \${env.${this.variable}}. Clients may send their own all the same, in the header ${header}: ${example}`
  }
}

const isRecordedCall = (fiber: Fiber.Fiber<unknown, unknown>): boolean =>
  fiber.getRef(NextReplayCall)?.(lineOf(fiber)) !== undefined

/** Where all of several keys are to rest: fails unless the client sent its own, and says when to come back. */
export const requireRestedKey = (
  { envelope, given, keys, provider }: {
    readonly provider: string
    readonly keys: KeyPool
    readonly given: Given
    readonly envelope: Envelope
  }
): Effect.Effect<void, ProviderRejected> =>
  Effect.gen(function*() {
    if (yield* Effect.withFiber((fiber) => Effect.succeed(isRecordedCall(fiber)))) return
    const rests = yield* keys.rests
    if (rests === undefined || (yield* given)?.api_key !== undefined) return
    return yield* new ProviderRejected({
      provider,
      status: 429,
      headers: { "retry-after": String(Math.ceil(rests / 1000)), "retry-after-ms": String(rests) },
      text: JSON.stringify(envelope({
        message: `All ${keys.size} keys of the provider ${provider} are limited by its vendor for another ${rests} ms.`,
        kind: "rate_limit",
        code: "keys_resting"
      }))
    })
  })

/** For a vendor that answers nobody without a key, where none is configured: fails unless the client sent one. */
export const requireKey = (
  provider: string,
  given: Given,
  envelope: Envelope
): Effect.Effect<void, ProviderRejected> =>
  Effect.gen(function*() {
    const isRecorded = yield* Effect.withFiber((fiber) => Effect.succeed(isRecordedCall(fiber)))
    if (isRecorded || (yield* given)?.api_key !== undefined) return
    const example = JSON.stringify({ [provider]: { api_key: "…" } })
    return yield* new ProviderRejected({
      provider,
      status: 401,
      headers: {},
      text: JSON.stringify(envelope({
        message: `The provider ${provider} needs a key and none is configured. ` +
          `Send your own in the header ${header}: ${example}`,
        param: `${header}.${provider}.api_key`,
        code: "missing_api_key"
      }))
    })
  })
