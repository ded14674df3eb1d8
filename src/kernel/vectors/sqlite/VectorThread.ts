/** The thread of the database, from the server's side. */
import type { Duration } from "effect"
import { Effect } from "effect"
import { extname } from "node:path"
import { Worker } from "node:worker_threads"
import { AskedThread } from "../../threads/AskedThread.ts"
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

/** A question takes milliseconds, an upsert of many chunks a second: who would wait longer is answered at once. */
const mostWaiting = 256

export interface Options {
  readonly provider: string
  readonly file: string
  /** Default: the thread of the database. */
  readonly start?: (file: string) => Worker
  /** What the thread writes at its end is waited for so long. Default 10 seconds. */
  readonly closing?: Duration.Input
  /** Questions that may wait for the thread. Default 256. */
  readonly most?: number
}

export const make = (
  {
    closing = "10 seconds",
    file,
    most = mostWaiting,
    provider,
    start = (file) => new Worker(program, { workerData: file })
  }: Options
) => {
  const failed = (reason: "busy" | "failed" | "rejected", detail: string) =>
    new VectorIndexFailed({ provider, reason, detail })
  const thread = new AskedThread<FromThread, Answer, VectorIndexFailed>({
    start: () => start(file),
    answerOf: (message) =>
      "answer" in message
        ? Effect.succeed(message.answer)
        : Effect.fail(failed(message.refused ? "rejected" : "failed", message.message)),
    broken: (message) => failed("failed", message),
    bound: { most, full: (waiting) => failed("busy", `${waiting} questions wait for it: ask again in a moment`) }
  })
  const asked = {
    /** Who leaves is not waited for: the database does what it has begun. */
    ask: (question: Question) => thread.ask((id) => ({ id, question }) satisfies ToThread)
  }
  return Effect.acquireRelease(
    Effect.succeed(asked),
    () => thread.close((worker) => Effect.timeoutOption(ended(worker), closing))
  )
}
