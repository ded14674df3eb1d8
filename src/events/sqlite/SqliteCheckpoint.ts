/** Has the write-ahead log moved into the database file beside the requests, before it grows long. */
import { Effect } from "effect"
import { extname } from "node:path"
import { Worker } from "node:worker_threads"

/** Characters written between two checkpoints. */
const interval = 32 * 1024 * 1024
/** What a transaction writes besides its payloads: the pages it touches. */
const pagesOfTransaction = 32 * 1024

/** Sources run as they are, the package as built. */
const program = new URL(`./SqliteCheckpointWorker${extname(import.meta.url)}`, import.meta.url)

export class SqliteCheckpoint {
  readonly #file: string
  #pending = 0
  #running = false
  #failed = false
  /** Started when it is first needed. */
  #worker: Worker | undefined

  constructor(file: string) {
    this.#file = file
  }

  /** A transaction with so many characters of payload was committed. */
  written(characters: number): void {
    this.#pending += characters + pagesOfTransaction
    if (this.#failed || this.#running || this.#pending < interval) return
    this.#pending = 0
    this.#running = true
    this.#worker ??= this.#start()
    this.#worker.postMessage("checkpoint")
  }

  /** Should the thread fail, SQLite's own checkpoints, made by the writer, take over. */
  #start(): Worker {
    const worker = new Worker(program, { workerData: this.#file })
    worker.on("message", () => {
      this.#running = false
    })
    worker.on("error", () => {
      this.#failed = true
    })
    worker.unref()
    return worker
  }

  /** Waits for the checkpoint under way. */
  readonly close = Effect.callback<void>((resume) => {
    const worker = this.#worker
    if (worker === undefined || this.#failed) return resume(Effect.void)
    // Nothing else may keep the process: it must not end before the thread has.
    worker.ref()
    worker.once("exit", () => resume(Effect.void))
    worker.postMessage("close")
  })
}

export const make = (file: string) =>
  Effect.acquireRelease(Effect.sync(() => new SqliteCheckpoint(file)), ({ close }) => close)
