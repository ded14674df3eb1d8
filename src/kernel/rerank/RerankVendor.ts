/** Asks a vendor to put items in order, in its dialect. */
import type { Effect } from "effect"
import { Result } from "effect"
import * as ValueVendor from "../dialects/ValueVendor.ts"
import type { ProviderError } from "../http/ProviderErrors.ts"
import type { LlmError } from "../messages/LlmErrors.ts"
import * as RerankAnswer from "./RerankAnswer.ts"
import type { RerankDialect } from "./RerankDialect.ts"
import * as RerankSummary from "./RerankSummary.ts"
import type { RerankRequest, RerankResponse } from "./RerankWire.ts"

export interface Options extends Omit<ValueVendor.Options, "errors"> {
  readonly dialect: RerankDialect
  /** Where it answers, from the client's base URL on; default: the dialect's path. */
  readonly path?: RerankDialect["path"]
}

export type Rerank = (request: RerankRequest) => Effect.Effect<RerankResponse, LlmError | ProviderError>

export const make = ({ dialect, path = dialect.path, ...options }: Options): { readonly rerank: Rerank } => {
  const ask = ValueVendor.make({ ...options, errors: dialect.errors })
  return {
    rerank: (request) =>
      ask({
        path: path(request.model),
        body: dialect.lower(request),
        raise: (json) =>
          dialect.raise(json).pipe(
            Result.mapError(({ detail }) => detail),
            Result.flatMap((raised) => RerankAnswer.of(raised, request))
          ),
        summarize: RerankSummary.ofResponse
      })
  }
}
