/** Sessions for commands: those of a data folder, or those of a running server. */
import { Config, Context, Data } from "effect"
import type { Effect, Stream } from "effect"
import { Flag } from "effect/cli"
import type { ForkSession, SessionFork } from "../kernel/sessions/SessionModels.ts"
import type { ListedSession, Session } from "../kernel/sessions/SessionModels.ts"

/** Why it can't be done; the message is for a person. */
export class SessionsRefused extends Data.TaggedError("SessionsRefused")<{ readonly message: string }> {}

export class SessionAccess extends Context.Service<SessionAccess, {
  /** In the order they began. */
  readonly list: Stream.Stream<ListedSession, SessionsRefused>
  /** The lines of a session's file. */
  lines(id: string): Stream.Stream<string, SessionsRefused>
  add(lines: Stream.Stream<string, SessionsRefused>): Effect.Effect<Session, SessionsRefused>
  fork(id: string, request: ForkSession): Effect.Effect<SessionFork, SessionsRefused>
  /** Sends the next request of a fork; gives the answer as it comes. */
  send(fork: SessionFork): Stream.Stream<string, SessionsRefused>
}>()("strata/cli/SessionAccess") {}

export const url = Flag.String("url").pipe(
  Flag.withDescription("Ask this server instead of the data folder (STRATA_URL)"),
  Flag.withFallbackConfig(Config.String("STRATA_URL")),
  Flag.optional
)
