/** How a failure looks to who asked. */
import type { ErrorEnvelope } from "../http/HttpErrors.ts"

export interface RequestFailure {
  readonly status: number
  readonly body: ErrorEnvelope
  readonly headers?: Readonly<Record<string, string>>
}

/** The client left before the answer was complete. */
export const clientClosed = 499

/** What is recorded of a client that left. */
export const clientLeft: ErrorEnvelope["error"] = {
  message: "The client left before the answer was complete.",
  type: "client_error",
  param: null,
  code: "client_closed_request"
}
