/** Calls for media operations: how they are recorded, and answered again. */
import type { Call } from "../../kernel/calls/Call.ts"
import type { ProviderError } from "../../kernel/http/ProviderErrors.ts"
import type { MediaCall } from "../../kernel/media/MediaCall.ts"
import * as MediaCalls from "../../kernel/media/MediaCall.ts"

export const of = (provider: string, call: MediaCall): Call<ProviderError> => {
  const { fields, files, model, operation, stream } = call
  return {
    method: operation.method,
    provider,
    common: { provider, model, operation: operation.name },
    request: { stream, ...operation.summarizeRequest(fields, files) },
    input: () => MediaCalls.inputOf(call),
    summarize: operation.summarizeAnswer
  }
}
