/** How a command fails: one clear message with the remedy, exit code 1, no stack trace. */
import { Cause, Console, Data, Effect, Exit, Runtime } from "effect"

/** The message has been printed; only the exit code is left to say. */
export class CommandFailed extends Data.TaggedError("CommandFailed") {
  override readonly [Runtime.errorExitCode] = 1
  override readonly [Runtime.errorReported] = false
}

/** Prints what went wrong for a person. */
export const failWithMessage = <A, E extends { readonly message: string }, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, CommandFailed, R> =>
  Effect.catchIf(
    effect,
    (error): error is Exclude<E, CommandFailed> => !(error instanceof CommandFailed),
    (error) => Effect.andThen(Console.error(error.message), Effect.fail(new CommandFailed()))
  ) as Effect.Effect<A, CommandFailed, R>

/** A server that was told to stop has done what it should: exit code 0. */
export const teardown: Runtime.Teardown = (exit, onExit) =>
  Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause) ? onExit(0) : Runtime.defaultTeardown(exit, onExit)
