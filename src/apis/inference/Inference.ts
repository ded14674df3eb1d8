/** The inference contract: what callers ask of the router, and what every inference provider implements. */
import { Context, Schema } from "effect"
import type { Effect, Stream } from "effect"
import type { NonEmptyReadonlyArray } from "effect/Array"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { VendorBatches } from "../../kernel/batches/VendorBatch.ts"
import type { Dialect } from "../../kernel/dialects/Dialect.ts"
import type { NotOfDialect } from "../../kernel/dialects/NotOfDialect.ts"
import type { WireCall, WireResponse } from "../../kernel/dialects/WireCall.ts"
import type {
  CreateEmbeddingsRequest,
  EmbeddingsRequest,
  EmbeddingsResponse
} from "../../kernel/embeddings/EmbeddingsWire.ts"
import type { ProviderError } from "../../kernel/http/ProviderErrors.ts"
import type { ProviderUnavailable } from "../../kernel/http/ProviderUnavailable.ts"
import type { ResourceNotFound } from "../../kernel/http/ResourceErrors.ts"
import type { MediaCall } from "../../kernel/media/MediaCall.ts"
import type { MediaOperationName } from "../../kernel/media/MediaOperation.ts"
import type { ChatRequest } from "../../kernel/messages/ChatRequest.ts"
import type { ChatResponse } from "../../kernel/messages/ChatResponse.ts"
import type { LlmError } from "../../kernel/messages/LlmErrors.ts"
import type { ModelInfo } from "../../kernel/messages/ModelInfo.ts"
import type { StreamPart } from "../../kernel/messages/StreamPart.ts"
import type { TokenCount } from "../../kernel/messages/TokenCount.ts"
import type { Reliability } from "../../kernel/reliability/Reliability.ts"
import type { RerankRequest, RerankResponse } from "../../kernel/rerank/RerankWire.ts"

/** A hook does not let it happen. */
export class DeniedByHook extends Schema.TaggedError<DeniedByHook>()("DeniedByHook", {
  hook: Schema.String,
  subject: Schema.Literals(["request", "answer"]),
  reason: Schema.String
}) {
  override get message(): string {
    return `The hook ${this.hook} denied this ${this.subject}: ${this.reason}`
  }
}

/** Nobody is asked this: it is not what it should be, or who serves its model can't be asked it. */
export class RequestRefused extends Schema.TaggedError<RequestRefused>()("RequestRefused", {
  detail: Schema.String,
  param: Schema.String,
  code: Schema.String
}) {
  override get message(): string {
    return this.detail
  }
}

export type InferenceError =
  | ResourceNotFound
  | ProviderUnavailable
  | EventLogUnavailable
  | ProviderError
  | NotOfDialect
  | RequestRefused
  | DeniedByHook

/** How a completion over messages fails. */
export type CompletionError = Exclude<InferenceError, ProviderError | NotOfDialect | RequestRefused> | LlmError

/** Why a provider does not work, for people. */
export interface Ailment {
  readonly message: string
}

/** A model as a vendor lists it. */
export interface ProviderModel {
  readonly id: string
  /** Seconds since 1970; 0 when the vendor does not say. */
  readonly created: number
  readonly owned_by: string
  /** What the provider says of it besides: capabilities, context, prices. */
  readonly info?: ModelInfo
}

/**
 * What every inference provider implements: at least one of `complete`, `send`, `completeText`, `embed`, `rerank` and
 * `sendMedia`.
 * Model ids are the vendor's own here.
 *
 * @example
 * InferenceProvider.of({
 *   complete: ({ messages }) => Effect.succeed({ content: [{ type: "text", text: `${messages.length} messages` }] }),
 *   models: { source: "configuration", list: Effect.succeed([{ id: "counter", created: 0, owned_by: "me" }]) }
 * })
 */
