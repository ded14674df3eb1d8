/**
 * A model in this process: loaded when it is first asked, and released with the provider. So many requests are answered at a
 * time, so many wait, and no request reads what another has left.
 */
import { Deferred, Effect, Exit, Schema, Scope, Semaphore } from "effect"
import * as LlamaModule from "./LlamaModule.ts"
import type { Context, EmbeddingContext, Llama, Model, Sequence } from "./LlamaModule.ts"

export class LlamaBusy extends Schema.TaggedError<LlamaBusy>()("LlamaBusy", { waiting: Schema.Int }) {
  override get message(): string {
    return `${this.waiting} requests wait for it already: ask again later, or raise max_waiting`
  }
}

export interface Options {
  readonly modelPath: string
  readonly contextSize: number
  /** So many requests are answered side by side. */
  readonly parallel: number
  readonly maxWaiting: number
  readonly gpu: (typeof LlamaModule.gpus)[number]
  readonly threads: number
}

export interface Loaded {
  readonly module: LlamaModule.LlamaModule
  readonly llama: Llama
  readonly model: Model
  /** Tokens of a conversation, answer included. */
  readonly contextSize: number
  readonly embeddings: Effect.Effect<EmbeddingContext, LlamaModule.LlamaUnavailable>
}

const attempt = <A>(what: string, promise: () => Promise<A>) =>
  Effect.tryPromise({
    try: promise,
    catch: (error) =>
      new LlamaModule.LlamaUnavailable({
        message: `${what}: ${error instanceof Error ? error.message : String(error)}`
      })
  })

const acquired = <A extends { readonly dispose: () => Promise<void> }>(what: string, promise: () => Promise<A>) =>
  Effect.acquireRelease(attempt(what, promise), (each) => Effect.promise(() => each.dispose()))

const loading = Effect.fnUntraced(function*({ contextSize: wanted, gpu, modelPath, parallel, threads }: Options) {
  const module = yield* LlamaModule.load()
  const llama = yield* acquired(
    "llama.cpp can't be started",
    () => module.getLlama({ gpu: gpu === "off" ? false : gpu, build: "never", logLevel: "error" })
  )
  const model = yield* acquired(`the model ${modelPath} can't be loaded`, () => llama.loadModel({ modelPath }))
  const contextSize = Math.min(wanted, model.trainContextSize)
  const context: Context = yield* acquired(
    "there is no memory for its context",
    () => model.createContext({ contextSize, sequences: parallel, threads })
  )
  const scope = yield* Effect.scope
  const embeddings = yield* Effect.cached(
    Scope.provide(
      acquired("it makes no embeddings", () => model.createEmbeddingContext({ contextSize, threads })),
      scope
    )
  )
  const sequences = Array.from({ length: parallel }, () => context.getSequence())
  const loaded: Loaded = { module, llama, model, contextSize, embeddings }
  return { loaded, sequences }
})

type LoadedModel = Effect.Success<ReturnType<typeof loading>>

export interface LlamaEngine {
  /** Whether the model is loaded, or being loaded. */
  readonly isStarted: () => boolean
  /** `use` has a sequence of its own, empty at its beginning. What goes on when it is interrupted is waited for. */
  readonly use: <A, E>(
    use: (loaded: Loaded, sequence: Sequence) => Effect.Effect<A, E>
  ) => Effect.Effect<A, E | LlamaBusy | LlamaModule.LlamaUnavailable>
}

export const make = Effect.fnUntraced(function*(options: Options) {
  const scope = yield* Effect.scope
  const places = yield* Semaphore.make(options.parallel)
  let waiting = 0
  let model: Deferred.Deferred<LoadedModel, LlamaModule.LlamaUnavailable> | undefined

  /** Whoever asks first may leave: it is loaded all the same. What failed is tried again by who asks next. */
  const loaded = Effect.suspend(() => {
    if (model !== undefined) return Deferred.await(model)
    const deferred = model = Deferred.makeUnsafe<LoadedModel, LlamaModule.LlamaUnavailable>()
    const load = Effect.gen(function*() {
      const own = yield* Scope.fork(scope)
      const exit = yield* Effect.exit(Scope.provide(loading(options), own))
      if (Exit.isFailure(exit)) {
        model = undefined
        yield* Scope.close(own, exit)
      }
      yield* Deferred.done(deferred, exit)
    })
    return Effect.andThen(Effect.forkIn(load, scope, { startImmediately: true }), Deferred.await(deferred))
  })

  const withSequence = <A, E>(use: (loaded: Loaded, sequence: Sequence) => Effect.Effect<A, E>) =>
    Effect.flatMap(loaded, ({ loaded, sequences }) =>
      Effect.acquireUseRelease(
        Effect.sync(() => sequences.pop()!),
        (sequence) => Effect.andThen(Effect.promise(() => sequence.clearHistory()), use(loaded, sequence)),
        (sequence) => Effect.sync(() => void sequences.push(sequence))
      ))

  const engine: LlamaEngine = {
    isStarted: () => model !== undefined,
    use: (use) =>
      Effect.acquireUseRelease(
        Effect.suspend(() => waiting < options.maxWaiting ? Effect.sync(() => waiting++) : new LlamaBusy({ waiting })),
        () => places.withPermits(1)(withSequence(use)),
        () => Effect.sync(() => waiting--)
      )
  }
  return engine
})
