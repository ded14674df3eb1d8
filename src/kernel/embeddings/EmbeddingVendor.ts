/** Asks a vendor for embeddings, in its dialect. */
import type { Effect } from "effect"
import { Result } from "effect"
import * as ValueVendor from "../dialects/ValueVendor.ts"
import type { ProviderError } from "../http/ProviderErrors.ts"
import type { LlmError } from "../messages/LlmErrors.ts"
import type { EmbeddingDialect } from "./EmbeddingDialect.ts"
import * as EmbeddingInputs from "./EmbeddingInputs.ts"
import * as EmbeddingsAnswer from "./EmbeddingsAnswer.ts"
import * as EmbeddingSummary from "./EmbeddingSummary.ts"
import type { EmbeddingsRequest, EmbeddingsResponse } from "./EmbeddingsWire.ts"

export interface Options extends Omit<ValueVendor.Options, "errors"> {
  readonly dialect: EmbeddingDialect
  /** Where it answers, from the client's base URL on; default: the dialect's path. */
  readonly path?: EmbeddingDialect["path"]
}

export type Embed = (request: EmbeddingsRequest) => Effect.Effect<EmbeddingsResponse, LlmError | ProviderError>

export const make = ({ dialect, path = dialect.path, ...options }: Options): { readonly embed: Embed } => {
  const ask = ValueVendor.make({ ...options, errors: dialect.errors })
  return {
    embed: (request) =>
      ask({
        path: path(request.model),
        body: dialect.lower(request),
        raise: (json) =>
          dialect.raise(json, request.input).pipe(
            Result.mapError(({ detail }) => detail),
            Result.flatMap((raised) =>
              EmbeddingsAnswer.of(raised, { count: EmbeddingInputs.countOf(request.input), model: request.model })
            )
          ),
        summarize: EmbeddingSummary.ofResponse
      })
  }
}
