/** Verification for clients of the server: a few at a time, each with an end. */
import { Duration, Effect, Layer, Predicate, Semaphore } from "effect"
import { SessionNotVerifiable } from "../kernel/http/SessionErrors.ts"
import * as FailureText from "../kernel/issues/FailureText.ts"
import type { AnyDefinition } from "../kernel/provider/Provider.ts"
import { SessionVerifier } from "../kernel/sessions/SessionVerifier.ts"
import * as VerificationReport from "./VerificationReport.ts"
import * as Verifier from "./Verifier.ts"

export interface Options {
  /** Verifications at the same time; more wait. */
  readonly concurrency: number
  /** Longest wait for a verification, its turn included. */
  readonly timeout: Duration.Input
}

const defaults: Options = { concurrency: 2, timeout: "2 minutes" }

const unfit = (session: string) => (error: unknown) => {
  const message = `The session ${session} can't be run again: ${FailureText.of(error)}`
  return new SessionNotVerifiable({ reason: "unfit", message })
}

/** Runs each session on the provider types it is given. */
export const layer = <const Registry extends ReadonlyArray<AnyDefinition>>(
  registry: Registry,
  options: Partial<Options> = {}
) =>
  Layer.effect(
    SessionVerifier,
    Effect.gen(function*() {
      const { concurrency, timeout } = { ...defaults, ...options }
      const places = Semaphore.makeUnsafe(concurrency)
      const context = yield* Effect.context<Effect.Services<ReturnType<typeof Verifier.verify<Registry>>>>()
      const tooLong = (session: string) =>
        new SessionNotVerifiable({
          reason: "timeout",
          message:
            `The session ${session} was not verified within ${Duration.format(Duration.fromInputUnsafe(timeout))}. ` +
            "Try again later, or on the data folder: strata replay --verify"
        })

      return SessionVerifier.of({
        verify: (session) =>
          places.withPermit(Verifier.verify(registry, session)).pipe(
            Effect.map(VerificationReport.of),
            Effect.timeoutOrElse({ duration: timeout, orElse: () => Effect.fail(tooLong(session)) }),
            Effect.mapError((error) =>
              Predicate.isTagged(error, "SessionNotFound") || Predicate.isTagged(error, "EventLogUnavailable") ||
                Predicate.isTagged(error, "SessionNotVerifiable")
                ? error
                : unfit(session)(error)
            ),
            // Nothing of the request that asks for it: its body would be that of every request that runs again.
            Effect.updateContext(() => context)
          )
      })
    })
  )
