/** How asking a model fails, as `effect/ai` has it. */
import { Clock, Duration, Effect, Struct } from "effect"
import { AiError } from "effect/ai"
import { parse } from "../../../events/types/JsonAccess.ts"
import { chat } from "../../../kernel/dialects/chat/ChatDialect.ts"
import type { LlmError } from "../../../kernel/messages/LlmErrors.ts"
import * as LlmErrors from "../../../kernel/messages/LlmErrors.ts"
import type { FailureKind } from "../../../kernel/messages/LlmFailure.ts"
import * as RetryAfter from "../../../kernel/reliability/RetryAfter.ts"
import * as Completion from "../Completion.ts"
import type { AskFailure } from "./StrataClient.ts"

type Reason = AiError.AiErrorReason

interface Details {
  readonly description: string
  readonly metadata: { readonly strata: Record<string, string | number | null> }
  readonly http?: typeof AiError.HttpContext.Type
}

const detailsOf = (
  { code = null, headers, message, param = null, provider = null, status = null, type = null, _tag }: LlmError
): Details => ({
  description: message,
  metadata: { strata: { error: _tag, type, code, param, provider, status } },
  ...status == null ? {} : { http: { response: { status, headers: { ...headers } } } }
})

const parameterOf = ({ param }: LlmError) => param == null ? {} : { parameter: param }

const network = (details: Details): Reason =>
  new AiError.NetworkError({
    reason: "TransportError",
    method: "POST",
    url: "/v1/chat/completions",
    description: details.description
  })

const internal = (details: Details): Reason => new AiError.InternalProviderError(details)

const unknown = (details: Details): Reason => new AiError.UnknownError(details)

type Mapping = (details: Details, error: LlmError, retryAfter: number | undefined) => Reason

const reasons: Readonly<Record<FailureKind, Mapping>> = {
  rate_limit: (details, _, retryAfter) =>
    new AiError.RateLimitError({
      ...Struct.omit(details, ["description"]),
      ...retryAfter === undefined ? {} : { retryAfter: Duration.millis(retryAfter) }
    }),
  quota_exceeded: (details) => new AiError.QuotaExhaustedError(Struct.omit(details, ["description"])),
  authentication: (details) => new AiError.AuthenticationError({ kind: "InvalidKey", ...details }),
  access_denied: (details) => new AiError.AuthenticationError({ kind: "InsufficientPermissions", ...details }),
  context_length: (details, error) =>
    new AiError.InvalidRequestError({
      ...details,
      parameter: error.param ?? "messages",
      constraint: "is longer than the model's context"
    }),
  content_filter: (details) => new AiError.ContentPolicyError(details),
  invalid_request: (details, error) => new AiError.InvalidRequestError({ ...details, ...parameterOf(error) }),
  not_found: (details, error) =>
    new AiError.InvalidRequestError({ ...details, parameter: error.param ?? "model", constraint: "names nothing" }),
  unavailable: internal,
  overloaded: internal,
  stream: internal,
  network,
  timeout: network,
  invalid_tool_call: ({ description, metadata }) => new AiError.InvalidOutputError({ description, metadata }),
  abort: unknown,
  configuration: unknown,
  unknown: (details, { status }) =>
    status == null ? unknown(details) : AiError.reasonFromHttpStatus({ ...details, status })
}

export const reasonOf = (error: LlmError, now: number): Reason =>
  reasons[LlmErrors.failureOf(error).kind](detailsOf(error), error, RetryAfter.of(error.headers, now))

type Own =
  | "ResourceNotFound"
  | "ProviderUnavailable"
  | "EventLogUnavailable"
  | "VersionConflict"
  | "EventIdTaken"
  | "DeniedByHook"
  | "SessionExists"

/** What its own error says of a request that nobody answered. */
const ofStrata = (error: Extract<AskFailure, { _tag: Own }>): Reason => {
  switch (error._tag) {
    case "ResourceNotFound":
      return new AiError.InvalidRequestError({
        parameter: error.type,
        constraint: "names nothing",
        description: error.message
      })
    case "SessionExists":
      return new AiError.InvalidRequestError({ parameter: "session", description: error.message })
    case "DeniedByHook":
      return new AiError.ContentPolicyError({ description: error.message })
    default:
      return new AiError.InternalProviderError({ description: error.message })
  }
}

const reasonOfAny = (error: AskFailure, model: string, now: number): Reason => {
  switch (error._tag) {
    case "ProviderRejected": {
      const { headers, provider, status, text } = error
      const failure = chat.errors.raise(status, parse(text))
      return reasonOf(LlmErrors.of(failure, { provider, status, headers, model }), now)
    }
    case "ProviderFailed":
    case "NotOfDialect":
    case "RequestRefused":
      return reasonOf(Completion.llmErrorOf(error, model), now)
    case "ResourceNotFound":
    case "ProviderUnavailable":
    case "EventLogUnavailable":
    case "VersionConflict":
    case "EventIdTaken":
    case "DeniedByHook":
    case "SessionExists":
      return ofStrata(error)
    default:
      return reasonOf(error, now)
  }
}

export interface Place {
  readonly module: "LanguageModel" | "EmbeddingModel"
  readonly method: string
  readonly model: string
}

/** Fails as the method of `effect/ai` does. */
export const failing =
  ({ method, model, module }: Place) => (error: AskFailure): Effect.Effect<never, AiError.AiError> =>
    Effect.flatMap(
      Clock.currentTimeMillis,
      (now) => Effect.fail(AiError.make({ module, method, reason: reasonOfAny(error, model, now) }))
    )
