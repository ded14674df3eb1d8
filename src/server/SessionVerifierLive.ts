/** Verification for clients of the server: a few at a time, each with an end. */
import { Duration, Effect, Layer, Predicate, Semaphore } from "effect"
import { SessionVerifier } from "../apis/sessions/Sessions.ts"
import type { SessionVerification } from "../apis/sessions/SessionsModels.ts"
import { SessionNotVerifiable } from "../kernel/http/SessionErrors.ts"
import * as FailureText from "../kernel/issues/FailureText.ts"
import type { AnyDefinition } from "../kernel/provider/Provider.ts"
import * as ReadableDifference from "../kernel/replay/ReadableDifference.ts"
import type { Report } from "./Verifier.ts"
import * as Verifier from "./Verifier.ts"

export interface Options {
  /** Verifications at the same time; more wait. */
  readonly concurrency: number
  /** Longest wait for a verification, its turn included. */
  readonly timeout: Duration.Input
}

const defaults: Options = { concurrency: 2, timeout: "2 minutes" }

/** A report as the API shows it. */
export const toVerification = ({ divergence, requests, session, skipped }: Report): SessionVerification => {
  const difference = divergence === undefined ? undefined : ReadableDifference.of(divergence)
  return {
    object: "session.verification",
    session_id: session,
    status: divergence === undefined ? "identical" : "diverged",
    requests,
    skipped: skipped.map(({ reason, requestId }) => ({ request_id: requestId, reason })),
    divergence: divergence === undefined || difference === undefined ? null : {
      request_id: divergence.requestId,
      position: divergence.position,
      type: divergence.type,
      path: divergence.path,
      expected: difference.expected,
      found: difference.found,
      differs_from: difference.from,
      altered: divergence.altered
    }
  }
}

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
            Effect.map(toVerification),
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
