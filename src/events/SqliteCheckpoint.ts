/** Has the write-ahead log moved into the database file beside the requests, before it grows long. */
import { Effect } from "effect"
import { extname } from "node:path"
import { Worker } from "node:worker_threads"

/** Characters written between two checkpoints. */
const interval = 4 * 1024 * 1024
/** What a transaction writes besides its payloads: the pages it touches. */
const pagesOfTransaction = 32 * 1024

/** Sources run as they are, the package as built. */
const program = new URL(`./SqliteCheckpointWorker${extname(import.meta.url)}`, import.meta.url)

export interface SqliteCheckpoint {
  /** A transaction with so many characters of payload was committed. */
  written(characters: number): void
}

const closed = (worker: Worker) =>
  Effect.callback<void>((resume) => {
    worker.once("exit", () => resume(Effect.void))
    worker.postMessage("close")
  })

/** Should the thread die, SQLite's own checkpoints, made by the writer, take over. */
export const make = Effect.fn("SqliteCheckpoint.make")(function*(file: string) {
  let alive = true
  const worker = yield* Effect.acquireRelease(
    Effect.sync(() => new Worker(program, { workerData: file })),
    (worker) => Effect.suspend(() => alive ? closed(worker) : Effect.void)
  )
  let pending = 0
  let running = false
  worker.on("message", () => {
    running = false
  })
  worker.on("error", () => {
    alive = false
  })
  worker.unref()
  const checkpoint: SqliteCheckpoint = {
    written: (characters) => {
      pending += characters + pagesOfTransaction
      if (!alive || running || pending < interval) return
      pending = 0
      running = true
      worker.postMessage("checkpoint")
    }
  }
  return checkpoint
})
