/** A call in the dialect, and its answer, untouched. */
import type { Bytes } from "../../bytes/Bytes.ts"
import type { ProviderFailed } from "../../http/ProviderErrors.ts"
import type { ChatCompletionRequest } from "./Wire.ts"

/** A chat completion request, read once: its value, and its text for vendors of the same dialect. */
export interface ChatCompletionCall {
  readonly request: ChatCompletionRequest
  /** The JSON as the client sent it. */
  readonly text: string
}

/**
 * A vendor's answer in OpenAI's dialect, untouched: JSON text, or the bytes of an SSE stream that ends in `[DONE]`. Its
 * headers are the vendor's that concern the client (rate limits, retry hints).
 */
export type ChatCompletionAnswer = Bytes<ProviderFailed>
