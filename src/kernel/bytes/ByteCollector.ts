/** All bytes of a source as one body, and no more than it may have. */
import { Effect } from "effect"
import type { Cause } from "effect"
import type { ByteControl, ByteSink, ByteSource } from "./ByteSource.ts"
import { bufferOf } from "./WholeBody.ts"

const joined = (chunks: ReadonlyArray<Uint8Array>): Buffer => {
  const [first, ...rest] = chunks
  if (first === undefined) return Buffer.alloc(0)
  return rest.length > 0 ? Buffer.concat(chunks) : bufferOf(first)
}

/** How much a source may give: one that gives more is left. */
export interface Most<E> {
  readonly bytes: number
  readonly tooLong: () => E
}

const leave = ({ cancel, leave = cancel }: ByteControl): void => leave()

/** Keeps what a source gives until it has given all. */
class Collector<E, E2> implements ByteSink<E> {
  readonly #most: Most<E2> | undefined
  readonly #chunks: Array<Uint8Array> = []
  #left: number
  #result: Effect.Effect<Buffer, E | E2> | undefined
  #waiting: ((result: Effect.Effect<Buffer, E | E2>) => void) | undefined
  #control: ByteControl | undefined

  constructor(most: Most<E2> | undefined) {
    this.#most = most
    this.#left = most?.bytes ?? Infinity
  }

  chunk(bytes: Uint8Array): void {
    if (this.#left < 0) return
    this.#left -= bytes.length
    if (this.#left >= 0) return void this.#chunks.push(bytes)
    if (this.#control !== undefined) leave(this.#control)
    this.#finish(Effect.fail(this.#most!.tooLong()))
  }

  end(): void {
    this.#finish(Effect.succeed(joined(this.#chunks)))
  }

  fail(cause: Cause.Cause<E>): void {
    this.#finish(Effect.failCause(cause))
  }

  #finish(result: Effect.Effect<Buffer, E | E2>): void {
    if (this.#result !== undefined) return
    this.#result = result
    this.#waiting?.(result)
  }

  /** What it came to; undefined: there is more to come. A source may give its first chunks while it is opened. */
  opened(control: ByteControl): Effect.Effect<Buffer, E | E2> | undefined {
    this.#control = control
    if (this.#left < 0) leave(control)
    return this.#result
  }

  readonly last: Effect.Effect<Buffer, E | E2> = Effect.callback((resume) => {
    if (this.#result === undefined) this.#waiting = resume
    else resume(this.#result)
  })
}

/** All bytes of a source. */
export const collect = <E, E2 = never>({ open }: ByteSource<E>, most?: Most<E2>): Effect.Effect<Buffer, E | E2> =>
  Effect.suspend(() => {
    const collector = new Collector<E, E2>(most)
    return Effect.uninterruptibleMask((restore) =>
      Effect.flatMap(open(collector), (control) =>
        collector.opened(control) ??
          Effect.onInterrupt(restore(collector.last), () => Effect.sync(control.cancel)))
    )
  })
