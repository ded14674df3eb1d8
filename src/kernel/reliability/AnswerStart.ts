/** Waits until something of an answer is there: one that breaks off before that may be asked for again. */
import { Cause, Deferred, Effect, Exit } from "effect"
import type { Bytes } from "../bytes/Bytes.ts"
import { isStreamed } from "../bytes/Bytes.ts"
import type { ByteControl, ByteSink } from "../bytes/ByteSource.ts"
import * as ByteSource from "../bytes/ByteSource.ts"

/** Keeps what comes until somebody reads it. */
class Opened<E> implements ByteSink<E> {
  readonly begun = Deferred.makeUnsafe<void, E>()
  readonly #chunks: Array<Uint8Array> = []
  #last: ((sink: ByteSink<E>) => void) | undefined
  #sink: ByteSink<E> | undefined

  readonly chunk = (bytes: Uint8Array): void => {
    if (this.#sink !== undefined) return this.#sink.chunk(bytes)
    this.#chunks.push(bytes)
    Deferred.doneUnsafe(this.begun, Effect.void)
  }
  readonly end = (): void => {
    if (this.#sink !== undefined) return this.#sink.end()
    this.#last = (sink) => sink.end()
    Deferred.doneUnsafe(this.begun, Effect.void)
  }
  readonly fail = (cause: Cause.Cause<E>): void => {
    if (this.#sink !== undefined) return this.#sink.fail(cause)
    this.#last = (sink) => sink.fail(cause)
    Deferred.doneUnsafe(this.begun, this.#chunks.length === 0 ? Effect.failCause(cause) : Effect.void)
  }

  readBy(sink: ByteSink<E>): void {
    for (const bytes of this.#chunks.splice(0)) sink.chunk(bytes)
    this.#sink = sink
    this.#last?.(sink)
  }
}

const sourceOf = <E>(opened: Opened<E>, control: ByteControl): ByteSource.ByteSource<E> =>
  ByteSource.make((sink) => {
    opened.readBy(sink)
    control.resume()
    return control
  })

export interface Started<A, E> {
  /** It can be read, also where it breaks off at once. */
  readonly answer: A
  /** Why it broke off before anything of it was there. */
  readonly broken?: Cause.Cause<E>
}

export const ofBytes = <E>(answer: Bytes<E>): Effect.Effect<Started<Bytes<E>, E>> => {
  if (!isStreamed(answer)) return Effect.succeed({ answer })
  return Effect.uninterruptibleMask((restore) =>
    Effect.gen(function*() {
      const opened = new Opened<E>()
      const control = yield* answer.body.open(opened)
      const begun = yield* Effect.exit(
        Effect.onInterrupt(restore(Deferred.await(opened.begun)), () => Effect.sync(control.cancel))
      )
      if (Exit.isFailure(begun) && Cause.hasInterruptsOnly(begun.cause)) return yield* Effect.interrupt
      control.pause()
      const started = { ...answer, body: sourceOf(opened, control) }
      return Exit.isFailure(begun) ? { answer: started, broken: begun.cause } : { answer: started }
    })
  )
}
