/** What surrounds every request: its ids, its session, its events, and an answer in the client's dialect. */
import { Cause, Clock, Context, Effect, Random } from "effect"
import { HttpServerRequest, HttpServerResponse } from "effect/http"
import { EventHub } from "../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../events/log/EventLog.ts"
import { ConfiguredRules } from "../events/redaction/RedactionRules.ts"
import { Redactor } from "../events/redaction/Redactor.ts"
import { ConfiguredSecrets, Secrets } from "../events/redaction/Secrets.ts"
import type { EventDraft } from "../events/types/Envelope.ts"
import * as EventIds from "../events/types/EventIds.ts"
import type { Principal } from "../events/types/Principal.ts"
import { CurrentPrincipal } from "../events/types/Principal.ts"
import * as PolicyEvents from "../kernel/access/PolicyEvents.ts"
import type { AccessDenied } from "../kernel/http/AccessDenied.ts"
import { envelope } from "../kernel/http/HttpErrors.ts"
import { ServedApi } from "../kernel/modules/ServedApi.ts"
import * as ProviderData from "../kernel/provider/ProviderData.ts"
import * as ForwardingDepth from "../kernel/requests/ForwardingDepth.ts"
import { ProviderLevels } from "../kernel/requests/ProviderLevels.ts"
import { CurrentRecording, Recording } from "../kernel/requests/Recording.ts"
import { SessionOpening, validId } from "../kernel/sessions/SessionOpening.ts"
import type { Refusal } from "./Admission.ts"
import * as Admission from "./Admission.ts"
import { isDocument } from "./Documents.ts"
import * as ErrorResponses from "./ErrorResponses.ts"
import type { Match } from "./OperationFinder.ts"
import * as OperationFinder from "./OperationFinder.ts"
import * as RecordedStream from "./RecordedStream.ts"
import * as RequestLevel from "./RequestLevel.ts"
import { clientClosed, RequestRecord } from "./RequestRecord.ts"
import { ServerOptions } from "./ServerOptions.ts"

export const sessionHeader = "x-strata-session-id"
const requestHeader = "x-request-id"

/** The ids a replay gives a request, and who asked: those it had. */
export const Replayed = Context.Reference<
  | { readonly requestId: string; readonly sessionId: string; readonly principal: Principal | null }
  | undefined
>("strata/server/RequestPipeline/Replayed", { defaultValue: () => undefined })

type Request = HttpServerRequest.HttpServerRequest
type Response = HttpServerResponse.HttpServerResponse
interface Session {
  readonly sessionId: string | null
  readonly parentSessionId: string | null
  /** The event that begins it, where it is new. */
  readonly started: EventDraft | undefined
}
const noSession: Session = { sessionId: null, parentSessionId: null, started: undefined }
type App<E, R> = Effect.Effect<Response, E, R>

const credentialHeaders = ["authorization", "proxy-authorization", "x-api-key", "api-key", "x-goog-api-key"]

/** What a client sent to authenticate, here and at vendors: whatever it is, it never reaches an event. */
const credentialsOf = (request: Request, keys: ReadonlyArray<string>): Secrets => {
  const secrets = new Secrets()
  for (const key of keys) secrets.add(key)
  for (const name of credentialHeaders) {
    const value = request.headers[name]
    if (value !== undefined) secrets.add(value.replace(/^\w+\s+/, ""))
  }
  return secrets
}

/** What most requests do not bring costs them nothing. */
const carrying =
  ({ headers }: Request, { given }: ProviderData.ProviderData) => <A, E, R>(app: Effect.Effect<A, E, R>) => {
    const hops = ForwardingDepth.read(headers[ForwardingDepth.header])
    const counted = hops === 0 ? app : Effect.provideService(app, ForwardingDepth.CurrentHops, hops)
    return given.size === 0 ? counted : Effect.provideService(counted, ProviderData.CurrentProviderData, given)
  }

const invalidSession = ErrorResponses.toResponse({
  status: 400,
  body: envelope(
    `The header ${sessionHeader} must be 1 to 128 letters, digits, dots, colons, dashes or underscores.`,
    { param: sessionHeader, code: "invalid_session_id" }
  )
})

