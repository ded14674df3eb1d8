/**
 * How a completion over messages fails, whoever the vendor is.
 *
 * @example
 * Effect.catchTag(inference.complete(request), "RateLimitError", ({ retry_after }) => Effect.sleep(`${retry_after ?? 1} seconds`))
 */
import { Schema } from "effect"
import { nullable } from "../../events/types/OpenSchema.ts"
import type { FailureKind, LlmFailure } from "./LlmFailure.ts"

const fields = {
  message: Schema.String.annotate({ description: "In the vendor's words.", examples: ["Overloaded"] }),
  provider: nullable(Schema.String).annotate({ description: "The provider instance.", examples: ["anthropic"] }),
  model: nullable(Schema.String).annotate({ description: "The model as the client calls it." }),
  status: nullable(Schema.Int).annotate({ description: "The vendor's HTTP status. Null: there was no answer." }),
  retryable: Schema.Boolean.annotate({ description: "Whether the same request may succeed later." }),
  retry_after: nullable(Schema.Finite).annotate({ description: "Seconds the vendor asks to wait.", examples: [30] }),
  headers: Schema.Record(Schema.String, Schema.String).annotate({
    description: "The vendor's headers that concern the client: `retry-after`, rate limits.",
    examples: [{ "retry-after": "30" }]
  }),
  type: nullable(Schema.String).annotate({ description: "The vendor's type of error." }),
  code: nullable(Schema.String).annotate({ description: "The vendor's code." }),
  param: nullable(Schema.String).annotate({ description: "The field it is about." })
}

/** What is none of the others. */
export class LLMError extends Schema.TaggedError<LLMError>()("LLMError", fields) {}
/** Too many requests or tokens: later it may work. */
export class RateLimitError extends Schema.TaggedError<RateLimitError>()("RateLimitError", fields) {}
/** The account's credit or quota is used up: waiting does not help. */
export class QuotaExceededError extends Schema.TaggedError<QuotaExceededError>()("QuotaExceededError", fields) {}
/** The vendor does not know the key. */
export class AuthenticationError extends Schema.TaggedError<AuthenticationError>()("AuthenticationError", fields) {}
/** The vendor knows the key, and does not let it. */
export class AccessDeniedError extends Schema.TaggedError<AccessDeniedError>()("AccessDeniedError", fields) {}
/** The conversation is longer than the model's context. */
export class ContextLengthError extends Schema.TaggedError<ContextLengthError>()("ContextLengthError", fields) {}
/** The vendor's filter refuses the question or the answer. */
export class ContentFilterError extends Schema.TaggedError<ContentFilterError>()("ContentFilterError", fields) {}
/** The request is not one the vendor takes. */
export class InvalidRequestError extends Schema.TaggedError<InvalidRequestError>()("InvalidRequestError", fields) {}
/** The vendor is down or overloaded. */
export class ProviderUnavailableError
  extends Schema.TaggedError<ProviderUnavailableError>()("ProviderUnavailableError", fields)
{}
/** The vendor can't be reached. */
export class NetworkError extends Schema.TaggedError<NetworkError>()("NetworkError", fields) {}
/** The vendor did not answer in time. */
export class LLMTimeoutError extends Schema.TaggedError<LLMTimeoutError>()("LLMTimeoutError", fields) {}
/** The vendor has no such model. */
export class NotFoundError extends Schema.TaggedError<NotFoundError>()("NotFoundError", fields) {}
/** The answer broke off. */
export class StreamError extends Schema.TaggedError<StreamError>()("StreamError", fields) {}
/** Whoever asked has left. */
export class AbortError extends Schema.TaggedError<AbortError>()("AbortError", fields) {}
/** The model's call of a tool can't be read. */
export class InvalidToolCallError extends Schema.TaggedError<InvalidToolCallError>()("InvalidToolCallError", {
  ...fields,
  tool_name: Schema.String.annotate({ description: "The tool.", examples: ["get_weather"] }),
  raw_arguments: Schema.String.annotate({ description: "As the model wrote them.", examples: ["{\"city\":"] })
}) {}
/** The provider is not configured as the vendor needs it. */
export class ConfigurationError extends Schema.TaggedError<ConfigurationError>()("ConfigurationError", fields) {}

