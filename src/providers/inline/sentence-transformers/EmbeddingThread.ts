/** The thread of the model, from the server's side: started by the first who asks, ended with the provider. */
import { Effect, Schema } from "effect"
import { extname } from "node:path"
import { Worker } from "node:worker_threads"
import type { Embedded, FromThread, ToThread } from "./EmbeddingMessages.ts"

export class ThreadFailed extends Schema.TaggedError<ThreadFailed>()("ThreadFailed", {
  reason: Schema.Literals(["busy", "failed"]),
  message: Schema.String
}) {}

/** Sources run as they are, the package as built. */
const program = new URL(`./EmbeddingWorker${extname(import.meta.url)}`, import.meta.url)

type Resume = (answer: Effect.Effect<Embedded, ThreadFailed>) => void

const failed = (message: string) => Effect.fail(new ThreadFailed({ reason: "failed", message }))

export interface Options {
  /** So many requests wait at most, the one that is answered included. */
  readonly maxWaiting: number
  /** Default: the thread of the model. */
  readonly start?: () => Worker
}

export class EmbeddingThread {
  readonly #waiting = new Map<number, Resume>()
  readonly #options: Options
  #worker: Worker | undefined
  #count = 0

  constructor(options: Options) {
    this.#options = options
  }

  /** Whether the model is loaded, or being loaded. */
  get isStarted(): boolean {
    return this.#worker !== undefined
  }

  /** Who asks again at once waits already for another thread. */
  #failAll(message: string): void {
    const all = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const resume of all) resume(failed(message))
  }

  /** A thread that breaks is replaced for the next who asks. */
  #start(): Worker {
    const worker = this.#options.start?.() ?? new Worker(program)
    const end = (message: string) => {
      if (this.#worker !== worker) return
      this.#worker = undefined
      this.#failAll(message)
    }
    worker.on("message", (message: FromThread) => {
      const resume = this.#waiting.get(message.id)
      this.#waiting.delete(message.id)
      resume?.(message.type === "embedded" ? Effect.succeed(message) : failed(message.message))
    })
    worker.on("error", (error) => end(`its thread failed: ${error.message}`))
    worker.on("exit", (code) => end(`its thread ended with ${code}`))
    worker.unref()
    return worker
  }

  /** Interrupted, the thread leaves the rest of it. */
  embed(texts: ReadonlyArray<string>): Effect.Effect<Embedded, ThreadFailed> {
    return Effect.callback((resume) => {
      const { maxWaiting } = this.#options
      if (this.#waiting.size >= maxWaiting) {
        const message = `${maxWaiting} requests wait for it already: ask again later, or raise max_waiting`
        return resume(Effect.fail(new ThreadFailed({ reason: "busy", message })))
      }
      const id = ++this.#count
      const worker = this.#worker ??= this.#start()
      const post = (message: ToThread): void => worker.postMessage(message)
      this.#waiting.set(id, resume)
      post({ type: "embed", id, texts })
      return Effect.sync(() => {
        if (this.#waiting.delete(id)) post({ type: "cancel", id })
      })
    })
  }

  /** Nobody asks any more. */
  readonly close = Effect.suspend(() => {
    const worker = this.#worker
    this.#worker = undefined
    this.#failAll("the provider is stopped")
    return worker === undefined ? Effect.void : Effect.promise(() => worker.terminate())
  })
}

export const make = (options: Options) =>
  Effect.acquireRelease(Effect.sync(() => new EmbeddingThread(options)), ({ close }) => close)
