/** `strata replay --verify`: one session or all of them, and the exit code that says what came of it. */
import { Cause, Console, Effect, Predicate } from "effect"
import { EventHub } from "../events/log/EventHub.ts"
import { readAll } from "../events/log/ReadAll.ts"
import { CurrentTenant } from "../events/types/Tenant.ts"
import * as FailureText from "../kernel/issues/FailureText.ts"
import * as Outcome from "../kernel/replay/Outcome.ts"
import { Started } from "../kernel/sessions/SessionEvents.ts"
import type { SessionVerification, Status } from "../kernel/sessions/SessionVerification.ts"
import * as VerificationReport from "../server/VerificationReport.ts"
import * as Verifier from "../server/Verifier.ts"
import { CommandFailed } from "./Failure.ts"
import type { ProviderType } from "./Settings.ts"
import * as VerifyReport from "./VerifyReport.ts"

/** As `diff` has them: 1 differs, 2 is trouble, which here is wrong use. */
const exitCodes: Readonly<Record<Status, number>> = {
  identical: 0,
  diverged: 1,
  not_verifiable: 3,
  around_the_client: 4
}

export interface Options {
  /** Undefined: all. */
  readonly session: string | undefined
  readonly json: boolean
  readonly types: ReadonlyArray<ProviderType>
}

/** That there is no such session, or no log that can be read, is no outcome of a verification. */
const isTrouble = (error: unknown): boolean =>
  Predicate.isTagged(error, "SessionNotFound") || Predicate.isTagged(error, "EventLogUnavailable")

const outcomeOf = (session: string, types: Options["types"]) =>
  Verifier.verify(types, session).pipe(
    Effect.map(VerificationReport.of),
    Effect.catchCauseIf(
      (cause) => !Cause.hasInterruptsOnly(cause) && !isTrouble(Cause.squash(cause)),
      (cause) =>
        Effect.map(
          FailureText.masked(FailureText.of(Cause.squash(cause))),
          (reason) => VerificationReport.unfit(session, reason)
        )
    )
  )

const ended = (status: Status) =>
  status === "identical" ? Effect.void : Effect.fail(new CommandFailed({ code: exitCodes[status] }))

const summaryOf = (statuses: ReadonlyArray<Status>): string => {
  if (statuses.length === 0) return "none verified"
  const differ = statuses.filter((status) => status !== "identical").length
  return differ === 0 ? "all identical" : `${differ} not identical`
}

const verifyAll = Effect.fn("replay.verifyAll")(function*(
  print: (verification: SessionVerification) => string,
  types: Options["types"]
) {
  const started = yield* readAll(yield* EventHub, { tenant: yield* CurrentTenant, types: [Started.type] })
  const statuses = yield* Effect.forEach(started, ({ sessionId }) =>
    outcomeOf(sessionId ?? "", types).pipe(
      Effect.tap((verification) => Console.log(print(verification))),
      Effect.map(({ status }) => status)
    ))
  yield* Console.error(`${statuses.length} sessions, ${summaryOf(statuses)}.`)
  return Outcome.worst(statuses)
})

/** Fails with the exit code of what came of it: of all sessions, that of the worst. */
export const verify = Effect.fn("replay.verify")(function*({ json, session, types }: Options) {
  if (session === undefined) return yield* ended(yield* verifyAll(json ? JSON.stringify : VerifyReport.line, types))
  const verification = yield* outcomeOf(session, types)
  yield* Console.log(json ? JSON.stringify(verification) : VerifyReport.text(verification))
  return yield* ended(verification.status)
})
