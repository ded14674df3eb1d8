/** The program of a thread that reads files, one after the other. */
import { parentPort } from "node:worker_threads"
import { FileUnreadable } from "../text/FileUnreadable.ts"
import * as Extraction from "./Extraction.ts"
import type { FromThread, ToThread } from "./ExtractionMessages.ts"

/** Progress is told at steps of this. */
const step = 0.01

const answer = (message: FromThread): void => parentPort?.postMessage(message)

parentPort?.on("message", ({ chunking, file, limits }: ToThread) => {
  let last = 0
  const onProgress = (done: number): void => {
    if (done - last < step) return
    last = done
    answer({ type: "progress", done })
  }
  Extraction.run(file, chunking, limits, onProgress).then(
    (read) => answer({ type: "read", file: read }),
    (cause: unknown) =>
      answer(
        cause instanceof FileUnreadable
          ? { type: "failed", reason: cause.reason, message: cause.message }
          : {
            type: "failed",
            reason: "broken",
            message: `The file can't be read: ${cause instanceof Error ? cause.message : String(cause)}`
          }
      )
  )
})
