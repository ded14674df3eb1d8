/** What a call to a provider is: one attempt, with its events, and how it is answered again from a recording. */
import { Context } from "effect"
import type { Effect, Schema } from "effect"
import type { Family } from "../../events/types/Event.ts"
import type { Frame } from "../../events/types/Traffic.ts"
import type { CallRecord } from "./CallRecord.ts"

/**
 * A method of a contract whose calls are recorded: what goes in, what comes out, how it fails. Declared once beside the
 * contract.
 *
 * @example
 * export const chatCompletion: CallMethod<ProviderError> = {
 *   name: "inference.chatCompletion",
 *   input: ChatCompletionRequest,
 *   answer: ChatCompletion,
 *   element: ChatCompletionChunk,
 *   error: Schema.Union([ProviderRejected, ProviderFailed]),
 *   events: LlmEvents
 * }
 */
export interface CallMethod<E> {
  /** `api.method` */
  readonly name: string
  readonly input: Schema.Top
  readonly answer: Schema.Top
  /** Of an answer that is streamed, each element; undefined where none is. */
  readonly element: Schema.Top | undefined
  readonly error: Schema.Codec<E, unknown>
  /** Named for the API, as `llm:request`, `llm:response` and `llm:error` are: a replay finds a call by these endings. */
  readonly events: { readonly Request: Family; readonly Response: Family; readonly Error: Family }
}

/** An answer as a summary sees it: a JSON body, or the frames of a stream. */
export interface Answer {
  readonly status: number
  /** The body's JSON value; undefined where it is none. */
  readonly json: unknown
  readonly frames: ReadonlyArray<Frame> | undefined
}

export interface Call<E> {
  readonly method: CallMethod<E>
  /** The provider instance. */
  readonly provider: string
  /** What every default event of the call says. */
  readonly common: Readonly<Record<string, unknown>>
  /** What the default request event says besides. */
  readonly request: Readonly<Record<string, unknown>>
  /** The input as JSON text: what is recorded where nothing goes over a wire. */
  readonly input: () => string
  /** What the default response event says besides. */
  readonly summarize: (answer: Answer) => object
  /** Id of the event that led to it; default: the request's first. */
  readonly cause?: string
  /** Who decides what comes after it gets its record. */
  readonly begun?: (record: CallRecord) => void
  /** What it waits for before its provider is asked; also where it is answered from a recording. */
  readonly admission?: (record: CallRecord | undefined) => Effect.Effect<void, E>
}

/** Id of the event that leads to the calls a fiber makes; undefined: the request's first. */
export const CurrentCause = Context.Reference<string | undefined>("strata/kernel/calls/Call/CurrentCause", {
  defaultValue: () => undefined
})

/** The call a fiber works in. Without it, traffic is not recorded (model discovery, health checks). */
export const CurrentCall = Context.Reference<CallRecord | undefined>("strata/kernel/calls/Call/CurrentCall", {
  defaultValue: () => undefined
})
