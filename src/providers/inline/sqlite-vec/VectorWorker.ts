/** A thread of its own for the database: a search over many vectors holds up no request of the server. */
import { parentPort, workerData } from "node:worker_threads"
import { Refused, VectorDatabase } from "./VectorDatabase.ts"
import type { FromThread, ToThread } from "./VectorMessages.ts"

let database: VectorDatabase | undefined

const answerOf = ({ id, question }: ToThread): FromThread => {
  try {
    database ??= new VectorDatabase(String(workerData))
    return { id, answer: database.answer(question) }
  } catch (error) {
    return { id, refused: error instanceof Refused, message: error instanceof Error ? error.message : String(error) }
  }
}

parentPort?.on("message", (message: ToThread) => parentPort?.postMessage(answerOf(message)))
