/** Runs a call to a provider: its events are recorded whether it goes over a wire or not, and it replays the same. */
import { Cause, Effect, Exit, Option, Result, Schema, Stream } from "effect"
import type { Fiber } from "effect"
import type { Bytes } from "../bytes/Bytes.ts"
import { isStreamed } from "../bytes/Bytes.ts"
import * as ByteSource from "../bytes/ByteSource.ts"
import * as WholeBody from "../bytes/WholeBody.ts"
import { CurrentRecording } from "../requests/Recording.ts"
import type { Call } from "./Call.ts"
import { CurrentCall, CurrentCause } from "./Call.ts"
import { CallRecord, givenUp } from "./CallRecord.ts"
import { NextReplayCall } from "./NextReplayCall.ts"
import type { Ending } from "./RecordingResponse.ts"
import { describeCause } from "./RecordingResponse.ts"
import type { ReplayedCall } from "./ReplayedCall.ts"
import { ReplayedCalls } from "./ReplayedCall.ts"
import { limitCall, limitStream } from "./ReplayTimeLimit.ts"

/** Records a stream that no wire told of, as it passes. */
const watched = <E>(
  record: CallRecord,
  { body, headers, status }: Bytes<E> & { readonly body: ByteSource.ByteSource<E> }
) => {
  const failed = (ending: Ending) => {
    record.failed(...ending, { status, headers })
    record.end()
  }
  return ByteSource.watch(body, {
    chunk: (bytes) => record.chunk(bytes),
    end: () => {
      record.streamed(status, headers)
      record.end()
    },
    fail: (cause) => failed(describeCause(cause)),
    cancelled: () => failed(givenUp)
  })
}

const recordBytes = <E>(record: CallRecord, bytes: Bytes<E>): Bytes<E> => {
  if (isStreamed(bytes)) return { ...bytes, body: watched(record, bytes) }
  record.answered(bytes.status, bytes.headers, bytes.body as WholeBody.WholeBody)
  record.end()
  return bytes
}

/** What was sent over a wire ends with the answer, and a stream with its last chunk: the wire may be read until then. */
const endBytes = <E>(record: CallRecord, bytes: Bytes<E>): Bytes<E> => {
  if (isStreamed(bytes)) {
    const body = ByteSource.watch(bytes.body, {
      chunk: () => {},
      end: () => record.end(),
      fail: (cause) => record.end(Cause.hasInterruptsOnly(cause)),
      cancelled: (left) => record.end(!left)
    })
    return { ...bytes, body }
  }
  record.end()
  return bytes
}

/** A typed failure is recorded as its Schema writes it: so it can be read again. */
const failed = <E>(record: CallRecord, call: Call<E>, cause: Cause.Cause<E>): void => {
  record.end(Cause.hasInterruptsOnly(cause))
  if (record.isSettled) return
  const error = Cause.findErrorOption(cause)
  if (Option.isNone(error)) return record.failed(...describeCause(cause))
  const encoded = Schema.encodeUnknownResult(call.method.error)(error.value)
  const text = Result.isSuccess(encoded) ? JSON.stringify(encoded.success) : undefined
  const { message, type } = nameOf(error.value)
  record.failed(type, message, undefined, text)
}

const nameOf = (error: unknown) => ({
  type: typeof error === "object" && error !== null && "_tag" in error ? String(error._tag) : "error",
  message: error instanceof Error ? error.message : String(error)
})

/** The answer that was recorded, or the failure. */
const replayBytes = <S, E>(call: Call<E>, { answer, failure }: ReplayedCall): Effect.Effect<Bytes<S>, E> => {
  const { encoding, frames, headers, status } = answer
  const body = WholeBody.fromTraffic(answer)
  if (status === null) {
    const error = Schema.decodeUnknownResult(Schema.fromJsonString(call.method.error as Schema.Codec<E>))(
      WholeBody.textOf(body)
    )
    return Result.isSuccess(error) ? Effect.fail(error.success) : Effect.die(new Error(failure?.message ?? "no answer"))
  }
  if (frames === undefined) return Effect.succeed({ status, headers, body })
  const form = encoding === "utf-8" ? "utf8" : "base64"
  const chunks = Stream.fromIterable(frames.map(([, frame]) => Buffer.from(frame, form)))
  const stream = failure === undefined ? chunks : Stream.concat(chunks, Stream.die(new Error(failure.message)))
  return Effect.succeed({ status, headers, body: ByteSource.fromStream(stream) })
}

