/** The thread's end of the conversation with the server: one question after the other. */
import { parentPort } from "node:worker_threads"
import type { VectorDatabase } from "./VectorDatabase.ts"
import { Refused } from "./VectorDatabase.ts"
import type { FromThread, ToThread } from "./VectorMessages.ts"

/** `open` is called by the first who asks, and by the next where it failed. */
export const serve = (open: () => VectorDatabase): void => {
  let database: VectorDatabase | undefined
  const answerOf = ({ id, question }: ToThread): FromThread => {
    try {
      database ??= open()
      return { id, answer: database.answer(question) }
    } catch (error) {
      return { id, refused: error instanceof Refused, message: error instanceof Error ? error.message : String(error) }
    }
  }
  parentPort?.on("message", (message: ToThread | "close") => {
    if (message !== "close") return void parentPort?.postMessage(answerOf(message))
    database?.close()
    parentPort?.close()
  })
}
