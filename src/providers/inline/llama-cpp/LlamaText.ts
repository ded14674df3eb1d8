/** Text completions by a loaded model: it goes on with one prompt. */
import { Effect, Predicate, Random } from "effect"
import type { Stream } from "effect"
import * as AnswerBytes from "../../../apis/inference/AnswerBytes.ts"
import * as EventIds from "../../../events/types/EventIds.ts"
import { completions } from "../../../kernel/dialects/completions/CompletionsDialect.ts"
import type { WireCall, WireResponse } from "../../../kernel/dialects/WireCall.ts"
import type { ProviderError } from "../../../kernel/http/ProviderErrors.ts"
import type { ChatResponse } from "../../../kernel/messages/ChatResponse.ts"
import type { LlmError } from "../../../kernel/messages/LlmErrors.ts"
import type { StreamPart } from "../../../kernel/messages/StreamPart.ts"
import { LlamaAnswer } from "./LlamaAnswer.ts"
import type { Loaded } from "./LlamaEngine.ts"
import * as LlamaGeneration from "./LlamaGeneration.ts"
import type { Sequence } from "./LlamaModule.ts"

type Body = WireCall["body"]

const { invalid } = LlamaGeneration

/** OpenAI's default of this API. */
const usualMaxTokens = 16

/** Fields that ask for more than a model in this process does, with the values that ask for nothing. */
const beyond: ReadonlyArray<readonly [field: string, ...nothing: ReadonlyArray<unknown>]> = [
  ["suffix", ""],
  ["logprobs"],
  ["logit_bias"],
  ["n", 1],
  ["best_of", 1]
]

const beyondIn = (body: Body): string | undefined =>
  beyond.find(([field, ...nothing]) => body[field] != null && !nothing.includes(body[field]))?.[0]

const promptIn = ({ prompt }: Body): string | undefined => {
  const [only, ...more] = Array.isArray(prompt) ? prompt : [prompt]
  return Predicate.isString(only) && more.length === 0 ? only : undefined
}

const numbers = [
  "max_tokens",
  "temperature",
  "top_p",
  "top_k",
  "seed",
  "frequency_penalty",
  "presence_penalty"
] as const

interface Settings {
  readonly prompt: string
  readonly stop: ReadonlyArray<string>
  readonly values: { readonly [name in (typeof numbers)[number]]?: number }
}

const settingsOf = (body: Body): Effect.Effect<Settings, LlmError> => {
  const field = beyondIn(body)
  if (field !== undefined) return Effect.fail(invalid(field, "a model in this process does not take it: leave it out."))
  const prompt = promptIn(body)
  if (prompt === undefined) {
    return Effect.fail(invalid("prompt", "a model in this process goes on with one text: send one request for each."))
  }
  const wrong = numbers.find((name) => body[name] != null && !Predicate.isNumber(body[name]))
  if (wrong !== undefined) return Effect.fail(invalid(wrong, "expected a number."))
  const values = Object.fromEntries(numbers.flatMap((name) => body[name] == null ? [] : [[name, Number(body[name])]]))
  const { stop } = body
  const stops = stop == null ? [] : Array.isArray(stop) ? stop : [stop]
  if (!stops.every(Predicate.isString)) return Effect.fail(invalid("stop", "expected a text, or a list of texts."))
  return Effect.succeed({ prompt, stop: stops, values })
}

const generate = Effect.fnUntraced(function*(
  { contextSize, model, module }: Loaded,
  sequence: Sequence,
  { body, model: name }: WireCall,
  add: (part: StreamPart) => void
) {
  const { prompt, stop, values } = yield* settingsOf(body)
  const promptTokens = model.tokenize(prompt).length
  const wanted = values.max_tokens ?? usualMaxTokens
  const maxTokens = yield* Effect.fromResult(LlamaGeneration.roomFor(promptTokens, contextSize, wanted))
  const seed = yield* Random.nextIntBetween(0, 2 ** 31)
  const completion = yield* Effect.acquireRelease(
    Effect.sync(() => new module.LlamaCompletion({ contextSequence: sequence })),
    (completion) => Effect.sync(() => completion.dispose({ disposeSequence: false }))
  )
  const controller = new AbortController()
  const answer = new LlamaAnswer({
    id: `cmpl-${yield* EventIds.next}`,
    model: name,
    callsBefore: 0,
    promptTokens,
    degradations: [],
    stops: stop,
    stop: () => controller.abort(),
    add
  })
  if (body["echo"] === true) answer.echo(prompt)
  const { metadata } = yield* LlamaGeneration.stopping(
    controller,
    (signal) =>
      completion.generateCompletionWithMeta(prompt, {
        ...LlamaGeneration.samplingOf(values, seed, maxTokens, signal),
        onTextChunk: (text) => answer.chunk({ text, tokens: [] }),
        onToken: (tokens) => answer.chunk({ text: "", tokens })
      })
  )
  answer.finish(metadata.stopReason, () => 0)
}, Effect.scoped)

/** `streamed`: runs what adds parts, within the model's bounds. */
export interface Options {
  readonly provider: string
  readonly streamed: (
    model: string,
    run: (loaded: Loaded, sequence: Sequence, add: (part: StreamPart) => void) => Effect.Effect<void, LlmError>
  ) => Stream.Stream<StreamPart, LlmError>
  readonly whole: (parts: Stream.Stream<StreamPart, LlmError>) => Effect.Effect<ChatResponse, LlmError>
}

export const make =
  ({ provider, streamed, whole }: Options) => (call: WireCall): Effect.Effect<WireResponse, ProviderError> => {
    const parts = streamed(call.model, (loaded, sequence, add) => generate(loaded, sequence, call, add))
    return AnswerBytes.of(completions, call.stream, { provider, parts, whole: whole(parts) })
  }
