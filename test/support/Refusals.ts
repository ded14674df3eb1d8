/** How vendors refuse, and what that is in the canonical model. */
import type { Schema } from "effect"
import type * as LlmErrors from "../../src/kernel/messages/LlmErrors.ts"

/** As the vendor refuses, and what that is in the canonical model. */
export interface Refusal {
  readonly tag: LlmErrors.LlmError["_tag"]
  readonly retryable: boolean
  readonly status: number
  readonly body: Schema.Json
  readonly headers?: Readonly<Record<string, string>>
}

export const refusal = (
  tag: Refusal["tag"],
  retryable: boolean,
  status: number,
  body: Schema.Json,
  headers = {}
): Refusal => ({
  tag,
  retryable,
  status,
  body,
  headers
})

export const soon = { "retry-after": "7" }

const ofOpenAi = (code: string | null): Schema.Json => ({
  error: { message: "no", type: "invalid_request_error", param: null, code }
})
const ofAnthropic = (type: string, message = "no"): Schema.Json => ({ type: "error", error: { type, message } })
const ofGoogle = (code: number, status: string, message = "no", details: ReadonlyArray<Schema.Json> = []) => ({
  error: { code, message, status, details }
})

export const openAi: ReadonlyArray<Refusal> = [
  refusal("RateLimitError", true, 429, ofOpenAi("rate_limit_exceeded"), soon),
  refusal("QuotaExceededError", false, 429, ofOpenAi("insufficient_quota")),
  refusal("AuthenticationError", false, 401, ofOpenAi("invalid_api_key")),
  refusal("AccessDeniedError", false, 403, ofOpenAi(null)),
  refusal("NotFoundError", false, 404, ofOpenAi("model_not_found")),
  refusal("ContextLengthError", false, 400, ofOpenAi("context_length_exceeded")),
  refusal("ContentFilterError", false, 400, ofOpenAi("content_filter")),
  refusal("InvalidRequestError", false, 400, ofOpenAi("unsupported_parameter")),
  refusal("ProviderUnavailableError", true, 500, ofOpenAi(null)),
  refusal("ProviderUnavailableError", true, 503, ofOpenAi(null), soon),
  refusal("LLMTimeoutError", true, 504, ofOpenAi(null))
]

export const anthropic: ReadonlyArray<Refusal> = [
  refusal("RateLimitError", true, 429, ofAnthropic("rate_limit_error"), soon),
  refusal("QuotaExceededError", false, 400, ofAnthropic("invalid_request_error", "Your credit balance is too low")),
  refusal("AuthenticationError", false, 401, ofAnthropic("authentication_error")),
  refusal("AccessDeniedError", false, 403, ofAnthropic("permission_error")),
  refusal("NotFoundError", false, 404, ofAnthropic("not_found_error")),
  refusal(
    "ContextLengthError",
    false,
    400,
    ofAnthropic("invalid_request_error", "prompt is too long: 250000 tokens > 200000 maximum")
  ),
  refusal(
    "ContentFilterError",
    false,
    400,
    ofAnthropic("invalid_request_error", "Output blocked by content filtering policy")
  ),
  refusal("InvalidRequestError", false, 400, ofAnthropic("invalid_request_error", "max_tokens: required")),
  refusal("ProviderUnavailableError", true, 500, ofAnthropic("api_error")),
  refusal("ProviderUnavailableError", true, 529, ofAnthropic("overloaded_error", "Overloaded"), soon),
  refusal("LLMTimeoutError", true, 504, ofAnthropic("timeout_error"))
]

export const gemini: ReadonlyArray<Refusal> = [
  refusal("RateLimitError", true, 429, ofGoogle(429, "RESOURCE_EXHAUSTED"), soon),
  refusal(
    "QuotaExceededError",
    false,
    429,
    ofGoogle(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota.", [{
      "@type": "type.googleapis.com/google.rpc.QuotaFailure",
      violations: [{ quotaId: "GenerateRequestsPerDayPerProjectPerModel-FreeTier", quotaValue: "50" }]
    }])
  ),
  refusal("AuthenticationError", false, 401, ofGoogle(401, "UNAUTHENTICATED")),
  refusal(
    "AuthenticationError",
    false,
    400,
    ofGoogle(400, "INVALID_ARGUMENT", "API key not valid.", [{ reason: "API_KEY_INVALID" }])
  ),
  refusal("AccessDeniedError", false, 403, ofGoogle(403, "PERMISSION_DENIED")),
  refusal("NotFoundError", false, 404, ofGoogle(404, "NOT_FOUND")),
  refusal(
    "ContextLengthError",
    false,
    400,
    ofGoogle(400, "INVALID_ARGUMENT", "The input token count (2000000) exceeds the maximum number of tokens allowed")
  ),
  refusal("InvalidRequestError", false, 400, ofGoogle(400, "INVALID_ARGUMENT")),
  refusal("ProviderUnavailableError", true, 500, ofGoogle(500, "INTERNAL")),
  refusal("ProviderUnavailableError", true, 503, ofGoogle(503, "UNAVAILABLE", "The model is overloaded."), soon),
  refusal("LLMTimeoutError", true, 504, ofGoogle(504, "DEADLINE_EXCEEDED"))
]

const ofOllama = (error: string): Schema.Json => ({ error })

export const ollama: ReadonlyArray<Refusal> = [
  refusal("RateLimitError", true, 429, ofOllama("you have reached your hourly usage limit"), soon),
  refusal("AuthenticationError", false, 401, ofOllama("unauthorized")),
  refusal("NotFoundError", false, 404, ofOllama("model 'm' not found")),
  refusal("ContextLengthError", false, 400, ofOllama("the input length exceeds the context length")),
  refusal("InvalidRequestError", false, 400, ofOllama("registry.ollama.ai/library/m does not support tools")),
  refusal("ProviderUnavailableError", true, 500, ofOllama("llama runner process has terminated")),
  refusal(
    "ProviderUnavailableError",
    true,
    503,
    ofOllama("server busy, please try again.  maximum pending requests exceeded"),
    soon
  )
]

const ofAmazon = (message = "no"): Schema.Json => ({ message })
const typed = (type: string) => ({ "x-amzn-errortype": `${type}:http://internal.amazon.com/coral/` })

export const bedrock: ReadonlyArray<Refusal> = [
  refusal("RateLimitError", true, 429, ofAmazon("Too many requests"), { ...typed("ThrottlingException"), ...soon }),
  refusal("QuotaExceededError", false, 400, ofAmazon(), typed("ServiceQuotaExceededException")),
  refusal("AuthenticationError", false, 403, ofAmazon(), typed("UnrecognizedClientException")),
  refusal("AccessDeniedError", false, 403, ofAmazon(), typed("AccessDeniedException")),
  refusal("NotFoundError", false, 404, ofAmazon(), typed("ResourceNotFoundException")),
  refusal(
    "ContextLengthError",
    false,
    400,
    ofAmazon("Input is too long for requested model."),
    typed("ValidationException")
  ),
  refusal("InvalidRequestError", false, 400, { __type: "com.amazon.coral#ValidationException", message: "no" }),
  refusal("ProviderUnavailableError", true, 500, ofAmazon(), typed("InternalServerException")),
  refusal("ProviderUnavailableError", true, 503, ofAmazon(), { ...typed("ServiceUnavailableException"), ...soon }),
  refusal("LLMTimeoutError", true, 408, ofAmazon(), typed("ModelTimeoutException"))
]
