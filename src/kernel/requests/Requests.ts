/** Runs requests: each has its session, its principal and its recording, and its answer is whole when it is committed. */
import { Cause, Clock, Context, Effect, Exit, Layer, Random } from "effect"
import type { Fiber } from "effect"
import type { AppendFailed } from "../../events/log/EventHub.ts"
import { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { ConfiguredRules } from "../../events/redaction/RedactionRules.ts"
import { ConfiguredSecrets } from "../../events/redaction/Secrets.ts"
import type { EventDraft } from "../../events/types/Envelope.ts"
import * as EventIds from "../../events/types/EventIds.ts"
import { CurrentPrincipal } from "../../events/types/Principal.ts"
import { CurrentTenant } from "../../events/types/Tenant.ts"
import type { Bytes } from "../bytes/Bytes.ts"
import { isStreamed } from "../bytes/Bytes.ts"
import type { WholeBody } from "../bytes/WholeBody.ts"
import type { SessionExists } from "../http/SessionErrors.ts"
import { ProviderLevels } from "./ProviderLevels.ts"
import * as RecordedStream from "./RecordedStream.ts"
import { CurrentRecording, Recording } from "./Recording.ts"
import { RecordingOptions } from "./RecordingOptions.ts"
import type { ReplayedRequest } from "./ReplayedRequest.ts"
import { CurrentReplayedRequest } from "./ReplayedRequest.ts"
import type { FailureOf, RequestFailure } from "./RequestFailure.ts"
import { clientClosed, clientLeft, DefaultFailureOf } from "./RequestFailure.ts"
import { idsOf } from "./RequestIds.ts"
import type { RequestInput } from "./RequestInput.ts"
import * as RequestLevel from "./RequestLevel.ts"
import { RequestRecord } from "./RequestRecord.ts"
import { RequestSessions } from "./RequestSessions.ts"

/** The same of one request. */
type FailureOfInput = (error: unknown) => RequestFailure

interface SessionOfRequest {
  readonly sessionId: string | null
  readonly parentSessionId: string | null
  /** What begins it, where it is opened for the request. */
  readonly started: EventDraft | undefined
}

const noSession: SessionOfRequest = { sessionId: null, parentSessionId: null, started: undefined }

const lengthHeader = "content-length"

/** A body that is there says how long it is, as over HTTP. */
const lengthOf = (bytes: Bytes<unknown>): Readonly<Record<string, string>> =>
  isStreamed(bytes) || lengthHeader in bytes.headers
    ? {}
    : { [lengthHeader]: String(Buffer.byteLength(bytes.body as WholeBody)) }

/** Who asked knows under which ids it stands in the log. */
const withIds = <E>(bytes: Bytes<E>, recording: Recording): Bytes<E> => ({
  ...bytes,
  headers: { ...bytes.headers, ...lengthOf(bytes), ...idsOf(recording) }
})

export class Requests extends Context.Service<Requests, {
  /** A recording without a session: of what is refused before it is a request. */
  readonly recording: (input: Pick<RequestInput, "level" | "secrets">) => Effect.Effect<Recording>
  /**
   * Runs `effect` as the answer to a request. Within a request it is a part of that one. A failure of the effect is
   * recorded as `failureOf` says (default: as it looks over HTTP), and stays one.
   *
   * @example
   * requests.run(RequestInput.make(createChatCompletion, { payload }), inference.chatCompletion(call))
   */
  readonly run: <E, F, R>(
    input: RequestInput,
    effect: Effect.Effect<Bytes<E>, F, R>,
    failureOf?: FailureOf
  ) => Effect.Effect<Bytes<E>, F | AppendFailed | SessionExists, R>
}>()("strata/kernel/requests/Requests") {
  static readonly layer = Layer.effect(Requests, Effect.suspend(() => make))
}

const make = Effect.gen(function*() {
  const hub = yield* EventHub
  const sessions = yield* RequestSessions
  const configuredSecrets = yield* ConfiguredSecrets
  const rules = yield* ConfiguredRules
  const { debugBytes, level, maxLevel, maxStreamBytes } = yield* RecordingOptions
  const defaultFailureOf = yield* DefaultFailureOf
  const levelOf = RequestLevel.make({ level, maxLevel, providerLevels: yield* ProviderLevels })

  /** The fiber's clock, randomness, tenant and principal are the request's. */
  const recordingOf = (
    fiber: Fiber.Fiber<unknown, unknown>,
    { level, secrets }: Pick<RequestInput, "level" | "secrets">,
    { parentSessionId, sessionId }: SessionOfRequest
  ): Recording => {
    const clock = fiber.getRef(Clock.Clock)
    const replayed = fiber.getRef(CurrentReplayedRequest)
    return new Recording({
      hub,
      clock,
      requestId: replayed?.requestId ?? EventIds.make(clock, fiber.getRef(Random.Random)),
      tenant: fiber.getRef(CurrentTenant),
      sessionId,
      parentSessionId,
      principal: fiber.getRef(CurrentPrincipal),
      // What is replayed was recorded at raw, whoever asked for it.
      ...(replayed === undefined ? levelOf(level) : { level: "raw" }),
      debugBytes,
      maxStreamBytes,
      secrets: secrets === undefined ? [configuredSecrets] : [configuredSecrets, secrets],
      rules
    })
  }

  /** The session it names, or one of its own; none for what is no operation. */
  const sessionOf = (
    { continued, operation, session }: RequestInput,
    replayed: ReplayedRequest | undefined
  ): Effect.Effect<SessionOfRequest, SessionExists | EventLogUnavailable> => {
    if (replayed !== undefined) return Effect.succeed({ ...noSession, sessionId: replayed.sessionId })
    const join = (sessionId: string) =>
      Effect.map(sessions.join(sessionId), (joined): SessionOfRequest => ({ ...noSession, sessionId, ...joined }))
    if (session !== undefined) return join(session)
    const own = operation?.opensSession === true
      ? Effect.map(sessions.open, (opened): SessionOfRequest => ({ ...noSession, ...opened }))
      : Effect.succeed(noSession)
    return continued === undefined ? own : Effect.catchTag(join(continued), "SessionExists", () => own)
  }

  /** Records what goes out, and lets it go when that is committed. */
  const send = <E>(record: RequestRecord, bytes: Bytes<E>, failureOf: FailureOfInput) => {
    const named = withIds(bytes, record.recording)
    if (isStreamed(named)) return Effect.succeed(RecordedStream.wrap(named, record, failureOf))
    record.answered(named, named.body as WholeBody)
    return Effect.as(record.recording.commit, named)
  }

  /** What failed, or was given up, is in the log all the same. */
  const settle = (record: RequestRecord, failureOf: FailureOfInput, error: unknown) => {
    const { body, headers = {}, status, text = JSON.stringify(body) } = failureOf(error)
    record.answered(
      withIds({ status, headers: { "content-type": "application/json", ...headers }, body: text }, record.recording),
      text
    )
    return Effect.ignore(record.recording.commit)
  }

  const leave = (record: RequestRecord) =>
    Effect.suspend(() => {
      record.broken(undefined, clientClosed, clientLeft)
      return record.recording.flush
    })

  const runIn = <E, F, R>(
    record: RequestRecord,
    effect: Effect.Effect<Bytes<E>, F, R>,
    failureOf: FailureOfInput
  ): Effect.Effect<Bytes<E>, F | AppendFailed, R> =>
    effect.pipe(
      Effect.provideService(CurrentRecording, record.recording),
      Effect.onExit((exit) => {
        if (Exit.isSuccess(exit)) return Effect.void
        return Cause.hasInterruptsOnly(exit.cause) ? leave(record) : settle(record, failureOf, Cause.squash(exit.cause))
      }),
      Effect.flatMap((bytes) => send(record, bytes, failureOf))
    )

  const begin = <E, F, R>(input: RequestInput, effect: Effect.Effect<Bytes<E>, F, R>, failureOf: FailureOfInput) =>
    Effect.withFiber((fiber: Fiber.Fiber<unknown, unknown>) =>
      Effect.flatMap(sessionOf(input, fiber.getRef(CurrentReplayedRequest)), (session) => {
        const recording = recordingOf(fiber, input, session)
        if (session.started !== undefined) recording.begin(session.started)
        return runIn(new RequestRecord(recording, input), effect, failureOf)
      })
    )

  return Requests.of({
    recording: (input) => Effect.withFiber((fiber) => Effect.succeed(recordingOf(fiber, input, noSession))),
    run: (input, effect, failureOf = defaultFailureOf) =>
      Effect.withFiber((fiber) =>
        fiber.getRef(CurrentRecording) === undefined
          ? begin(input, effect, (error) => failureOf(error, input.operation))
          : effect
      )
  })
})
