/** The one answer to whoever names a session id that can't be used, whatever was asked and why. */
import { Conflict, envelope } from "../../kernel/http/HttpErrors.ts"
import type { SessionExists } from "../../kernel/http/SessionErrors.ts"

export const sessionExists = ({ message }: SessionExists) =>
  new Conflict(envelope(message, { param: "session_id", code: "session_exists" }))
