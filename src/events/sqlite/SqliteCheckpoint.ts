/** Has the write-ahead log moved into the database file beside the requests, before it grows long. */
import { Effect } from "effect"
import { extname } from "node:path"
import { Worker } from "node:worker_threads"

const megabyte = 1024 * 1024

/** Characters written between two checkpoints. */
const interval = 32 * megabyte

/** What a transaction writes besides its payloads: the pages it touches. */
const pagesOfTransaction = 32 * 1024

/** So little is moved while commits wait; of more, what came meanwhile is moved first, so many times. */
const mostHeld = 4 * megabyte
const mostPasses = 4

/** Sources run as they are, the package as built. */
const program = new URL(`./SqliteCheckpointWorker${extname(import.meta.url)}`, import.meta.url)

export class SqliteCheckpoint {
  readonly #file: string
  #pending = 0
  /** Of the checkpoint under way; 0: there is none. */
  #pass = 0
  #held = false
  #waiting: Array<() => void> = []
  #failed = false
  #closing = false
  /** Started when it is first needed. */
  #worker: Worker | undefined

  constructor(file: string) {
    this.#file = file
  }

  /** A transaction with so many characters of payload was committed. */
  written(characters: number): void {
    this.#pending += characters + pagesOfTransaction
    if (this.#failed || this.#pass > 0 || this.#pending < interval) return
    this.#move()
  }

  /**
   * Waits while the last of it is moved. The write-ahead log begins anew where all of it is moved, and would never be while
   * something is added: it would grow, and a page that is added costs twice one that is written over.
   */
  readonly ready: Effect.Effect<void> = Effect.suspend(() =>
    this.#held ? Effect.callback<void>((resume) => void this.#waiting.push(() => resume(Effect.void))) : Effect.void
  )

  #move(): void {
    this.#pass++
    this.#pending = 0
    this.#worker ??= this.#start()
    this.#worker.postMessage("checkpoint")
  }

  /** All is moved that was there when the pass began. */
  #moved(): void {
    if (this.#held || this.#pass >= mostPasses) return this.#end()
    this.#held = this.#pending <= mostHeld
    // Nothing else may keep the process while a commit waits.
    if (this.#held) this.#worker?.ref()
    this.#move()
  }

  #end(): void {
    this.#pass = 0
    this.#held = false
    if (!this.#closing) this.#worker?.unref()
    const waiting = this.#waiting
    this.#waiting = []
    for (const goOn of waiting) goOn()
  }

  /** Should the thread fail, SQLite's own checkpoints, made by the writer, take over. */
  #start(): Worker {
    const worker = new Worker(program, { workerData: this.#file })
    worker.on("message", () => this.#moved())
    worker.on("error", () => {
      this.#failed = true
      this.#end()
    })
    worker.unref()
    return worker
  }

  /** Waits for the checkpoint under way. */
  readonly close = Effect.callback<void>((resume) => {
    const worker = this.#worker
    if (worker === undefined || this.#failed) return resume(Effect.void)
    // Nothing else may keep the process: it must not end before the thread has.
    this.#closing = true
    worker.ref()
    worker.once("exit", () => resume(Effect.void))
    worker.postMessage("close")
  })
}

export const make = (file: string) =>
  Effect.acquireRelease(Effect.sync(() => new SqliteCheckpoint(file)), ({ close }) => close)
