/**
 * Where the bytes of a body come from, piece by piece: who wants them gives a sink, and can pause, resume and cancel.
 *
 * A source is opened once. `stream` is the same as an Effect Stream, for whoever wants one.
 */
import type { Cause } from "effect"
import { Effect, Exit, Fiber, Latch, Queue, Stream } from "effect"

export interface ByteSink<E> {
  readonly chunk: (bytes: Uint8Array) => void
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
}

export interface ByteSource<E> {
  readonly open: (sink: ByteSink<E>) => Effect.Effect<ByteControl>
  readonly stream: Stream.Stream<Uint8Array, E>
}

/** Chunks that wait in the stream of a source before the source is paused. */
const mostWaiting = 16

/** The same, but that nothing is called after the end, a failure or a cancellation, whatever the source does. */
const guarded = <E>(start: (sink: ByteSink<E>) => ByteControl, sink: ByteSink<E>): ByteControl => {
  let open = true
  const close = (last: () => void) => {
    if (!open) return
    open = false
    last()
  }
  const control = start({
    chunk: (bytes) => {
      if (open) sink.chunk(bytes)
    },
    end: () => close(sink.end),
    fail: (cause) => close(() => sink.fail(cause))
  })
  return {
    pause: control.pause,
    resume: control.resume,
    cancel: () => {
      open = false
      control.cancel()
    }
  }
}

/** A source that calls back. */
export const make = <E>(start: (sink: ByteSink<E>) => ByteControl): ByteSource<E> => ({
  open: (sink) => Effect.sync(() => guarded(start, sink)),
  stream: Stream.unwrap(Effect.gen(function*() {
    const queue = yield* Queue.unbounded<Uint8Array, E | Cause.Done>()
    let paused = false
    const control = yield* Effect.acquireRelease(
      Effect.sync(() =>
        start({
          chunk: (bytes) => {
            Queue.offerUnsafe(queue, bytes)
            if (Queue.sizeUnsafe(queue) < mostWaiting || paused) return
            paused = true
            // A source may call back while it starts: what it gives is not there yet. By then all may have been read.
            queueMicrotask(() => {
              if (paused) control.pause()
            })
          },
          end: () => Queue.endUnsafe(queue),
          fail: (cause) => Queue.failCauseUnsafe(queue, cause)
        })
      ),
      (control) => Effect.sync(control.cancel)
    )
    return Stream.tap(Stream.fromQueue(queue), () =>
      Effect.sync(() => {
        if (!paused || Queue.sizeUnsafe(queue) > 0) return
        paused = false
        control.resume()
      }))
  }))
})

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
