/** The thread of the model, from the server's side: started by the first who asks, ended with the provider. */
import { Effect, Schema } from "effect"
import { extname } from "node:path"
import { Worker } from "node:worker_threads"
import { AskedThread } from "../../../kernel/threads/AskedThread.ts"
import type { Embedded, FromThread, ToThread } from "./EmbeddingMessages.ts"

export class ThreadFailed extends Schema.TaggedError<ThreadFailed>()("ThreadFailed", {
  reason: Schema.Literals(["busy", "failed"]),
  message: Schema.String
}) {}

/** Sources run as they are, the package as built. */
const program = new URL(`./EmbeddingWorker${extname(import.meta.url)}`, import.meta.url)

const failed = (message: string) => new ThreadFailed({ reason: "failed", message })

export interface Options {
  /** So many requests wait at most, the one that is answered included. */
  readonly maxWaiting: number
  /** Default: the thread of the model. */
  readonly start?: () => Worker
}

export class EmbeddingThread {
  readonly #maxWaiting: number
  readonly #thread: AskedThread<FromThread, Embedded, ThreadFailed>

  constructor({ maxWaiting, start = () => new Worker(program) }: Options) {
    this.#maxWaiting = maxWaiting
    this.#thread = new AskedThread({
      start,
      answerOf: (message) =>
        message.type === "embedded" ? Effect.succeed(message) : Effect.fail(failed(message.message)),
      broken: failed
    })
  }

  /** Whether the model is loaded, or being loaded. */
  get isStarted(): boolean {
    return this.#thread.isStarted
  }

  /** Interrupted, the thread leaves the rest of it. */
  embed(texts: ReadonlyArray<string>): Effect.Effect<Embedded, ThreadFailed> {
    return Effect.suspend(() => {
      if (this.#thread.waiting >= this.#maxWaiting) {
        const message = `${this.#maxWaiting} requests wait for it already: ask again later, or raise max_waiting`
        return Effect.fail(new ThreadFailed({ reason: "busy", message }))
      }
      return this.#thread.ask(
        (id) => ({ type: "embed", id, texts }) satisfies ToThread,
        (id) => ({ type: "cancel", id }) satisfies ToThread
      )
    })
  }

  /** Nobody asks any more. */
  get close(): Effect.Effect<void> {
    return this.#thread.close()
  }
}

export const make = (options: Options) =>
  Effect.acquireRelease(Effect.sync(() => new EmbeddingThread(options)), ({ close }) => close)
