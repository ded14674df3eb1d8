/** How a provider is asked: in the client's dialect where it speaks it, else in its own, or over messages. */
import { Effect, Result, Stream } from "effect"
import { canonical } from "../../kernel/dialects/canonical/CanonicalDialect.ts"
import type { Dialect } from "../../kernel/dialects/Dialect.ts"
import * as Translation from "../../kernel/dialects/Translation.ts"
import type { WireCall, WireResponse } from "../../kernel/dialects/WireCall.ts"
import { ProviderFailed } from "../../kernel/http/ProviderErrors.ts"
import type { ProviderError } from "../../kernel/http/ProviderErrors.ts"
import type { ChatRequest } from "../../kernel/messages/ChatRequest.ts"
import type { LlmError } from "../../kernel/messages/LlmErrors.ts"
import type { StreamPart } from "../../kernel/messages/StreamPart.ts"
import * as AnswerBytes from "./AnswerBytes.ts"
import type { InferenceProvider } from "./Inference.ts"

type Provider = InferenceProvider["Service"]

export interface ProviderWire {
  readonly dialect: Dialect
  /** How often an answer that is cut off is gone on with; absent: never. */
  readonly continuations?: number
  readonly send: (call: WireCall) => Effect.Effect<WireResponse, ProviderError>
}

/** Who watches the provider is to look at it. */
export const didNotAnswer = (error: { readonly _tag: string; readonly reason?: unknown }): boolean =>
  error._tag === "ProviderFailed" && (error.reason === "unreachable" || error.reason === "timeout")

const partsOf = (provider: Provider, request: ChatRequest): Stream.Stream<StreamPart, LlmError | ProviderError> =>
  provider.completeStream?.(request) ??
    Stream.unwrap(
      Effect.map(provider.complete!(request), (response) => Stream.fromIterable(Translation.partsOf(response)))
    )

/** Answers over messages, as bytes of the canonical dialect. */
const overMessages = (provider: Provider, provider_id: string): ProviderWire["send"] => ({ body, model, stream }) =>
  Result.match(canonical.raise.request({ ...body, model, stream }), {
    onFailure: ({ message }) =>
      Effect.fail(new ProviderFailed({ provider: provider_id, reason: "invalid_answer", detail: message })),
    onSuccess: (request) =>
      AnswerBytes.of(canonical, stream, {
        provider: provider_id,
        whole: Effect.suspend(() => provider.complete!(request)),
        parts: Stream.suspend(() => partsOf(provider, request))
      })
  })

/** Whether it is asked over messages: no bytes of a client's pass then, whoever the client is. */
export const isOverMessages = ({ dialect }: ProviderWire): boolean => dialect.name === canonical.name

/** Whether it answers conversations at all. */
export const hasConversations = ({ complete, dialects = [], send }: Provider): boolean =>
  complete !== undefined || (send !== undefined && dialects.length > 0)

/** The wire on which a provider that has conversations answers a client. */
export const of = (provider: Provider, provider_id: string, client: Dialect): ProviderWire => {
  const { continuations = 0, dialects = [], send } = provider
  const same = dialects.find(({ name }) => name === client.name)
  if (send !== undefined && same !== undefined) {
    return {
      dialect: same,
      continuations,
      send: (call) => provider.send!(call)
    }
  }
  if (provider.complete !== undefined) return { dialect: canonical, send: overMessages(provider, provider_id) }
  return { dialect: dialects[0]!, continuations, send: (call) => provider.send!(call) }
}
