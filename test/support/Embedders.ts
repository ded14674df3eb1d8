/** What makes embeddings: vendors in each dialect, and providers in this process. */
import { Effect, Layer, Schema } from "effect"
import type { Scope } from "effect"
import { InferenceProvider } from "../../src/apis/inference/Inference.ts"
import { InferenceApi } from "../../src/apis/inference/InferenceApi.ts"
import * as VendorFields from "../../src/apis/inference/VendorFields.ts"
import * as VendorProvider from "../../src/apis/inference/VendorProvider.ts"
import { chat } from "../../src/kernel/dialects/chat/ChatDialect.ts"
import type { EmbeddingDialect } from "../../src/kernel/embeddings/EmbeddingDialect.ts"
import * as EmbeddingInputs from "../../src/kernel/embeddings/EmbeddingInputs.ts"
import * as EmbeddingVector from "../../src/kernel/embeddings/EmbeddingVector.ts"
import { ollamaEmbeddings } from "../../src/kernel/embeddings/OllamaEmbeddings.ts"
import { textEmbeddingsInference } from "../../src/kernel/embeddings/TextEmbeddingsInference.ts"
import * as Provider from "../../src/kernel/provider/Provider.ts"
import { registry } from "../../src/providers/Registry.ts"
import type { ReceivedRequest } from "./FakeUpstream.ts"
import { FakeUpstream } from "./FakeUpstream.ts"
import { ScriptedAnswer } from "./ScriptedAnswer.ts"
import type { StrataOptions } from "./Strata.ts"
import { Strata } from "./Strata.ts"
import { fieldsOf } from "./strict/StrictVendor.ts"
import * as Vendors from "./Vendors.ts"

export interface Embedder {
  readonly name: string
  /** Whether it takes lists of tokens. */
  readonly takesTokens: boolean
  readonly start: Effect.Effect<StartedEmbedder, never, Scope.Scope>
}

export interface StartedEmbedder {
  readonly options: Pick<StrataOptions, "providers" | "types">
  /** Whom a client names. */
  readonly model: string
  /** How many numbers a vector has. */
  readonly dimensions: number
}

/** Numbers that a 32-bit float holds exactly, other ones for other inputs. */
export const vectorOf = (input: unknown): ReadonlyArray<number> => {
  const text = JSON.stringify(input)
  return [text.length / 4, -text.charCodeAt(1) / 8, 0.25, 2]
}

type Answer = (vectors: ReadonlyArray<ReadonlyArray<number>>, request: ReceivedRequest) => Schema.Json

interface OverWire {
  readonly type: `remote::${string}`
  readonly inputsOf: (body: Schema.JsonObject) => ReadonlyArray<unknown>
  readonly answer: Answer
}

const overWire = ({ answer, inputsOf, type }: OverWire, own?: EmbeddingDialect) =>
  Effect.map(
    FakeUpstream.make({
      respond: (request) => ScriptedAnswer.json(200, answer(inputsOf(fieldsOf(request.body)).map(vectorOf), request))
    }),
    (upstream): StartedEmbedder => {
      const name = type.slice("remote::".length)
      return {
        model: `${name}/m`,
        dimensions: 4,
        options: {
          providers: [Vendors.entry(name, upstream)],
          types: own === undefined ? registry : [...registry, typeOf(type, own)]
        }
      }
    }
  )

/** A provider type whose vendor makes embeddings in a dialect of its own. */
const typeOf = (type: `remote::${string}`, dialect: EmbeddingDialect) => {
  const vendor = { base_url: "https://example.com/v1", keyVariable: "VENDOR_KEY" }
  return VendorProvider.make({
    ...vendor,
    type,
    displayName: type,
    description: "Makes embeddings.",
    config: Schema.Struct(VendorFields.fields(vendor)),
    wire: () => ({ dialect: chat }),
    embeddings: { dialect }
  }) as unknown as (typeof registry)[number]
}

const listIn = (value: unknown): ReadonlyArray<unknown> => {
  const isOne = !Array.isArray(value) || typeof value[0] === "number"
  return isOne ? [value] : value
}

export const openai: Embedder = {
  name: "remote::openai",
  takesTokens: true,
  start: overWire({
    type: "remote::openai",
    inputsOf: ({ input }) => listIn(input),
    answer: (vectors, { body }) => ({
      object: "list",
      // In no order, as a vendor may answer.
      data: vectors.map((vector, index) => ({
        object: "embedding",
        index,
        embedding: fieldsOf(body)["encoding_format"] === "base64" ? EmbeddingVector.toBase64(vector) : vector
      })).toReversed(),
      model: "m-1",
      usage: { prompt_tokens: 8, total_tokens: 8 }
    })
  })
}

export const gemini: Embedder = {
  name: "remote::gemini",
  takesTokens: false,
  start: overWire({
    type: "remote::gemini",
    inputsOf: ({ requests }) => listIn(requests).map((each) => fieldsOf(fieldsOf(each)["content"])["parts"]),
    answer: (vectors) => ({ embeddings: vectors.map((values) => ({ values })) })
  })
}

export const ollama: Embedder = {
  name: "a vendor in Ollama's dialect",
  takesTokens: false,
  start: overWire({
    type: "remote::embeddings-of-ollama",
    inputsOf: ({ input }) => listIn(input),
    answer: (embeddings) => ({ model: "m", embeddings: embeddings as Schema.Json, prompt_eval_count: 8 })
  }, ollamaEmbeddings)
}

export const tei: Embedder = {
  name: "a vendor in the dialect of Text Embeddings Inference",
  takesTokens: true,
  start: overWire({
    type: "remote::embeddings-of-tei",
    inputsOf: ({ inputs }) => listIn(inputs),
    answer: (vectors) => vectors as Schema.Json
  }, textEmbeddingsInference)
}

const scripted = Provider.make({
  api: InferenceApi,
  type: "inline::scripted-embeddings",
  description: "Makes a vector of each input.",
  config: Schema.Struct({}),
  requires: [],
  layer: () =>
    Layer.succeed(
      InferenceProvider,
      InferenceProvider.of({
        embed: ({ input, model }) =>
          Effect.succeed({
            object: "list",
            model,
            data: EmbeddingInputs.inputsOf(input).map((each, index) => ({
              object: "embedding",
              index,
              embedding: vectorOf(each)
            }))
          }),
        models: {
          source: "configuration",
          list: Effect.succeed([{
            id: "m",
            created: 0,
            owned_by: "me",
            info: { id: "m", capabilities: ["embeddings"] }
          }])
        }
      })
    )
})

/** A provider from outside that does nothing else. */
export const inProcess: Embedder = {
  name: "a provider in the process",
  takesTokens: true,
  start: Effect.succeed({
    model: "scripted/m",
    dimensions: 4,
    options: {
      providers: [{ provider_id: "scripted", provider_type: "inline::scripted-embeddings", config: {} }],
      types: [...registry, scripted] as never
    }
  })
}

/** Another Strata before a vendor. */
export const strata: Embedder = {
  name: "remote::strata",
  takesTokens: true,
  start: Effect.gen(function*() {
    const { dimensions, model, options } = yield* openai.start
    const { url } = yield* Strata.make(options)
    const providers = [{ provider_id: "far", provider_type: "remote::strata", config: { base_url: url } }]
    return { dimensions, model: `far/${model}`, options: { providers } }
  })
}

export const all: ReadonlyArray<Embedder> = [openai, gemini, ollama, tei, inProcess, strata]
