/** Asks a loaded model for an answer: how it is to choose, what it may call, in which form, and how long. */
import { Effect, Predicate, Random, Result } from "effect"
import * as EventIds from "../../../events/types/EventIds.ts"
import type { ChatRequest } from "../../../kernel/messages/ChatRequest.ts"
import type { Degradation } from "../../../kernel/messages/ChatResponse.ts"
import type { LlmError } from "../../../kernel/messages/LlmErrors.ts"
import * as LlmErrors from "../../../kernel/messages/LlmErrors.ts"
import type { StreamPart } from "../../../kernel/messages/StreamPart.ts"
import { LlamaAnswer } from "./LlamaAnswer.ts"
import type { Loaded } from "./LlamaEngine.ts"
import * as LlamaHistory from "./LlamaHistory.ts"
import type { Functions, Grammar, HistoryItem, Sampling, Sequence } from "./LlamaModule.ts"

export const invalid = (param: string, message: string): LlmError =>
  LlmErrors.of({ kind: "invalid_request", message: `${param}: ${message}`, param })

/** How a model chooses where nobody says it: as llama.cpp's own server has it. */
const usualTemperature = 0.8

export const samplingOf = (
  request: Pick<
    ChatRequest,
    "temperature" | "top_p" | "top_k" | "frequency_penalty" | "presence_penalty" | "seed"
  >,
  seed: number,
  maxTokens: number,
  signal: AbortSignal
): Sampling => {
  const { frequency_penalty, presence_penalty, temperature, top_k, top_p } = request
  const punishes = (frequency_penalty ?? 0) !== 0 || (presence_penalty ?? 0) !== 0
  return {
    maxTokens,
    temperature: temperature ?? usualTemperature,
    seed: request.seed ?? seed,
    ...top_p == null ? {} : { topP: top_p },
    ...top_k == null ? {} : { topK: top_k },
    ...punishes
      ? {
        repeatPenalty: {
          penalty: 1,
          frequencyPenalty: frequency_penalty ?? 0,
          presencePenalty: presence_penalty ?? 0
        }
      }
      : {},
    signal,
    stopOnAbortSignal: true
  }
}

interface Tools {
  readonly functions?: Functions
  readonly degradations: ReadonlyArray<Degradation>
}

/** A model can be kept to one tool, and can't be made to call any. */
const toolsOf = ({ tool_choice, tools }: ChatRequest): Tools => {
  if (tools == null || tools.length === 0 || tool_choice === "none") return { degradations: [] }
  const only = Predicate.hasProperty(tool_choice, "name") ? tool_choice.name : undefined
  const offered = only === undefined ? tools : tools.filter(({ name }) => name === only)
  const functions = Object.fromEntries(
    offered.map(({ description, name, parameters }) => [
      name,
      { ...description == null ? {} : { description }, params: parameters }
    ])
  )
  const isForced = only !== undefined || tool_choice === "required"
  const degradation = {
    requested: "a call of a tool in any case",
    actual: "a call where the model wants one",
    reason: "llama.cpp can't make a model call a tool"
  }
  return { functions, degradations: isForced ? [degradation] : [] }
}

const grammarOf = (
  { response_format: format }: ChatRequest,
  { llama }: Loaded,
  functions: Functions | undefined
): Effect.Effect<Grammar | undefined, LlmError> => {
  if (format == null || format.type === "text") return Effect.succeed(undefined)
  if (functions !== undefined) {
    return Effect.fail(
      invalid("response_format", "a model in this process answers in a form, or calls tools: not both.")
    )
  }
  return Effect.tryPromise({
    try: () =>
      format.type === "json" ? llama.getGrammarFor("json") : llama.createGrammarForJsonSchema(format.json_schema),
    catch: (error) => invalid("response_format", `llama.cpp does not take this schema: ${String(error)}`)
  })
}

/** Room for the answer; nothing of the conversation is left out to make more. */
export const roomFor = (
  promptTokens: number,
  contextSize: number,
  wanted: number | null | undefined
): Result.Result<number, LlmError> => {
  const room = contextSize - promptTokens
  if (room > 0) return Result.succeed(Math.min(room, wanted ?? room))
  return Result.fail(LlmErrors.of({
    kind: "context_length",
    message: `The conversation has ${promptTokens} tokens, and the model's context ${contextSize}: ` +
      "make it shorter, or raise context_size of the provider as far as the model was trained for it.",
    code: "context_length_exceeded",
    param: "messages"
  }))
}

/** Interrupted, it lets the model stop before anybody else may ask it. */
export const stopping = <A>(
  controller: AbortController,
  generate: (signal: AbortSignal) => Promise<A>
): Effect.Effect<A, LlmError> =>
  Effect.suspend(() => {
    const running = generate(controller.signal)
    const settled = Effect.promise(() => running.then(() => undefined, () => undefined))
    return Effect.tryPromise({
      try: () => running,
      catch: (error) => LlmErrors.of({ kind: "unavailable", message: `The model failed: ${String(error)}` })
    }).pipe(
      Effect.onInterrupt(() => Effect.andThen(Effect.sync(() => controller.abort()), settled))
    )
  })

const callsIn = (history: ReadonlyArray<HistoryItem>): number =>
  history.reduce((sum, item) =>
    sum + (item.type === "model"
      ? item.response.filter((each) => !Predicate.isString(each) && each.type === "functionCall").length
      : 0), 0)

/** The parts of the answer, the last of which is all of it. */
export const answer = Effect.fnUntraced(function*(
  loaded: Loaded,
  sequence: Sequence,
  request: ChatRequest,
  add: (part: StreamPart) => void
) {
  const { contextSize, model, module } = loaded
  const history = yield* Effect.fromResult(LlamaHistory.of(request))
  const { degradations, functions } = toolsOf(request)
  const grammar = yield* grammarOf(request, loaded, functions)
  const chat = yield* Effect.acquireRelease(
    Effect.sync(() => new module.LlamaChat({ contextSequence: sequence })),
    (chat) => Effect.sync(() => chat.dispose({ disposeSequence: false }))
  )
  const promptTokens = yield* Effect.try({
    try: () =>
      chat.chatWrapper.generateContextState({
        chatHistory: history,
        ...functions === undefined ? {} : { availableFunctions: functions }
      }).contextText.tokenize(model.tokenizer).length,
    catch: (error) =>
      invalid(functions === undefined ? "messages" : "tools", `llama.cpp does not take them: ${String(error)}`)
  })
  const maxTokens = yield* Effect.fromResult(roomFor(promptTokens, contextSize, request.max_output_tokens))
  const seed = yield* Random.nextIntBetween(0, 2 ** 31)
  const controller = new AbortController()
  const answered = new LlamaAnswer({
    id: `chatcmpl-${yield* EventIds.next}`,
    model: request.model ?? "",
    callsBefore: callsIn(history),
    promptTokens,
    degradations,
    stops: request.stop ?? [],
    stop: () => controller.abort(),
    add
  })
  const { metadata } = yield* stopping(controller, (signal) =>
    chat.generateResponse(history, {
      ...samplingOf(request, seed, maxTokens, signal),
      ...grammar === undefined ? {} : { grammar },
      ...functions === undefined ? {} : { functions, onFunctionCallParamsChunk: answered.callChunk },
      onResponseChunk: answered.chunk
    }))
  answered.finish(metadata.stopReason, (text) => model.tokenize(text).length)
}, Effect.scoped)
