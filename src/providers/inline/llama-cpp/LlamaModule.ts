/**
 * The package `node-llama-cpp`, as far as it is used here. It is large, and need not be installed: it is loaded when the
 * first model is.
 */
import { Effect, Predicate, Schema } from "effect"

/** The version these lines are written for. */
export const version = "3.21.1"

const packageName = "node-llama-cpp"

export type Token = number

export interface FunctionCall {
  readonly type: "functionCall"
  readonly name: string
  readonly params: Schema.Json
  readonly result: Schema.Json
}

export interface Segment {
  readonly type: "segment"
  readonly segmentType: "thought"
  readonly text: string
  readonly ended: true
}

export type HistoryItem =
  | { readonly type: "system"; readonly text: string }
  | { readonly type: "user"; readonly text: string }
  | { readonly type: "model"; readonly response: Array<string | FunctionCall | Segment> }

export interface Functions {
  readonly [name: string]: { readonly description?: string; readonly params?: Schema.JsonObject }
}

/** A compiled grammar, which only the package reads. */
export interface Grammar {
  readonly _: unique symbol
}

export interface Chunk {
  /** Absent: the answer. */
  readonly type?: "segment" | undefined
  readonly text: string
  readonly tokens: ReadonlyArray<Token>
}

export interface CallChunk {
  readonly callIndex: number
  readonly functionName: string
  readonly paramsChunk: string
  readonly done: boolean
}

export interface Sampling {
  readonly maxTokens: number
  readonly temperature: number
  readonly topP?: number
  readonly topK?: number
  readonly seed: number
  readonly repeatPenalty?: { readonly penalty: 1; readonly frequencyPenalty: number; readonly presencePenalty: number }
  readonly signal: AbortSignal
  /** What is there is the answer then. */
  readonly stopOnAbortSignal: true
}

export interface ChatOptions extends Sampling {
  readonly grammar?: Grammar
  readonly functions?: Functions
  readonly onResponseChunk: (chunk: Chunk) => void
  readonly onFunctionCallParamsChunk?: (chunk: CallChunk) => void
}

export interface CompletionOptions extends Sampling {
  readonly onTextChunk: (text: string) => void
  readonly onToken: (tokens: ReadonlyArray<Token>) => void
}

export interface Generated {
  readonly metadata: { readonly stopReason: string }
}

export interface Sequence {
  readonly clearHistory: () => Promise<void>
}

export interface Context {
  readonly contextSize: number
  readonly getSequence: () => Sequence
  readonly dispose: () => Promise<void>
}

export interface EmbeddingContext {
  readonly getEmbeddingFor: (text: string) => Promise<{ readonly vector: ReadonlyArray<number> }>
  readonly dispose: () => Promise<void>
}

export interface Model {
  readonly trainContextSize: number
  readonly embeddingVectorSize: number
  readonly tokenizer: unknown
  readonly tokenize: (text: string) => ReadonlyArray<Token>
  readonly createContext: (options: {
    readonly contextSize: number
    readonly sequences: number
    readonly threads: number
  }) => Promise<Context>
  readonly createEmbeddingContext: (options: {
    readonly contextSize: number
    readonly threads: number
  }) => Promise<EmbeddingContext>
  readonly dispose: () => Promise<void>
}

export interface Llama {
  readonly loadModel: (options: { readonly modelPath: string }) => Promise<Model>
  readonly createGrammarForJsonSchema: (schema: Schema.JsonObject) => Promise<Grammar>
  readonly getGrammarFor: (type: "json") => Promise<Grammar>
  readonly dispose: () => Promise<void>
}

export interface Chat {
  readonly chatWrapper: {
    readonly generateContextState: (options: {
      readonly chatHistory: ReadonlyArray<HistoryItem>
      readonly availableFunctions?: Functions
    }) => { readonly contextText: { readonly tokenize: (tokenizer: unknown) => ReadonlyArray<Token> } }
  }
  readonly generateResponse: (history: ReadonlyArray<HistoryItem>, options: ChatOptions) => Promise<Generated>
  readonly dispose: (options: { readonly disposeSequence: boolean }) => void
}

export interface Completion {
  readonly generateCompletionWithMeta: (prompt: string, options: CompletionOptions) => Promise<Generated>
  readonly dispose: (options: { readonly disposeSequence: boolean }) => void
}

export const gpus = ["auto", "metal", "cuda", "vulkan", "off"] as const

export interface LlamaModule {
  readonly getLlama: (options: {
    readonly gpu: Exclude<(typeof gpus)[number], "off"> | false
    readonly build: "never"
    readonly logLevel: "error"
  }) => Promise<Llama>
  readonly LlamaChat: new(options: { readonly contextSequence: Sequence }) => Chat
  readonly LlamaCompletion: new(options: { readonly contextSequence: Sequence }) => Completion
}

/** The package, or what it is to load, is not there or does not work. */
export class LlamaUnavailable extends Schema.TaggedError<LlamaUnavailable>()("LlamaUnavailable", {
  message: Schema.String
}) {}

const used = ["getLlama", "LlamaChat", "LlamaCompletion"] as const

const isModule = (value: unknown): value is LlamaModule =>
  Predicate.isObject(value) &&
  used.every((name) => Predicate.hasProperty(value, name) && Predicate.isFunction(value[name]))

const absent = (name: string) =>
  new LlamaUnavailable({
    message:
      `models in this process need the package ${name}, which is not installed: run npm install ${name}@${version}`
  })

/** Fails where it is not installed, as far as a look at the disk tells. */
export const requireInstalled = (name: string = packageName): Effect.Effect<void, LlamaUnavailable> =>
  Effect.try({ try: () => void import.meta.resolve(name), catch: () => absent(name) })

export const load = (name: string = packageName): Effect.Effect<LlamaModule, LlamaUnavailable> =>
  Effect.tryPromise({
    try: (): Promise<unknown> => import(name),
    catch: (error) =>
      Predicate.hasProperty(error, "code") && error.code === "ERR_MODULE_NOT_FOUND"
        ? absent(name)
        : new LlamaUnavailable({ message: `the package ${name} can't be loaded: ${String(error)}` })
  }).pipe(Effect.filterOrFail(isModule, () =>
    new LlamaUnavailable({ message: `the package ${name} is not what it was in version ${version}: install that` })))
