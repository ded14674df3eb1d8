/** What sessions need to be verified: a port, for only a server can run their requests again. */
import { Context, Effect, Layer } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { SessionNotVerifiable } from "../http/SessionErrors.ts"
import type { SessionNotFound } from "../http/SessionErrors.ts"
import type { SessionVerification } from "./SessionVerification.ts"

export class SessionVerifier extends Context.Service<SessionVerifier, {
  verify(id: string): Effect.Effect<SessionVerification, SessionNotFound | SessionNotVerifiable | EventLogUnavailable>
}>()("strata/kernel/sessions/SessionVerifier") {
  /** Where requests can't run again: beside a log without a server, and within a verification. */
  static readonly unavailable = Layer.succeed(
    SessionVerifier,
    SessionVerifier.of({
      verify: (id) =>
        Effect.fail(
          new SessionNotVerifiable({ reason: "unfit", message: `The session ${id} can't be verified here.` })
        )
    })
  )
}
