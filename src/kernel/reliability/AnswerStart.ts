/** Waits until something of an answer is there: one that breaks off before that may be asked for again. */
import { Cause, Deferred, Effect, Exit } from "effect"
import type { Bytes } from "../bytes/Bytes.ts"
import { isStreamed } from "../bytes/Bytes.ts"
import type { ByteControl, ByteSink } from "../bytes/ByteSource.ts"
import * as ByteSource from "../bytes/ByteSource.ts"
import * as WholeBody from "../bytes/WholeBody.ts"
import { bufferOf } from "../bytes/WholeBody.ts"

/** Of the first bytes: why they are no answer; undefined: they are one. */
export type JudgeStart<E> = (bytes: Uint8Array) => E | undefined

/** Comments keep a connection open, and say nothing. */
const onlyComments = /^(?:[\r\n]+|:[^\r\n]*(?:[\r\n]+|$))+$/

/** Keeps what comes until somebody reads it. */
class Opened<E, E2> implements ByteSink<E> {
  readonly begun = Deferred.makeUnsafe<void, E | E2>()
  readonly over = Deferred.makeUnsafe<void>()
  readonly #judge: JudgeStart<E2>
  readonly #chunks: Array<Uint8Array> = []
  #last: ((sink: ByteSink<E>) => void) | undefined
  #sink: ByteSink<E> | undefined

  constructor(judge: JudgeStart<E2>) {
    this.#judge = judge
  }

  readonly chunk = (bytes: Uint8Array): void => {
    if (this.#sink !== undefined) return this.#sink.chunk(bytes)
    this.#chunks.push(bytes)
    if (onlyComments.test(bufferOf(bytes).toString("latin1"))) return
    const failure = this.#judge(bytes)
    Deferred.doneUnsafe(this.begun, failure === undefined ? Effect.void : Effect.fail(failure))
  }
  readonly end = (): void => {
    if (this.#sink !== undefined) return this.#sink.end()
    this.#last = (sink) => sink.end()
    Deferred.doneUnsafe(this.begun, Effect.void)
    Deferred.doneUnsafe(this.over, Effect.void)
  }
  readonly fail = (cause: Cause.Cause<E>): void => {
    if (this.#sink !== undefined) return this.#sink.fail(cause)
    this.#last = (sink) => sink.fail(cause)
    Deferred.doneUnsafe(this.begun, Effect.failCause(cause))
    Deferred.doneUnsafe(this.over, Effect.void)
  }

  readBy(sink: ByteSink<E>): void {
    for (const bytes of this.#chunks.splice(0)) sink.chunk(bytes)
    this.#sink = sink
    this.#last?.(sink)
  }
}

const sourceOf = <E, E2>(opened: Opened<E, E2>, control: ByteControl): ByteSource.ByteSource<E> =>
  ByteSource.make((sink) => {
    opened.readBy(sink)
    control.resume()
    return control
  })

export interface Started<A, E> {
  /** It can be read, also where it breaks off at once. */
  readonly answer: A
  /** Why it is no answer: it broke off before anything of it was there, or says itself that it failed. */
  readonly broken?: Cause.Cause<E>
  /** Nobody reads it. */
  readonly discard?: () => void
}

/** A vendor that says that it failed ends there; so long is waited for that, milliseconds. */
const longestEnd = 1000

export const ofBytes = <E, E2 = never>(
  answer: Bytes<E>,
  judge: JudgeStart<E2> = () => undefined
): Effect.Effect<Started<Bytes<E>, E | E2>> => {
  if (!isStreamed(answer)) {
    const failure = judge(Buffer.from(WholeBody.textOf(answer.body as WholeBody.WholeBody)))
    return Effect.succeed(failure === undefined ? { answer } : { answer, broken: Cause.fail(failure) })
  }
  return Effect.uninterruptibleMask((restore) =>
    Effect.gen(function*() {
      const opened = new Opened<E, E2>(judge)
      const control = yield* answer.body.open(opened)
      const leaving = <A, E3>(effect: Effect.Effect<A, E3>) =>
        Effect.exit(Effect.onInterrupt(restore(effect), () => Effect.sync(control.cancel)))
      const begun = yield* leaving(Deferred.await(opened.begun))
      if (Exit.isFailure(begun) && Cause.hasInterruptsOnly(begun.cause)) return yield* Effect.interrupt
      const started = { ...answer, body: sourceOf(opened, control) }
      if (Exit.isSuccess(begun)) {
        control.pause()
        return { answer: started }
      }
      const over = yield* leaving(Effect.timeoutOption(Deferred.await(opened.over), longestEnd))
      if (Exit.isFailure(over) && Cause.hasInterruptsOnly(over.cause)) return yield* Effect.interrupt
      control.pause()
      return { answer: started, broken: begun.cause, discard: control.cancel }
    })
  )
}