const secretSession = ErrorResponses.toResponse({
  status: 400,
  body: envelope(`The header ${sessionHeader} looks like a key, and it would be stored. Choose another id.`, {
    param: sessionHeader,
    code: "invalid_session_id"
  })
})

const textOf = (response: Response): string | undefined =>
  response.body._tag === "Uint8Array"
    ? response.body.text ?? Buffer.from(response.body.body).toString("utf8")
    : response.body._tag === "Empty"
    ? ""
    : undefined

export const make = Effect.fn("RequestPipeline.make")(function*() {
  const hub = yield* EventHub
  const sessions = yield* SessionOpening
  const { debugBytes, level, maxBodyBytes, maxLevel } = yield* ServerOptions
  const configuredSecrets = yield* ConfiguredSecrets
  const rules = yield* ConfiguredRules
  const admit = yield* Admission.make()
  const configured = yield* Redactor.configured
  const readProviderData = yield* ProviderData.ProviderDataReader
  const finder = OperationFinder.make((yield* ServedApi).operations)
  const levelOf = RequestLevel.make({ level, maxLevel, providerLevels: yield* ProviderLevels })

  /** The answer to headers that are not understood. What was recorded was understood once. */
  const refusalOf = ({ headers }: Request): Response | undefined => {
    const session = headers[sessionHeader]
    if (session !== undefined && !validId.test(session)) return invalidSession
    if (session !== undefined && configured.text(session) !== session) return secretSession
    return RequestLevel.isInvalid(headers[RequestLevel.levelHeader]) ? RequestLevel.invalid : undefined
  }

  const failureOf = (error: unknown) => ErrorResponses.ofError(error, maxBodyBytes, finder.allowedMethods)

  /** Every failure becomes an answer; only interruption stays one. */
  const answered = <E, R>(app: App<E, R>): Effect.Effect<Response, never, R> =>
    app.pipe(
      Effect.map((response) => ErrorResponses.complete(response, maxBodyBytes)),
      Effect.catchCause((cause) => {
        if (Cause.hasInterruptsOnly(cause)) return Effect.failCause(cause as Cause.Cause<never>)
        const response = ErrorResponses.toResponse(failureOf(Cause.squash(cause)))
        return ErrorResponses.isDefect(cause) ? Effect.as(Effect.logError(cause), response) : Effect.succeed(response)
      })
    )

  /** The request's session: the one it names, or one of its own; none for requests that match nothing. */
  const openSession = Effect.fnUntraced(
    function*(
      request: Request,
      match: Match | undefined
    ): Effect.fn.Return<Session, EventLogUnavailable | AccessDenied> {
      const replayed = yield* Replayed
      if (replayed !== undefined) return { ...noSession, sessionId: replayed.sessionId }
      const named = request.headers[sessionHeader]
      if (named !== undefined) {
        const { parentSessionId } = yield* sessions.join(named)
        return { sessionId: named, parentSessionId, started: undefined }
      }
      return match?.operation.opensSession === true
        ? { ...noSession, ...yield* sessions.open }
        : noSession
    }
  )

  /** What a replay masks is masked already. */
  const providerDataOf = ({ headers }: Request) => {
    const text = headers[ProviderData.header]
    if (text === undefined) return Effect.succeed(ProviderData.empty)
    return Effect.flatMap(
      Replayed,
      (replayed) => replayed === undefined ? readProviderData(text) : Effect.succeed(ProviderData.empty)
    )
  }

  const makeRecording = (
    request: Request,
    { parentSessionId, sessionId }: Session,
    keys: ReadonlyArray<string> = []
  ) =>
    Effect.withFiber<Recording>((fiber) => {
      const clock = fiber.getRef(Clock.Clock)
      const replayed = fiber.getRef(Replayed)
      return Effect.succeed(
        new Recording({
          hub,
          clock,
          requestId: replayed?.requestId ?? EventIds.make(clock, fiber.getRef(Random.Random)),
          sessionId,
          parentSessionId,
          principal: fiber.getRef(CurrentPrincipal),
          // What is replayed was recorded at raw, whoever asked for it.
          ...(replayed === undefined ? levelOf(request.headers[RequestLevel.levelHeader]) : { level: "raw" }),
          debugBytes,
          secrets: [configuredSecrets, credentialsOf(request, keys)],
          rules
        })
      )
    })

  /** Records what goes out, and lets it go when that is committed. */
  const send = (record: RequestRecord, response: Response): Effect.Effect<Response> => {
    if (response.body._tag === "Stream") {
      return Effect.succeed(RecordedStream.wrap(response, response.body.stream, record, failureOf, record.dialect))
    }
    record.answered(response, textOf(response) ?? "")
    return record.recording.commit.pipe(
      Effect.as(response),
      Effect.catch((error) => Effect.succeed(ErrorResponses.toResponse(failureOf(error))))
    )
  }

  const leave = (record: RequestRecord) =>
    Effect.suspend(() => {
      record.broken(undefined, clientClosed, RecordedStream.left)
      return record.recording.flush
    })

  const recorded = <E, R>(app: App<E, R>, request: Request, match: Match | undefined) =>
    Effect.gen(function*() {
      const providerData = yield* providerDataOf(request)
      const session = yield* openSession(request, match)
      const recording = yield* makeRecording(request, session, providerData.secrets)
      if (session.started !== undefined) recording.add(session.started)
      const body = yield* Effect.exit(match?.operation.payload === undefined ? Effect.succeed("") : request.text)
      const record = new RequestRecord(recording, request, match, body._tag === "Success" ? body.value : "")
      const response = yield* (body._tag === "Success" ? answered(app) : answered(Effect.failCause(body.cause))).pipe(
        Effect.provideService(CurrentRecording, recording),
        carrying(request, providerData),
        Effect.onInterrupt(() => leave(record))
      )
      const ids = { [requestHeader]: recording.options.requestId }
      const headers = session.sessionId === null ? ids : { ...ids, [sessionHeader]: session.sessionId }
      return yield* send(record, HttpServerResponse.setHeaders(response, headers))
    })

  /** Who is not admitted gets no session and leaves no text: only that it was refused is told. */
  const refuse = ({ principal, response, violation }: Refusal, request: Request) =>
    Effect.gen(function*() {
      const recording = yield* makeRecording(request, noSession)
      recording.emit(PolicyEvents.Violation, violation)
      yield* recording.flush
      return HttpServerResponse.setHeader(response, requestHeader, recording.options.requestId)
    }).pipe(Effect.provideService(CurrentPrincipal, principal))

  const as = <E, R>(principal: Principal | null, app: App<E, R>): App<E, R> =>
    principal === null ? app : Effect.provideService(app, CurrentPrincipal, principal)

  const handle = <E, R>(app: App<E, R>, request: Request, match: Match | undefined) =>
    Effect.gen(function*() {
      const unrecorded = match?.operation.recorded === false || isDocument(request.url)
      const refusal = unrecorded || (yield* Replayed) !== undefined ? undefined : refusalOf(request)
      return yield* unrecorded
        ? answered(app)
        : refusal === undefined
        ? answered(recorded(app, request, match))
        : Effect.succeed(refusal)
    })

  return <E, R>(app: App<E, R>) =>
    Effect.gen(function*() {
      const received = yield* HttpServerRequest.HttpServerRequest
      const request = finder.normalize(received)
      const match = finder.find(request.method, request.url)
      const replayed = yield* Replayed
      const handled = replayed === undefined
        ? Effect.matchEffect(admit(request, match), {
          onFailure: (error) => Effect.succeed(ErrorResponses.toResponse(failureOf(error))),
          onSuccess: (admission) =>
            admission._tag === "Refused"
              ? refuse(admission.refusal, request)
              : as(admission.principal, handle(app, request, match))
        })
        : as(replayed.principal, handle(app, request, match))
      return yield* request === received
        ? handled
        : Effect.provideService(handled, HttpServerRequest.HttpServerRequest, request)
    })
})
