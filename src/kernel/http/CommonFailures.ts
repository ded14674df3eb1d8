/** What the failures that every API may have are to a client. */
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { AccessDenied } from "./AccessDenied.ts"
import { envelope, Forbidden, ServiceUnavailable } from "./HttpErrors.ts"
import type { ProviderUnavailable } from "./ProviderUnavailable.ts"

export const accessDenied = ({ message }: AccessDenied) => new Forbidden(envelope(message, { code: "access_denied" }))

export const eventLogUnavailable = ({ message }: EventLogUnavailable) =>
  new ServiceUnavailable(envelope(message, { type: "server_error", code: "event_log_unavailable" }))

export const providerUnavailable = ({ message }: ProviderUnavailable) =>
  new ServiceUnavailable(envelope(message, { type: "upstream_error", code: "provider_unavailable" }))

/** How the message begins where a Schema refuses a request. */
export const schemaRefusal = "The request is not understood."
