/** A response that is made while its client reads: server-sent events, the last of which waits for what it says to be kept. */
import { Cause, Deferred, Effect, Exit, Scope, Stream } from "effect"
import * as Bytes from "../../kernel/bytes/Bytes.ts"
import * as ByteSource from "../../kernel/bytes/ByteSource.ts"
import type { StreamDialect } from "../../kernel/bytes/StreamDialect.ts"
import * as DegradationHeader from "../../kernel/dialects/DegradationHeader.ts"
import * as DialectStream from "../../kernel/dialects/DialectStream.ts"
import { isFinalFrame, isFinalType } from "../../kernel/dialects/responses/FinalFrame.ts"
import { NumberedEvents } from "../../kernel/dialects/responses/NumberedEvents.ts"
import { responses } from "../../kernel/dialects/responses/ResponsesDialect.ts"
import { frameOf, unnumbered } from "../../kernel/dialects/responses/ResponsesErrors.ts"
import { envelope } from "../../kernel/http/HttpErrors.ts"
import type { ErrorEnvelope } from "../../kernel/http/HttpErrors.ts"
import { CurrentRecording } from "../../kernel/requests/Recording.ts"
import { WrittenStream } from "../../kernel/requests/WrittenStream.ts"
import type { Emit } from "./ResponseRun.ts"
import type { Event } from "./ResponseWriter.ts"

export const dialect: StreamDialect = { ...DialectStream.of(responses), isLastFrame: isFinalFrame }

const internal = envelope("Strata failed to answer.", { type: "server_error", code: "internal_error" }).error

const headers = { "x-accel-buffering": "no" }

const lastFrame = Buffer.from(responses.lastFrame).toString("utf8")

/** Frames on their way to who reads them: what comes in one turn of the event loop is one chunk, and the final frame one by itself. */
class Frames {
  readonly #numbered = new NumberedEvents()
  readonly #written: WrittenStream
  #text = ""
  #waiting: Array<Uint8Array> = []
  #sink: ByteSource.ByteSink<never> | undefined
  #isPaused = false
  #isEnded = false

  constructor(written: WrittenStream) {
    this.#written = written
  }

  add(events: ReadonlyArray<Event>, first: number): void {
    if (this.#text === "") queueMicrotask(this.#pass)
    let number = first
    for (const event of events) {
      const text = this.#numbered.frameOf(event, number++)
      this.#written.add(text, this.#numbered.news)
      if (isFinalType(event["type"])) this.#alone(Buffer.from(text))
      else this.#text += text
    }
  }

  /** The frame behind all others. */
  last(): void {
    this.#written.add(lastFrame)
    this.#alone(responses.lastFrame)
  }

  /** A frame that is a chunk of its own. */
  #alone(frame: Uint8Array): void {
    this.#cut()
    this.#waiting.push(frame)
    queueMicrotask(this.#pass)
  }

  end(): void {
    this.#isEnded = true
    queueMicrotask(this.#pass)
  }

  #cut(): void {
    if (this.#text === "") return
    this.#waiting.push(Buffer.from(this.#text))
    this.#text = ""
  }

  readonly #pass = (): void => {
    this.#cut()
    if (this.#sink === undefined || this.#isPaused) return
    const waiting = this.#waiting
    this.#waiting = []
    for (const bytes of waiting) this.#sink.chunk(bytes)
    if (this.#isEnded) this.#sink.end()
  }

  /** `close`: nobody wants the rest. */
  source(close: () => void): ByteSource.ByteSource<never> {
    return ByteSource.make((sink) => {
      this.#sink = sink
      this.#pass()
      return {
        pause: () => {
          this.#isPaused = true
        },
        resume: () => {
          this.#isPaused = false
          this.#pass()
        },
        cancel: close
      }
    })
  }
}

/** `make` runs until its end, for the request that asks for it now; a failure before its first event is the answer. Who leaves ends it. */
export const of = Effect.fnUntraced(function*<E>(
  make: (emit: Emit) => Effect.Effect<void, E>,
  /** What an event says of what fails behind the first. */
  failureOf: (error: E) => ErrorEnvelope["error"]
): Effect.fn.Return<Bytes.Bytes, E> {
  const written = new WrittenStream()
  const recording = yield* CurrentRecording
  if (recording !== undefined) recording.written = written
  const frames = new Frames(written)
  const begun = yield* Deferred.make<void, E>()
  const scope = yield* Scope.make()
  let count = 0
  let degraded: Readonly<Record<string, string>> = {}
  const emit: Emit = (events, first, degradations = []) =>
    Effect.sync(() => {
      if (count === 0) degraded = DegradationHeader.of([...degradations])
      frames.add(events, first)
      count = first + events.length
      Deferred.doneUnsafe(begun, Effect.void)
    })
  yield* make(emit).pipe(
    Effect.andThen(Effect.sync(() => frames.last())),
    Effect.onExit((exit) =>
      Effect.sync(() => {
        if (Exit.isFailure(exit) && count > 0 && !Cause.hasInterruptsOnly(exit.cause)) {
          const error = Cause.findErrorOption(exit.cause)
          frames.add([unnumbered(error._tag === "Some" ? failureOf(error.value) : internal)], count)
          frames.last()
        }
        Deferred.doneUnsafe(begun, Exit.isSuccess(exit) ? Effect.void : Effect.failCause(exit.cause))
        frames.end()
      })
    ),
    Effect.exit,
    Effect.forkIn(scope)
  )
  const close = Scope.close(scope, Exit.void)
  yield* Deferred.await(begun).pipe(Effect.onError(() => close))
  return Bytes.events(200, frames.source(() => void Effect.runFork(close)), { ...headers, ...degraded }, dialect)
})

/** Events that are there already, and those to come. */
export const ofEvents = (events: Stream.Stream<Event>) => {
  const frames = Stream.concat(Stream.map(events, frameOf), Stream.succeed(responses.lastFrame))
  return Bytes.events(200, ByteSource.fromStream(frames), headers, dialect)
}
