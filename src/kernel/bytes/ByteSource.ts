/**
 * Where the bytes of a body come from, piece by piece: who wants them gives a sink, and can pause, resume and cancel.
 *
 * A source is opened once. `stream` is the same as an Effect Stream, for whoever wants one.
 */
import { Cause, Channel, Effect, Exit, Fiber, identity, Latch, Pull, Scope, Stream } from "effect"
import type { Context } from "effect"
import type { NonEmptyReadonlyArray } from "effect/Array"

export interface ByteSink<E, A = Uint8Array> {
  readonly chunk: (bytes: A) => void
  /** Nothing comes any more but the last bytes and `end`, or `fail`: what was not written yet can go out with these. */
  readonly ending?: () => void
  /** All bytes have come. Nothing is called after this, or after `fail`. */
  readonly end: () => void
  readonly fail: (cause: Cause.Cause<E>) => void
}

export interface ByteControl {
  /** No more chunks until `resume`, but for those that are on their way. */
  readonly pause: () => void
  readonly resume: () => void
  /** Nobody wants the rest: the source is released, and calls nothing any more. */
  readonly cancel: () => void
  /** The same, where all that matters has come: what ends it may still come, so that a connection can be used again. */
  readonly leave?: () => void
}

/** `A`: what comes piece by piece in place of bytes. */
export interface ByteSource<E, A = Uint8Array> {
  readonly open: (sink: ByteSink<E, A>) => Effect.Effect<ByteControl>
  readonly stream: Stream.Stream<A, E>
}

/** Chunks that wait in the stream of a source before the source is paused. */
const mostWaiting = 16

/**
 * A sink that is not called after its end, a failure or `close`, whatever the source does. What it throws is its failure:
 * who waits for its end is told, where the source would only leave it.
 */
class Gate<E, A> implements ByteSink<E, A> {
  readonly #sink: ByteSink<E, A>
  #open = true

  constructor(sink: ByteSink<E, A>) {
    this.#sink = sink
  }

