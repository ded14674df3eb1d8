/** A turn that runs as server-sent events, and those read again. */
import { Effect, Queue, Schema, Stream } from "effect"
import type { Cause } from "effect"
import { SseReader } from "../../kernel/dialects/sse/SseReader.ts"
import type { PreparedTurn } from "./Turns.ts"
import { TurnStreamEvent } from "./TurnsModels.ts"

export const headers = {
  "cache-control": "no-cache",
  "content-type": "text/event-stream; charset=utf-8",
  "x-accel-buffering": "no"
}

const frameOf = (event: TurnStreamEvent): string =>
  `id: ${event.sequence_number}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`

/** The turn runs while they are read, for the request that asks for them now; who leaves cancels it. */
export const of = ({ release, run }: PreparedTurn): Effect.Effect<Stream.Stream<Uint8Array>> =>
  Effect.map(Effect.context<never>(), (context) =>
    Stream.unwrap(Effect.gen(function*() {
      const queue = yield* Queue.unbounded<string, Cause.Done>()
      yield* run((event) => Effect.asVoid(Queue.offer(queue, frameOf(event)))).pipe(
        Effect.ensuring(Queue.end(queue)),
        Effect.forkScoped
      )
      return Stream.fromQueue(queue)
    })).pipe(Stream.ensuring(release), Stream.encodeText, Stream.provideContext(context)))

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
