/** What an answer's head says of its request: under which ids it stands in the log. */
import type { Recording } from "./Recording.ts"

export const requestHeader = "x-request-id"
export const sessionHeader = "x-strata-session-id"

export const idsOf = ({ options: { requestId, sessionId } }: Recording): Record<string, string> => ({
  [requestHeader]: requestId,
  ...sessionId === null ? {} : { [sessionHeader]: sessionId }
})
