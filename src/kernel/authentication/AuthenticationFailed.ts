/** A request has no credentials to go with: no token was given, or nothing that signs. */
import { Data } from "effect"

/** The message says what is wrong and what to do; nothing secret stands in it. */
export class AuthenticationFailed extends Data.TaggedError("AuthenticationFailed")<{ readonly message: string }> {}
