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
