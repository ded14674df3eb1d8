/** `inline::llama-cpp`: a model file in this process, by llama.cpp. */
import { Effect, Layer, Option, Queue, Schema, Stream } from "effect"
import { existsSync } from "node:fs"
import { availableParallelism } from "node:os"
import { InferenceProvider } from "../../../apis/inference/Inference.ts"
import { InferenceApi } from "../../../apis/inference/InferenceApi.ts"
import type { ChatRequest } from "../../../kernel/messages/ChatRequest.ts"
import type { ChatResponse } from "../../../kernel/messages/ChatResponse.ts"
import type { LlmError } from "../../../kernel/messages/LlmErrors.ts"
import * as LlmErrors from "../../../kernel/messages/LlmErrors.ts"
import type { StreamPart } from "../../../kernel/messages/StreamPart.ts"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"
import { text, whole, wholeNumber } from "../../../kernel/provider/FieldSchema.ts"
import * as Provider from "../../../kernel/provider/Provider.ts"
import * as LlamaEmbeddings from "./LlamaEmbeddings.ts"
import type { LlamaBusy } from "./LlamaEngine.ts"
import * as LlamaEngine from "./LlamaEngine.ts"
import * as LlamaGeneration from "./LlamaGeneration.ts"
import * as LlamaModule from "./LlamaModule.ts"
import * as LlamaText from "./LlamaText.ts"

const defaults = { context_size: 4096, max_parallel: 1, max_waiting: 64 }

export const Config = Schema.Struct({
  model_path: text.annotate({ description: "The model's file, in GGUF form.", examples: ["models/qwen3-0.6b.gguf"] })
    .annotateKey({
      messageMissingKey: "missing: name the model's file, for example model_path: models/qwen3-0.6b.gguf"
    })
    .pipe(FieldPrompt.annotate({ prompt: "The model's file (GGUF)" })),
  model: Schema.optionalKey(text).annotate({
    description: "What clients call the model. Default: the file's name, without `.gguf`."
  }).pipe(FieldPrompt.annotate({ prompt: "Name of the model (empty: the file's)" })),
  context_size: whole(16, 10_000_000, {
    description: "Tokens of a conversation with its answer; never more than the model was trained for. " +
      `Default ${defaults.context_size}.`,
    default: defaults.context_size
  }).pipe(FieldPrompt.annotate({ prompt: "Tokens of a conversation with its answer" })),
  max_parallel: whole(1, 64, {
    description:
      `So many requests are answered side by side, each with a context of its own. Default ${defaults.max_parallel}.`,
    default: defaults.max_parallel
  }).pipe(FieldPrompt.annotate({ prompt: "Requests answered side by side" })),
  max_waiting: whole(1, 10_000, {
    description: "So many requests are answered or wait at most; further ones are answered 429. " +
      `Default ${defaults.max_waiting}.`,
    default: defaults.max_waiting
  }).pipe(FieldPrompt.annotate({ prompt: "Requests that wait for the model at most" })),
  gpu: Schema.Literals(LlamaModule.gpus).annotate({ expected: LlamaModule.gpus.join(", ") }).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("auto" as const))
  ).annotate({ description: "What computes. auto: the best there is; off: the processor alone. Default auto." })
    .pipe(FieldPrompt.annotate({ prompt: "GPU (auto, off, metal, cuda, vulkan)" })),
  threads: Schema.optionalKey(
    wholeNumber(1, 1024, {
      description: "Threads of the processor. Absent: half of its cores, for the server needs some, too."
    })
  )
    .pipe(FieldPrompt.annotate({ prompt: "Threads (empty: half of the cores)" }))
})
export type Config = typeof Config.Type

const nameOf = ({ model, model_path }: Config): string =>
  model ?? model_path.replace(/^.*[\\/]/, "").replace(/\.gguf$/i, "")

