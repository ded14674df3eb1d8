/** The inference contract: what callers ask of the router, and what every inference provider implements. */
import { Context, Schema } from "effect"
import type { Effect, Stream } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { ChatCompletionAnswer, ChatCompletionCall } from "../../kernel/dialects/chat/ChatCall.ts"
import type { NotOfDialect } from "../../kernel/dialects/NotOfDialect.ts"
import type { ProviderError } from "../../kernel/http/ProviderErrors.ts"
import type { ProviderUnavailable } from "../../kernel/http/ProviderUnavailable.ts"
import type { ResourceNotFound } from "../../kernel/http/ResourceErrors.ts"
import type { ChatRequest } from "../../kernel/messages/ChatRequest.ts"
import type { ChatResponse } from "../../kernel/messages/ChatResponse.ts"
import type { StreamPart } from "../../kernel/messages/StreamPart.ts"

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

export type InferenceError =
  | ResourceNotFound
  | ProviderUnavailable
  | EventLogUnavailable
  | ProviderError
  | DeniedByHook

/** How a completion over messages fails: what is asked may not fit the dialect of who is asked. */
export type CompletionError = InferenceError | NotOfDialect

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
}

/** What every inference provider implements. Model ids are the vendor's own here. */
export class InferenceProvider extends Context.Service<InferenceProvider, {
  chatCompletion(call: ChatCompletionCall): Effect.Effect<ChatCompletionAnswer, ProviderError>
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
  /** Bytes pass, in the dialect they come in. */
  chatCompletion(call: ChatCompletionCall): Effect.Effect<ChatCompletionAnswer, InferenceError>
  /** The same over messages, by any provider: the call is the byte method's, and recorded as that. */
  complete(request: ChatRequest): Effect.Effect<ChatResponse, CompletionError>
  /** Part by part; the last part is the whole. */
  completeStream(request: ChatRequest): Stream.Stream<StreamPart, CompletionError>
}>()("strata/apis/inference/Inference") {}