export class InferenceProvider extends Context.Service<InferenceProvider, {
  /** Answers over messages. Absent: what is asked is sent in the first of `dialects`. */
  complete?(request: ChatRequest): Effect.Effect<ChatResponse, LlmError | ProviderError>
  /** The same part by part, the last of which is the whole. Absent: the answer in one piece. */
  completeStream?(request: ChatRequest): Stream.Stream<StreamPart, LlmError | ProviderError>
  /** What its vendor speaks: bytes of these pass through `send` untouched. */
  readonly dialects?: ReadonlyArray<Dialect>
  /** Sends a request of one of `dialects`, and answers in it. */
  send?(call: WireCall): Effect.Effect<WireResponse, ProviderError>
  /**
   * Counts the tokens of a request before it is answered; `headers`: what a client of its dialect says to the vendor.
   * Absent: Strata reckons by a rule.
   */
  countTokens?(
    request: ChatRequest,
    headers?: Readonly<Record<string, string>>
  ): Effect.Effect<TokenCount, LlmError | ProviderError>
  /** Text completions, which are no conversations: a request of the dialect `completions`, answered in it. */
  completeText?(call: WireCall): Effect.Effect<WireResponse, ProviderError>
  /** Makes vectors of texts, or of tokens: one for each, in any encoding. */
  embed?(request: EmbeddingsRequest): Effect.Effect<EmbeddingsResponse, LlmError | ProviderError>
  /** Puts items in the order of what they have to do with a query. */
  rerank?(request: RerankRequest): Effect.Effect<RerankResponse, LlmError | ProviderError>
  /** What else its vendor can be asked for in OpenAI's dialect, by `sendMedia`. Absent: nothing. */
  readonly media?: ReadonlyArray<MediaOperationName>
  /** Sends a request for one of `media`, and answers in OpenAI's dialect: JSON, text, sound, or events. */
  sendMedia?(call: MediaCall): Effect.Effect<WireResponse, ProviderError>
  /** Its vendor does batches. Absent: lines of batches are asked one by one. */
  readonly batches?: VendorBatches
  /** Whether requests of the vendor's own dialect are repaired, too; default: what passes stays as it is. */
  readonly repairs?: boolean
  /** How often an answer of `send` that is cut off is gone on with; default 0. What passes is translated then, too. */
  readonly continuations?: number
  /** How calls to it are made again, limited, and shared among keys. Absent: they are made once, at once. */
  reliability?(): Reliability
  /** Says whether it works, where its list of models does not tell. */
  readonly health?: Effect.Effect<void, Ailment>
  readonly models: {
    /** `configuration`: the list is fixed; `discovery`: the vendor is asked. */
    readonly source: "configuration" | "discovery"
    readonly list: Effect.Effect<ReadonlyArray<ProviderModel>, Ailment>
    /** Whether it may be asked for models that it does not list. Absent: where the list is not fixed. */
    readonly unlisted?: boolean
  }
}>()("strata/apis/inference/Inference/InferenceProvider") {}

/** The router: finds the provider of a model and hands the call over. Model ids are those of the registry here. */
export class Inference extends Context.Service<Inference, {
  /** A request in a client's dialect, answered in it: bytes pass where the vendor speaks the same, and are translated elsewhere. */
  send(call: WireCall): Effect.Effect<WireResponse, InferenceError>
  /** Whether who serves a model speaks a dialect itself, so that bytes of it pass. */
  speaks(model: string, dialect: Dialect): Effect.Effect<boolean, InferenceError>
  /** How many tokens a request in a client's dialect has, before it is answered. */
  countTokens(call: WireCall): Effect.Effect<TokenCount, InferenceError>
  /** A text completion, by who serves its model and has the endpoint: no conversation is made of it. */
  completeText(call: WireCall): Effect.Effect<WireResponse, InferenceError>
  /** Vectors, in the encoding that is asked for. */
  embed(request: CreateEmbeddingsRequest): Effect.Effect<EmbeddingsResponse, InferenceError>
  /** Items in order, the highest score first. */
  rerank(request: RerankRequest): Effect.Effect<RerankResponse, InferenceError>
  /** Moderations, sound and pictures, by who serves the model and has the operation: bytes pass. */
  media(call: MediaCall): Effect.Effect<WireResponse, InferenceError>
  /** A request over messages. */
  complete(request: ChatRequest): Effect.Effect<ChatResponse, CompletionError>
  /** Part by part; the last part is the whole. */
  completeStream(request: ChatRequest): Stream.Stream<StreamPart, CompletionError>
  /** The same for who takes the parts as they come, those that came at once together: a Stream costs more. */
  completeParts(
    request: ChatRequest,
    take: (parts: NonEmptyReadonlyArray<StreamPart>) => Effect.Effect<void>
  ): Effect.Effect<void, CompletionError>
}>()("strata/apis/inference/Inference") {}
