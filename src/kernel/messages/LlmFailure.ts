/** How a model's vendor fails, in no vendor's form. */
import { Schema } from "effect"
import { nullable } from "../../events/types/OpenSchema.ts"

/** What went wrong, whatever the vendor calls it. */
export const FailureKind = Schema.Literals([
  "rate_limit",
  "quota_exceeded",
  "authentication",
  "access_denied",
  "context_length",
  "content_filter",
  "invalid_request",
  "unavailable",
  "overloaded",
  "network",
  "timeout",
  "not_found",
  "stream",
  "abort",
  "invalid_tool_call",
  "configuration",
  "unknown"
]).annotate({ identifier: "FailureKind", description: "What went wrong, whatever the vendor calls it." })
export type FailureKind = typeof FailureKind.Type

export const LlmFailure = Schema.Struct({
  kind: FailureKind,
  message: Schema.String.annotate({ description: "In the vendor's words." }),
  type: nullable(Schema.String).annotate({
    description: "The vendor's type of error.",
    examples: ["overloaded_error"]
  }),
  code: nullable(Schema.String).annotate({ description: "The vendor's code.", examples: ["context_length_exceeded"] }),
  param: nullable(Schema.String).annotate({ description: "The field it is about.", examples: ["messages"] })
}).annotate({
  identifier: "LlmFailure",
  description: "How a model's vendor fails, in no vendor's form.",
  examples: [{ kind: "overloaded", message: "Overloaded", type: "overloaded_error" }]
})
export type LlmFailure = typeof LlmFailure.Type
