/** What one way of authentication makes of a credential. */
import { Schema } from "effect"
import type { Effect } from "effect"
import type { Principal } from "../events/types/Principal.ts"

/** The credential is not good, or can't be checked now. The message never shows it. */
export class AuthenticationFailed extends Schema.TaggedError<AuthenticationFailed>()("AuthenticationFailed", {
  reason: Schema.Literals(["missing", "invalid", "expired", "unavailable"]),
  message: Schema.String
}) {}

export interface Authenticator {
  /** Undefined where the credential is none of its own: the next one is asked. */
  readonly authenticate: (credential: string) => Effect.Effect<Principal, AuthenticationFailed> | undefined
}
