/** A call in the dialect, and its answer, untouched. */
import type { Stream } from "effect"
import type { ProviderFailed } from "../../calls/ProviderErrors.ts"
import type { ChatCompletionRequest } from "./Wire.ts"

/** A chat completion request, read once: its value, and its text for vendors of the same dialect. */
export interface ChatCompletionCall {
  readonly request: ChatCompletionRequest
  /** The JSON as the client sent it. */
  readonly text: string
}

/**
 * A vendor's answer in OpenAI's dialect, untouched: JSON text, or the bytes of an SSE stream that ends in `[DONE]`.
 * `headers` are the vendor's that concern the client (rate limits, retry hints).
 */
export type ChatCompletionAnswer =
  & { readonly status: number; readonly headers: Readonly<Record<string, string>> }
  & (
    | { readonly _tag: "Completion"; readonly text: string }
    | { readonly _tag: "Chunks"; readonly stream: Stream.Stream<Uint8Array, ProviderFailed> }
  )
