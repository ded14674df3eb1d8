/** How a failure looks to who asked. */
import { Context } from "effect"
import type { ErrorEnvelope } from "../http/HttpErrors.ts"
import { envelope } from "../http/HttpErrors.ts"
import type { Operation } from "../http/Operations.ts"

export interface RequestFailure {
  readonly status: number
  readonly body: ErrorEnvelope
  /** The body as it goes out, where it is somebody else's; default `body`. */
  readonly text?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** `operation`: what was asked; undefined where it is none. */
export type FailureOf = (error: unknown, operation: Operation | undefined) => RequestFailure

/** How failures look to who asks in process and does not say so: as they would over HTTP. A server gives its own. */
export const DefaultFailureOf = Context.Reference<FailureOf>("strata/kernel/requests/RequestFailure/DefaultFailureOf", {
  defaultValue: () => () => ({
    status: 500,
    body: envelope("Strata failed to answer.", { type: "server_error", code: "internal_error" })
  })
})

/** The client left before the answer was complete. */
export const clientClosed = 499

/** What is recorded of a client that left. */
export const clientLeft: ErrorEnvelope["error"] = {
  message: "The client left before the answer was complete.",
  type: "client_error",
  param: null,
  code: "client_closed_request"
}
