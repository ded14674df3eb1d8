/** A turn that runs as server-sent events, and those read again. */
import { Deferred, Effect, Exit, Queue, Schema, Scope, Stream } from "effect"
import type { Cause } from "effect"
import { SseReader } from "../../kernel/dialects/sse/SseReader.ts"
import type { Notify } from "./Turns.ts"
import type { Turn } from "./TurnsModels.ts"
import { TurnStreamEvent } from "./TurnsModels.ts"

export const headers = {
  "cache-control": "no-cache",
  "content-type": "text/event-stream; charset=utf-8",
  "x-accel-buffering": "no"
}

const frameOf = (event: TurnStreamEvent): string =>
  `id: ${event.sequence_number}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`

export type Frames = Stream.Stream<Uint8Array>

/** The frames of a turn once it has begun; the turn where it does not. It runs for the request that asks for it now: who leaves cancels it. */
export const of = <E>(run: (notify: Notify) => Effect.Effect<Turn, E>): Effect.Effect<Frames | Turn, E> =>
  Effect.gen(function*() {
    const queue = yield* Queue.unbounded<string, Cause.Done>()
    const scope = yield* Scope.make()
    const answer = yield* Deferred.make<Frames | Turn, E>()
    const close = Scope.close(scope, Exit.void)
    const frames = Stream.fromQueue(queue).pipe(Stream.ensuring(close), Stream.encodeText)
    const notify: Notify = (event) =>
      Effect.suspend(() => {
        Deferred.doneUnsafe(answer, Effect.succeed(frames))
        return Effect.asVoid(Queue.offer(queue, frameOf(event)))
      })
    yield* run(notify).pipe(
      Effect.onExit((exit) =>
        Effect.suspend(() => {
          Deferred.doneUnsafe(answer, exit)
          return Queue.end(queue)
        })
      ),
      Effect.exit,
      Effect.forkIn(scope)
    )
    return yield* Deferred.await(answer).pipe(Effect.onError(() => close))
  })

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(TurnStreamEvent))

export const eventsOf = <E>(bytes: Stream.Stream<Uint8Array, E>): Stream.Stream<TurnStreamEvent, E> =>
  Stream.suspend(() => {
    const reader = new SseReader()
    return bytes.pipe(
      Stream.map((chunk) => reader.feed(chunk)),
      Stream.flattenIterable,
      // They were written here.
      Stream.mapEffect(({ event }) => Effect.orDie(decode(event?.data)))
    )
  })