const failed = (error: LlmError | LlamaBusy | LlamaModule.LlamaUnavailable): LlmError => {
  switch (error._tag) {
    case "LlamaBusy":
      return LlmErrors.of({ kind: "rate_limit", message: `The model is busy: ${error.message}.` }, {
        headers: { "retry-after": "1" }
      })
    case "LlamaUnavailable":
      return LlmErrors.of({ kind: "unavailable", message: `The model does not work: ${error.message}.` })
    default:
      return error
  }
}

const requireModel = (model: string, asked: string): Effect.Effect<void, LlmError> =>
  asked === model
    ? Effect.void
    : Effect.fail(LlmErrors.of({
      kind: "not_found",
      message: `There is no model ${asked} in this process, but ${model}.`,
      param: "model",
      code: "model_not_found"
    }))

const lastOf = (parts: Stream.Stream<StreamPart, LlmError>): Effect.Effect<ChatResponse, LlmError> =>
  Effect.flatMap(
    Stream.runLast(parts),
    (last) =>
      Option.isSome(last) && last.value.type === "response"
        ? Effect.succeed(last.value.response)
        : Effect.fail(LlmErrors.of({ kind: "unavailable", message: "The model gave no answer." }))
  )

const instanceOf = Effect.fnUntraced(function*(config: Config, provider: string) {
  yield* LlamaModule.requireInstalled()
  const { context_size, gpu, max_parallel, max_waiting, model_path, threads } = config
  if (!existsSync(model_path)) {
    return yield* new LlamaModule.LlamaUnavailable({ message: `model_path: there is no file ${model_path}` })
  }
  const model = nameOf(config)
  const engine = yield* LlamaEngine.make({
    modelPath: model_path,
    contextSize: context_size,
    parallel: max_parallel,
    maxWaiting: max_waiting,
    gpu,
    threads: threads ?? Math.max(1, Math.floor(availableParallelism() / 2))
  })

  const streamed: LlamaText.Options["streamed"] = (asked, run) =>
    Stream.callback((queue) =>
      requireModel(model, asked).pipe(
        Effect.andThen(
          engine.use((loaded, sequence) => run(loaded, sequence, (part) => void Queue.offerUnsafe(queue, part)))
        ),
        Effect.mapError(failed),
        Effect.matchCauseEffect({
          onFailure: (cause) => Queue.failCause(queue, cause),
          onSuccess: () => Queue.end(queue)
        })
      )
    )
  const partsOf = (request: ChatRequest) =>
    streamed(request.model ?? "", (loaded, sequence, add) => LlamaGeneration.answer(loaded, sequence, request, add))

  return InferenceProvider.of({
    completeStream: partsOf,
    complete: (request) => lastOf(partsOf(request)),
    completeText: LlamaText.make({ provider, streamed, whole: lastOf }),
    embed: (request) =>
      requireModel(model, request.model).pipe(
        Effect.andThen(engine.use((loaded) => LlamaEmbeddings.embed(loaded, request))),
        Effect.mapError(failed)
      ),
    health: Effect.void,
    models: {
      source: "configuration",
      list: Effect.succeed([{
        id: model,
        created: 0,
        owned_by: provider,
        info: { id: model, capabilities: ["streaming", "tools", "json_mode", "embeddings", "local"] }
      }])
    }
  })
})

export const LlamaCpp = Provider.make({
  api: InferenceApi,
  type: "inline::llama-cpp",
  displayName: "A model in this process",
  description: "Answers with a model file in GGUF form, in this process: no key, no network, no other server.",
  config: Config,
  requires: [],
  capabilities: ["chat_completions", "completions", "embeddings", "streaming", "tools"],
  status: {
    status: "proven",
    against: `node-llama-cpp ${LlamaModule.version} with a model of 260 thousand parameters`,
    open: ["calls of tools were tried without a model: one so small calls none"]
  },
  layer: (config, { provider_id }) => Layer.effect(InferenceProvider, instanceOf(config, provider_id))
})
