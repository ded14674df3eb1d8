/** A call as Strata would write it itself, over the wire of any dialect, and its answer as the client reads it. */
import { Effect, Result } from "effect"
import type { Dialect } from "../../../kernel/dialects/Dialect.ts"
import * as Translation from "../../../kernel/dialects/Translation.ts"
import type { WireCall, WireResponse } from "../../../kernel/dialects/WireCall.ts"
import type { ProviderError } from "../../../kernel/http/ProviderErrors.ts"

export interface OtherWire {
  readonly call: WireCall
  readonly answer: (answer: WireResponse) => Effect.Effect<WireResponse, ProviderError>
}

/** Undefined where the dialect can't say it. */
export const of = (provider: string, given: WireCall, vendor: Dialect): OtherWire | undefined => {
  const { body, dialect: client, model, stream } = given
  const lowered = Result.flatMap(
    client.raise.request(body),
    (request) => Translation.lowerCall(vendor, request, { client, model, stream })
  )
  if (Result.isFailure(lowered)) return undefined
  const { call, degradations } = lowered.success
  const options = client.streamOptions?.(body) ?? {}
  const passage = { vendor, client, provider, model, stream, options, degradations }
  if (vendor.name === client.name) return { call, answer: Effect.succeed }
  return { call, answer: (answer) => Translation.answerFor(answer, passage) }
}
