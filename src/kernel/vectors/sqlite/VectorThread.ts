/** The thread of the database, from the server's side: started by the first who asks, ended with the provider. */
import type { Duration } from "effect"
import { Effect } from "effect"
import { extname } from "node:path"
import { Worker } from "node:worker_threads"
import { VectorIndexFailed } from "../VectorIndexFailed.ts"
import type { Answer, FromThread, Question, ToThread } from "./VectorMessages.ts"

/** Sources run as they are, the package as built. */
const program = new URL(`./VectorWorker${extname(import.meta.url)}`, import.meta.url)

/** Has it close what it has open. */
const ended = (worker: Worker) =>
  Effect.callback<void>((resume) => {
    worker.once("exit", () => resume(Effect.void))
    worker.postMessage("close")
  })

type Resume = (answer: Effect.Effect<Answer, VectorIndexFailed>) => void

export interface Options {
  readonly provider: string
  readonly file: string
  /** Default: the thread of the database. */
  readonly start?: (file: string) => Worker
  /** What the thread writes at its end is waited for so long. Default 10 seconds. */
  readonly closing?: Duration.Input
}

export class VectorThread {
  readonly #waiting = new Map<number, Resume>()
  readonly #options: Options
  #worker: Worker | undefined
  #count = 0

  constructor(options: Options) {
    this.#options = options
  }

  #failed(reason: "failed" | "rejected", detail: string) {
    return Effect.fail(new VectorIndexFailed({ provider: this.#options.provider, reason, detail }))
  }

  #failAll(message: string): void {
    const all = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const resume of all) resume(this.#failed("failed", message))
  }

  /** A thread that breaks is replaced for the next who asks. */
  #start(): Worker {
    const { file, start = () => new Worker(program, { workerData: file }) } = this.#options
    const worker = start(file)
    const end = (message: string) => {
      if (this.#worker !== worker) return
      this.#worker = undefined
      this.#failAll(message)
    }
    worker.on("message", (message: FromThread) => {
      const resume = this.#waiting.get(message.id)
      this.#waiting.delete(message.id)
      resume?.(
        "answer" in message
          ? Effect.succeed(message.answer)
          : this.#failed(message.refused ? "rejected" : "failed", message.message)
      )
    })
    worker.on("error", (error) => end(`its thread failed: ${error.message}`))
    worker.on("exit", (code) => end(`its thread ended with ${code}`))
    worker.unref()
    return worker
  }

  /** Who leaves is not waited for: the database does what it has begun. */
  ask(question: Question): Effect.Effect<Answer, VectorIndexFailed> {
    return Effect.callback((resume) => {
      const id = ++this.#count
      const worker = this.#worker ??= this.#start()
      this.#waiting.set(id, resume)
      worker.postMessage({ id, question } satisfies ToThread)
      return Effect.sync(() => void this.#waiting.delete(id))
    })
  }

  /** Nobody asks any more. */
  readonly close = Effect.suspend(() => {
    const worker = this.#worker
    this.#worker = undefined
    this.#failAll("the provider is stopped")
    return worker === undefined ? Effect.void : Effect.andThen(
      Effect.timeoutOption(ended(worker), this.#options.closing ?? "10 seconds"),
      Effect.promise(() => worker.terminate())
    )
  })
}

export const make = (options: Options) =>
  Effect.acquireRelease(Effect.sync(() => new VectorThread(options)), ({ close }) => close)