/** How an answer is recorded where no wire told of it, and made of what was recorded. */
interface Answers<A, E> {
  readonly record: (record: CallRecord, answer: A) => A
  /** The end of a call that went over a wire. */
  readonly end: (record: CallRecord, answer: A) => A
  readonly replay: (call: Call<E>, recorded: ReplayedCall) => Effect.Effect<A, E>
  /** In a verification: what comes of the answer later comes in time, too. */
  readonly limit: (provider: string, answer: A) => A
}

const runWith = <A, E, R>(
  call: Call<E>,
  effect: Effect.Effect<A, E, R>,
  answers: Answers<A, E>
): Effect.Effect<A, E, R> =>
  Effect.withFiber((fiber) => {
    const recording = fiber.getRef(CurrentRecording)
    const outer = fiber.getRef(CurrentCall)
    if (outer !== undefined && outer.call.provider === call.provider) return effect
    if (recording === undefined) {
      return call.admission === undefined ? effect : Effect.andThen(call.admission(undefined), effect)
    }
    const attempt = recording.nextCall()
    const path = outer?.nextPath() ?? recording.pathOf(attempt)
    const cause = call.cause ?? fiber.getRef(CurrentCause) ?? recording.origin
    const record = new CallRecord(recording, call as unknown as Call<never>, { path, attempt, cause })
    call.begun?.(record)
    const before = fiber.getRef(ReplayedCalls)?.(recording.options.requestId, path)
    if (before !== undefined) recording.skipCalls(before.inner)
    const limited = fiber.getRef(NextReplayCall) === undefined
      ? effect
      : Effect.map(limitCall(call.provider, effect), (answer) => answers.limit(call.provider, answer))
    const asked = before === undefined
      ? Effect.provideService(limited, CurrentCall, record)
      : answers.replay(call, before)
    const admitted = call.admission === undefined ? asked : Effect.andThen(call.admission(record), asked)
    return admitted.pipe(
      Effect.map((answer) =>
        record.isSent || record.isSettled ? answers.end(record, answer) : answers.record(record, answer)
      ),
      Effect.onExit((exit) =>
        Effect.sync(() => {
          if (Exit.isFailure(exit)) failed(record, call, exit.cause)
        })
      )
    )
  })

/** In a verification: what was recorded of the next call of the fiber, where it went over no wire. */
export const upcoming = (fiber: Fiber.Fiber<unknown, unknown>): ReplayedCall | undefined => {
  const replayed = fiber.getRef(ReplayedCalls)
  const recording = fiber.getRef(CurrentRecording)
  if (replayed === undefined || recording === undefined) return undefined
  const outer = fiber.getRef(CurrentCall)
  return replayed(recording.options.requestId, outer?.upcomingPath ?? recording.pathOf(recording.upcomingCall))
}

/**
 * Runs `effect`, which asks the provider, as one call whose answer is bytes. Outside of a recorded request, and within a
 * call to the same provider, it is the effect and nothing else.
 */
export const run = <E, S extends E, R>(
  call: Call<E>,
  effect: Effect.Effect<Bytes<S>, E, R>
): Effect.Effect<Bytes<S>, E, R> =>
  runWith(call, effect, { record: recordBytes<S>, end: endBytes<S>, replay: replayBytes<S, E>, limit: limitStream<S> })

/** The same of a call whose answer is a value: it is recorded as the method's Schema writes it. */
export const runValue = <A, E, R>(call: Call<E>, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => {
  const answer = Schema.fromJsonString(Schema.toCodecJson(call.method.answer)) as unknown as Schema.Codec<A, string>
  return runWith(call, effect, {
    record: (record, value) => {
      record.answered(200, {}, Schema.encodeSync(answer)(value))
      record.end()
      return value
    },
    end: (record, value) => {
      record.end()
      return value
    },
    replay: (call, recorded) =>
      Effect.flatMap(replayBytes(call, recorded), ({ body }) => Effect.orDie(Schema.decodeUnknownEffect(answer)(body))),
    limit: (_, value) => value
  })
}
