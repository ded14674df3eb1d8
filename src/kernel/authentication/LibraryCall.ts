/** Asks a library for credentials: it is loaded when it is first asked, and answers in bounded time. */
import { Duration, Effect, Predicate } from "effect"
import { AuthenticationFailed } from "./AuthenticationFailed.ts"

/** How long fetching credentials may take, whoever fetches them. */
export const limit = Duration.seconds(30)

const messageOf = (error: unknown): string =>
  (error instanceof Error && error.message !== "" ? error.message : String(error)).replace(/\s+/g, " ").slice(0, 400)

const isMissing = (name: string, error: unknown): boolean =>
  Predicate.hasProperty(error, "code") && error.code === "ERR_MODULE_NOT_FOUND" && messageOf(error).includes(name)

/** The exports of a package that need not be installed. */
export const load = <Exports>(
  name: string,
  load: () => Promise<Exports>
): Effect.Effect<Exports, AuthenticationFailed> =>
  Effect.tryPromise({
    try: load,
    catch: (error) =>
      new AuthenticationFailed({
        message: isMissing(name, error)
          ? `it needs the package ${name}, which is not installed: run npm install ${name}`
          : `the package ${name} can't be loaded: ${messageOf(error)}`
      })
  })

/** `what`: `no AWS credentials`; `remedy`: what to do then. */
export const ask = <A>(
  promise: () => Promise<A>,
  what: string,
  remedy: string
): Effect.Effect<A, AuthenticationFailed> =>
  Effect.tryPromise({
    try: promise,
    catch: (error) => new AuthenticationFailed({ message: `${what}: ${messageOf(error)}. ${remedy}` })
  }).pipe(
    Effect.timeoutOrElse({
      duration: limit,
      orElse: () =>
        Effect.fail(new AuthenticationFailed({ message: `${what} within ${Duration.format(limit)}. ${remedy}` }))
    })
  )
