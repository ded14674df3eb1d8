/** The failures of tools as a client sees them. */
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import { eventLogUnavailable } from "../../kernel/http/CommonFailures.ts"
import * as FailureMap from "../../kernel/http/FailureMap.ts"
import { BadGateway, BadRequest, envelope, Forbidden, GatewayTimeout, NotFound } from "../../kernel/http/HttpErrors.ts"
import type { ResourceNotFound } from "../../kernel/http/ResourceErrors.ts"
import { resourceNotFound } from "../../kernel/http/ResourceErrors.ts"
import type { ToolCallFailed, ToolDenied, ToolNotFound } from "../../kernel/tools/ToolFailure.ts"

const upstream = "upstream_error"

export const failures = FailureMap.make({
  ToolNotFound: ({ ambiguous, message }: ToolNotFound) =>
    ambiguous
      ? new BadRequest(envelope(message, { param: "toolgroup_id", code: "tool_ambiguous" }))
      : new NotFound(envelope(message, { param: "tool_name", code: "tool_not_found" })),
  ToolCallFailed: ({ message, reason }: ToolCallFailed) =>
    reason === "timeout"
      ? new GatewayTimeout(envelope(message, { type: upstream, code: "tool_timeout" }))
      : new BadGateway(envelope(message, { type: upstream, code: `tool_${reason}` })),
  ToolDenied: ({ message }: ToolDenied) =>
    new Forbidden(envelope(message, { type: "permission_error", code: "denied_by_hook" })),
  ResourceNotFound: (error: ResourceNotFound) => resourceNotFound(error, "toolgroup_id"),
  EventLogUnavailable: (error: EventLogUnavailable) => eventLogUnavailable(error)
})

export const mapToolErrors = failures.mapErrors()