const classes = [
  LLMError,
  RateLimitError,
  QuotaExceededError,
  AuthenticationError,
  AccessDeniedError,
  ContextLengthError,
  ContentFilterError,
  InvalidRequestError,
  ProviderUnavailableError,
  NetworkError,
  LLMTimeoutError,
  NotFoundError,
  StreamError,
  AbortError,
  InvalidToolCallError,
  ConfigurationError
] as const

export const LlmError = Schema.Union(classes)
export type LlmError = typeof LlmError.Type

type Plain = Exclude<(typeof classes)[number], typeof InvalidToolCallError>

const byKind: Readonly<Record<FailureKind, readonly [Class: Plain, retryable: boolean]>> = {
  rate_limit: [RateLimitError, true],
  quota_exceeded: [QuotaExceededError, false],
  authentication: [AuthenticationError, false],
  access_denied: [AccessDeniedError, false],
  context_length: [ContextLengthError, false],
  content_filter: [ContentFilterError, false],
  invalid_request: [InvalidRequestError, false],
  unavailable: [ProviderUnavailableError, true],
  overloaded: [ProviderUnavailableError, true],
  network: [NetworkError, true],
  timeout: [LLMTimeoutError, true],
  not_found: [NotFoundError, false],
  stream: [StreamError, true],
  abort: [AbortError, false],
  invalid_tool_call: [LLMError, false],
  configuration: [ConfigurationError, false],
  unknown: [LLMError, false]
}

/** By the error's name; `LLMError` is what is not known. */
const kinds = new Map<string, FailureKind>(
  Object.entries(byKind).filter(([kind]) => kind !== "invalid_tool_call").map(([kind, [{ name }]]) =>
    [name, kind as FailureKind] as const
  ).toReversed()
)

/** What is known of the answer that failed. */
export interface Failed {
  readonly provider?: string
  readonly model?: string
  readonly status?: number | null
  readonly headers?: Readonly<Record<string, string>>
}

/** Seconds; a date is left to who has a clock. */
const retryAfter = (headers: Readonly<Record<string, string>>): number | null => {
  const milliseconds = Number(headers["retry-after-ms"] ?? Number.NaN)
  if (Number.isFinite(milliseconds)) return milliseconds / 1000
  const seconds = Number(headers["retry-after"] ?? Number.NaN)
  return Number.isFinite(seconds) ? seconds : null
}

export const of = ({ kind, ...failure }: LlmFailure, failed: Failed = {}): LlmError => {
  const { headers = {}, model = null, provider = null, status = null } = failed
  const [Class, byDefault] = byKind[kind]
  const asked = headers["x-should-retry"]
  const retryable = asked === "true" || asked === "false" ? asked === "true" : byDefault
  return new Class({ ...failure, provider, model, status, retryable, retry_after: retryAfter(headers), headers })
}

const statuses: Partial<Record<FailureKind, number>> = {
  rate_limit: 429,
  quota_exceeded: 429,
  authentication: 401,
  access_denied: 403,
  context_length: 400,
  content_filter: 400,
  invalid_request: 400,
  not_found: 404,
  timeout: 504,
  unavailable: 503,
  overloaded: 529
}

/** The status to answer with, where the vendor gave none. */
export const statusOf = (kind: FailureKind): number => statuses[kind] ?? 502

/** The failure that an error stands for, in no dialect's form. */
export const failureOf = (error: LlmError): LlmFailure => {
  const { _tag, code = null, message, param = null, status, type = null } = error
  const kind = _tag === "InvalidToolCallError" ? "invalid_tool_call" : kinds.get(_tag) ?? "unknown"
  return { kind: kind === "unavailable" && status === 529 ? "overloaded" : kind, message, type, code, param }
}
