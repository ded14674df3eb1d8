/** Runs what others have written within a time: whatever it does, the caller goes on. */
import { Cause, Duration, Effect, Exit, Fiber, Schema } from "effect"

/** It took too long, or interrupted itself. */
export class NoResult extends Schema.TaggedError<NoResult>()("NoResult", {
  reason: Schema.Literals(["timeout", "interrupted"]),
  message: Schema.String
}) {}

export interface Options {
  readonly limit: Duration.Duration
  /** What is said where the time is over, as `no answer`; ` within 5s` follows. */
  readonly late: string
  /** How long it may take to end when it is interrupted, before it is left behind. Default: nobody waits for that. */
  readonly gracePeriod?: Duration.Duration
}

const gaveUp = new NoResult({ reason: "interrupted", message: "it gave itself up" })

/** In a fiber of its own: one that can't be interrupted is left behind when its time is over. */
export const withinTime = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  { late, limit, gracePeriod = Duration.zero }: Options
): Effect.Effect<A, E | NoResult, R> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkDetach(restore(effect), { startImmediately: true })
      const leave = Effect.gen(function*() {
        const ending = yield* Effect.forkDetach(Effect.timeoutOption(Fiber.interrupt(fiber), gracePeriod), {
          startImmediately: true
        })
        if (!Duration.isZero(gracePeriod)) yield* Fiber.await(ending)
      })
      const joined = Effect.timeoutOrElse(Fiber.await(fiber), {
        duration: limit,
        orElse: () => {
          const error = new NoResult({ reason: "timeout", message: `${late} within ${Duration.format(limit)}` })
          return Effect.as(leave, Exit.fail(error))
        }
      })
      const exit: Exit.Exit<A, E | NoResult> = yield* Effect.onInterrupt(restore(joined), () => leave)
      return yield* (Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause) ? gaveUp : exit)
    })
  )
