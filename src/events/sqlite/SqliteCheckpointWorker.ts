/** A thread of its own that moves the write-ahead log into the database file, so that no request waits for the disk. */
import { DatabaseSync } from "node:sqlite"
import { parentPort, workerData } from "node:worker_threads"

const database = new DatabaseSync(String(workerData))
database.exec("PRAGMA busy_timeout = 5000")

parentPort?.on("message", (message: "checkpoint" | "close") => {
  if (message === "close") {
    database.close()
    parentPort?.close()
  } else {
    database.exec("PRAGMA wal_checkpoint(PASSIVE)")
    parentPort?.postMessage("done")
  }
})
