/** How a command fails: one clear message with the remedy, exit code 1, no stack trace. */
import { Cause, Console, Data, Effect, Exit, Runtime } from "effect"
import { CliError } from "effect/cli"

/** The command line can't be understood, or names what is not there. */
export const wrongUse = 2

/** The message has been printed; only the exit code is left to say. */
export class CommandFailed extends Data.TaggedError("CommandFailed")<{ readonly code: number }> {
  override readonly [Runtime.errorExitCode]: number = this.code
  override readonly [Runtime.errorReported] = false
}

/** Prints what went wrong for a person. */
export const failWith =
  (code: number) =>
  <A, E extends { readonly message: string }, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, CommandFailed, R> =>
    Effect.catchIf(
      effect,
      (error): error is Exclude<E, CommandFailed> => !(error instanceof CommandFailed),
      (error) => Effect.andThen(Console.error(error.message), Effect.fail(new CommandFailed({ code })))
    ) as Effect.Effect<A, CommandFailed, R>

export const failWithMessage = failWith(1)

/** Commands whose exit code 1 is an outcome: what can't be understood has a code of its own there. */
const withOutcome: ReadonlySet<string> = new Set(["replay"])

const isWrongUse = (cause: Cause.Cause<unknown>): boolean => {
  const error = Cause.squash(cause)
  return CliError.isCliError(error) && error._tag === "ShowHelp" && error.errors.length > 0 &&
    error.commandPath.some((name) => withOutcome.has(name))
}

/** A server that was told to stop has done what it should: 0. */
const codeOf = (exit: Exit.Exit<unknown, unknown>, onExit: (code: number) => void): void => {
  if (Exit.isSuccess(exit) || Cause.hasInterruptsOnly(exit.cause)) onExit(0)
  else if (isWrongUse(exit.cause)) onExit(wrongUse)
  else Runtime.defaultTeardown(exit, onExit)
}

const written = (stream: NodeJS.WriteStream, then: () => void): void => {
  if (stream.writableLength === 0 || stream.destroyed) then()
  else stream.once("drain", then).once("close", then)
}

/** Whatever a provider has left behind, a command that has ended ends its process, once all it has printed is out. */
export const teardown: Runtime.Teardown = (exit) =>
  codeOf(exit, (code) => written(process.stdout, () => written(process.stderr, () => process.exit(code))))
