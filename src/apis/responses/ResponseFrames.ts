/** A response that is made while its client reads: server-sent events, the last of which waits for what it says to be kept. */
import { Deferred, Effect, Exit, Queue, Scope, Stream } from "effect"
import type { Cause } from "effect"
import * as Bytes from "../../kernel/bytes/Bytes.ts"
import * as ByteSource from "../../kernel/bytes/ByteSource.ts"
import type { StreamDialect } from "../../kernel/bytes/StreamDialect.ts"
import * as DialectStream from "../../kernel/dialects/DialectStream.ts"
import { isFinalFrame } from "../../kernel/dialects/responses/FinalFrame.ts"
import { responses } from "../../kernel/dialects/responses/ResponsesDialect.ts"
import { frameOf } from "../../kernel/dialects/responses/ResponsesErrors.ts"
import type { Emit } from "./ResponseRun.ts"

export const dialect: StreamDialect = { ...DialectStream.of(responses), isLastFrame: isFinalFrame }

/** `make` runs until its end, for the request that asks for it now; a failure before its first event is the answer. Who leaves ends it. */
export const of = <E>(make: (emit: Emit) => Effect.Effect<void, E>): Effect.Effect<Bytes.Bytes, E> =>
  Effect.gen(function*() {
    const queue = yield* Queue.unbounded<Uint8Array, Cause.Done>()
    const begun = yield* Deferred.make<void, E>()
    const scope = yield* Scope.make()
    const emit: Emit = (event) => Effect.andThen(Queue.offer(queue, frameOf(event)), Deferred.succeed(begun, undefined))
    yield* make(emit).pipe(
      Effect.andThen(Queue.offer(queue, responses.lastFrame)),
      Effect.onExit((exit) =>
        Effect.andThen(
          Exit.isSuccess(exit) ? Deferred.succeed(begun, undefined) : Deferred.failCause(begun, exit.cause),
          Queue.end(queue)
        )
      ),
      Effect.exit,
      Effect.forkIn(scope)
    )
    const close = Scope.close(scope, Exit.void)
    yield* Deferred.await(begun).pipe(Effect.onError(() => close))
    const frames = Stream.fromQueue(queue).pipe(Stream.ensuring(close))
    return Bytes.events(200, ByteSource.fromStream(frames), { "x-accel-buffering": "no" }, dialect)
  })

/** Events that are there already, and those to come. */
export const ofEvents = (events: Stream.Stream<Parameters<Emit>[0]>) => {
  const frames = Stream.concat(Stream.map(events, frameOf), Stream.succeed(responses.lastFrame))
  return Bytes.events(200, ByteSource.fromStream(frames), { "x-accel-buffering": "no" }, dialect)
}
