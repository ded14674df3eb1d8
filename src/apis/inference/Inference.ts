/** The inference contract: what callers ask of the router, and what every inference provider implements. */
import { Context, Schema } from "effect"
import type { Effect, Stream } from "effect"
import type { EventLogUnavailable } from "../../events/log/EventLog.ts"
import type { ProviderUnavailable } from "../../kernel/http/ProviderUnavailable.ts"
import type { ResourceNotFound } from "../../kernel/http/ResourceErrors.ts"
import type { ChatCompletionRequest } from "./InferenceModels.ts"

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

/** The vendor answered with an error: it goes to the client as it came. */
export class ProviderRejected extends Schema.TaggedError<ProviderRejected>()("ProviderRejected", {
  provider: Schema.String,
  status: Schema.Int,
  headers: Schema.Record(Schema.String, Schema.String),
  /** The vendor's error body; always JSON. */
  text: Schema.String
}) {
  override get message(): string {
    return `The provider ${this.provider} answered ${this.status}`
  }
}

/** There is no answer, or not all of it. */
export class ProviderFailed extends Schema.TaggedError<ProviderFailed>()("ProviderFailed", {
  provider: Schema.String,
  reason: Schema.Literals(["unreachable", "timeout", "invalid_answer", "not_recorded"]),
  detail: Schema.String
}) {
  override get message(): string {
    return `The provider ${this.provider} ${phrases[this.reason]}: ${this.detail}`
  }
}

const phrases = {
  unreachable: "could not be reached",
  timeout: "did not answer in time",
  invalid_answer: "gave an answer that is not understood",
  not_recorded: "has no recording of this request"
}

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

export type ProviderError = ProviderRejected | ProviderFailed
export type InferenceError =
  | ResourceNotFound
  | ProviderUnavailable
  | EventLogUnavailable
  | ProviderError
  | DeniedByHook

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
  chatCompletion(call: ChatCompletionCall): Effect.Effect<ChatCompletionAnswer, InferenceError>
}>()("strata/apis/inference/Inference") {}