  chunk(bytes: A): void {
    if (!this.#open) return
    try {
      this.#sink.chunk(bytes)
    } catch (defect) {
      this.#open = false
      this.#sink.fail(Cause.die(defect))
    }
  }

  ending(): void {
    if (this.#open) this.#sink.ending?.()
  }

  end(): void {
    if (!this.#open) return
    this.#open = false
    try {
      this.#sink.end()
    } catch (defect) {
      this.#sink.fail(Cause.die(defect))
    }
  }

  fail(cause: Cause.Cause<E>): void {
    if (!this.#open) return
    this.#open = false
    this.#sink.fail(cause)
  }

  close(): void {
    this.#open = false
  }
}

type Chunks<A> = NonEmptyReadonlyArray<A>

/** Takes what a source gives, for who pulls it: what comes in one turn of the event loop is given at once. */
class Reader<E, A, B> implements ByteSink<E, A> {
  readonly #made: (chunks: ReadonlyArray<A>) => ReadonlyArray<B>
  #control: ByteControl | undefined
  #waiting: Array<A> = []
  #last: Pull.Pull<never, E> | undefined
  #reading: ((pulled: Pull.Pull<Chunks<B>, E>) => void) | undefined
  #paused = false

  constructor(made: (chunks: ReadonlyArray<A>) => ReadonlyArray<B>) {
    this.#made = made
  }

  readonly chunk = (bytes: A): void => {
    const count = this.#waiting.push(bytes)
    if (count === 1 && this.#reading !== undefined) queueMicrotask(this.#wake)
    if (count < mostWaiting || this.#paused) return
    this.#paused = true
    this.#control?.pause()
  }
  readonly end = (): void => this.#finish(Cause.done())
  readonly fail = (cause: Cause.Cause<E>): void => this.#finish(Effect.failCause(cause))

  #finish(last: Pull.Pull<never, E>): void {
    this.#last = last
    if (this.#waiting.length === 0) queueMicrotask(this.#wake)
  }

  readonly #wake = (): void => {
    const reading = this.#reading
    if (reading === undefined) return
    this.#reading = undefined
    reading(this.#take() ?? this.pull)
  }

  /** What is there, or the end. */
  #take(): Pull.Pull<Chunks<B>, E> | undefined {
    const chunks = this.#waiting
    if (chunks.length === 0) return this.#last
    this.#waiting = []
    if (this.#paused) {
      this.#paused = false
      this.#control?.resume()
    }
    return Effect.succeed(this.#made(chunks) as Chunks<B>)
  }

  /** A source may give its first chunks while it is opened. */
  opened(control: ByteControl): Pull.Pull<Chunks<B>, E> {
    this.#control = control
    if (this.#paused) control.pause()
    return this.pull
  }

  readonly pull: Pull.Pull<Chunks<B>, E> = Effect.suspend(() =>
    this.#take() ?? Effect.callback<Chunks<B>, E | Cause.Done>((resume) => {
      this.#reading = resume
      return Effect.sync(() => {
        this.#reading = undefined
      })
    })
  )

  release(exit: Exit.Exit<unknown, unknown>): void {
    const control = this.#control
    if (control?.leave !== undefined && Exit.isSuccess(exit)) control.leave()
    else control?.cancel()
  }
}

/** `made`: of the chunks of one turn, one at least, what stands for them: one at least. */
const streamOf = <E, A, B>(
  open: ByteSource<E, A>["open"],
  made: (chunks: ReadonlyArray<A>) => ReadonlyArray<B>
): Stream.Stream<B, E> =>
  Stream.fromChannel(Channel.fromTransform((_, scope) =>
    Effect.suspend(() => {
      const reader = new Reader<E, A, B>(made)
      const opened = Effect.uninterruptible(Effect.map(open(reader), (control) => reader.opened(control)))
      const release = (exit: Exit.Exit<unknown, unknown>) => Effect.sync(() => reader.release(exit))
      return Effect.andThen(Scope.addFinalizerExit(scope, release), opened)
    })
  ))

/** A getter of a literal would give each source a shape of its own. */
class OpenSource<E, A> implements ByteSource<E, A> {
  readonly open: ByteSource<E, A>["open"]

  constructor(open: ByteSource<E, A>["open"]) {
    this.open = open
  }

  get stream(): Stream.Stream<A, E> {
    return streamOf<E, A, A>(this.open, identity)
  }
}

const flat = <A>(chunks: ReadonlyArray<Chunks<A>>): ReadonlyArray<A> => chunks.length === 1 ? chunks[0]! : chunks.flat()

/** What the chunks of a source hold, one by one; each holds one at least. */
export const flattened = <E, A>({ open }: ByteSource<E, Chunks<A>>): Stream.Stream<A, E> => streamOf(open, flat<A>)

/** Hands over what the chunks of a source hold, those of one turn at once, until the source has ended. No Stream is made. */
export const runForEach = <E, A, E2>(
  { open }: ByteSource<E, Chunks<A>>,
  take: (values: Chunks<A>) => Effect.Effect<void, E2>
): Effect.Effect<void, E | E2> =>
  Effect.uninterruptibleMask((restore) => {
    const reader = new Reader<E, Chunks<A>, A>(flat<A>)
    return Effect.flatMap(open(reader), (control) => {
      const taken = Effect.flatMap(reader.opened(control), take)
      const all: Pull.Pull<never, E | E2> = Effect.flatMap(taken, () => all)
      return Effect.onExit(
        restore(Pull.catchDone(all, () => Effect.void)),
        (exit) => Effect.sync(() => reader.release(exit))
      )
    })
  })

/** A source that calls back. */
export const make = <E>(start: (sink: ByteSink<E>) => ByteControl): ByteSource<E> =>
  new OpenSource((sink) =>
    Effect.sync(() => {
      const gated = new Gate(sink)
      const { cancel, leave = cancel, pause, resume } = start(gated)
      const closed = (release: () => void) => () => {
        gated.close()
        release()
      }
      return { pause, resume, cancel: closed(cancel), leave: closed(leave) }
    })
  )

/** Chunks that are there. */
export const fromChunks = (chunks: Iterable<Uint8Array>): ByteSource<never> =>
  make((sink) => {
    for (const bytes of chunks) sink.chunk(bytes)
    sink.end()
    return { pause: () => {}, resume: () => {}, cancel: () => {} }
  })

/** What stands between a source and its sink. */
export interface Passage<E, A = Uint8Array> extends ByteSink<E, A> {
  /** Nobody wants the rest. It was released; `left`: all that matters had come. */
  readonly cancelled?: (left: boolean) => void
}

export interface Passing {
  /** Leaves the source, as all that matters has come; then calls. */
  readonly leave: (then: () => void) => void
  /** Runs what takes its time, in the context of who has opened it; it goes on when the source is released. */
  readonly run: <A, E>(effect: Effect.Effect<A, E>, then: (exit: Exit.Exit<A, E>) => void) => void
}

/** Of a context: where who opens a source is not who asked for what is run. */
export const runIn = (context: Context.Context<never>): Passing["run"] => {
  const run = Effect.runCallbackWith(context)
  return (effect, onExit) => void run(effect, { onExit })
}

/** The source behind a passage: it takes what the source gives, and gives what it makes of it. */
export const through = <E, E2, A = Uint8Array, B = Uint8Array>(
  source: ByteSource<E, B>,
  make: (sink: ByteSink<E2, A>, passing: Passing) => Passage<E, B>
): ByteSource<E2, A> =>
  new OpenSource((sink) =>
    Effect.withFiber(({ context }) => {
      const gated = new Gate(sink)
      let control: ByteControl | undefined
      // A source may give its first chunks while it is opened.
      let waiting: (() => void) | undefined
      const leave = (then: () => void) => {
        if (control === undefined) return void (waiting = then)
        ;(control.leave ?? control.cancel)()
        then()
      }
      const passage = make(gated, { leave, run: runIn(context) })
      return Effect.map(source.open(passage), (opened) => {
        control = opened
        if (waiting !== undefined) leave(waiting)
        const { cancel, leave: left = cancel, pause, resume } = opened
        const released = (release: () => void, isLeft: boolean) => () => {
          gated.close()
          release()
          passage.cancelled?.(isLeft)
        }
        return { pause, resume, cancel: released(cancel, false), leave: released(left, true) }
      })
    })
  )

/** Who learns first what a source gives. */
class Watched<E> implements Passage<E> {
  readonly #watcher: Passage<E>
  readonly #sink: ByteSink<E>

  constructor(watcher: Passage<E>, sink: ByteSink<E>) {
    this.#watcher = watcher
    this.#sink = sink
  }

  chunk(bytes: Uint8Array): void {
    this.#watcher.chunk(bytes)
    this.#sink.chunk(bytes)
  }

  end(): void {
    this.#watcher.end()
    this.#sink.end()
  }

  fail(cause: Cause.Cause<E>): void {
    this.#watcher.fail(cause)
    this.#sink.fail(cause)
  }

  cancelled(left: boolean): void {
    this.#watcher.cancelled?.(left)
  }
}

/** The same source, with someone who learns first what it gives. */
export const watch = <E>(source: ByteSource<E>, watcher: Passage<E>): ByteSource<E> =>
  through(source, (sink) => new Watched(watcher, sink))

/** A source that is a stream already. */
export const fromStream = <E>(stream: Stream.Stream<Uint8Array, E>): ByteSource<E> => ({
  stream,
  open: Effect.fnUntraced(function*(sink) {
    const flowing = Latch.makeUnsafe(true)
    let cancelled = false
    const fiber = yield* stream.pipe(
      Stream.runForEach((bytes) =>
        Effect.map(flowing.await, () => {
          if (!cancelled) sink.chunk(bytes)
        })
      ),
      Effect.onExit((exit) =>
        Effect.sync(() => {
          if (cancelled) return
          if (Exit.isSuccess(exit)) sink.end()
          else sink.fail(exit.cause)
        })
      ),
      Effect.forkDetach
    )
    return {
      pause: () => flowing.closeUnsafe(),
      resume: () => flowing.openUnsafe(),
      cancel: () => {
        cancelled = true
        Effect.runFork(Fiber.interrupt(fiber))
      }
    }
  })
})
