/** How a provider is asked: in the client's dialect where it speaks it, else in its own, or over messages. */
import { Effect, Result, Stream } from "effect"
import * as Bytes from "../../kernel/bytes/Bytes.ts"
import * as ByteSource from "../../kernel/bytes/ByteSource.ts"
import { canonical } from "../../kernel/dialects/canonical/CanonicalDialect.ts"
import type { Dialect } from "../../kernel/dialects/Dialect.ts"
import * as DialectStream from "../../kernel/dialects/DialectStream.ts"
import * as Translation from "../../kernel/dialects/Translation.ts"
import type { WireCall, WireResponse } from "../../kernel/dialects/WireCall.ts"
import { ProviderFailed, ProviderRejected } from "../../kernel/http/ProviderErrors.ts"
import type { ProviderError } from "../../kernel/http/ProviderErrors.ts"
import type { ChatRequest } from "../../kernel/messages/ChatRequest.ts"
import type { LlmError } from "../../kernel/messages/LlmErrors.ts"
import * as LlmErrors from "../../kernel/messages/LlmErrors.ts"
import type { StreamPart } from "../../kernel/messages/StreamPart.ts"
import type { InferenceProvider } from "./Inference.ts"

type Provider = InferenceProvider["Service"]

export interface ProviderWire {
  readonly dialect: Dialect
  /** How often an answer that is cut off is gone on with; absent: never. */
  readonly continuations?: number
  readonly send: (call: WireCall) => Effect.Effect<WireResponse, ProviderError>
}

const isProviderError = (error: LlmError | ProviderError): error is ProviderError =>
  error._tag === "ProviderFailed" || error._tag === "ProviderRejected"

/** Who watches the provider is to look at it. */
export const didNotAnswer = (error: { readonly _tag: string; readonly reason?: unknown }): boolean =>
  error._tag === "ProviderFailed" && (error.reason === "unreachable" || error.reason === "timeout")

/** A failure over messages as a refusal in the canonical dialect. */
export const rejected = (provider: string) => (error: LlmError | ProviderError): ProviderError => {
  if (isProviderError(error)) return error
  const failure = LlmErrors.failureOf(error)
  const text = JSON.stringify({ error: failure })
  const status = error.status ?? LlmErrors.statusOf(failure.kind)
  return new ProviderRejected({ provider, status, headers: error.headers, text })
}

/** What breaks off with an error of its own says so in a part; what can't be reached any more fails. */
const failedPart =
  (provider: string) => (error: LlmError | ProviderError): Stream.Stream<StreamPart, ProviderFailed> => {
    if (error._tag === "ProviderFailed") return Stream.fail(error)
    const failure = error._tag === "ProviderRejected"
      ? canonical.errors.raise(error.status, undefined)
      : LlmErrors.failureOf(error)
    return Stream.succeed({ type: "error", error: { provider, ...failure }, failure })
  }

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
    onSuccess: (request): Effect.Effect<WireResponse, ProviderError> => {
      if (!stream) {
        return Effect.mapBoth(provider.complete!(request), {
          onSuccess: (response) => Bytes.json(200, JSON.stringify(canonical.lower.response(response))),
          onFailure: rejected(provider_id)
        })
      }
      const { add } = canonical.lower.stream()
      const frames = partsOf(provider, request).pipe(
        Stream.catch(failedPart(provider_id)),
        Stream.map((part) => Buffer.concat(add(part))),
        Stream.concat(Stream.succeed(canonical.lastFrame))
      )
      return Effect.succeed(Bytes.events(200, ByteSource.fromStream(frames), {}, DialectStream.of(canonical)))
    }
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
