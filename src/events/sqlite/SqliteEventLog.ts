/** The log in one SQLite file, through `node:sqlite`. */
import { Effect, Stream } from "effect"
import { EventLog } from "../log/EventLog.ts"
import { attempt } from "./SqliteAttempt.ts"
import type { SqliteCheckpoint } from "./SqliteCheckpoint.ts"
import type { SqliteReader } from "./SqliteReader.ts"
import type { SqliteWriter } from "./SqliteWriter.ts"

/** `writer`: undefined where the log is only read. */
export const make = (
  reader: SqliteReader,
  writer: SqliteWriter | undefined,
  checkpoint: SqliteCheckpoint | undefined
): EventLog["Service"] => {
  const ready = checkpoint?.ready ?? Effect.void
  return EventLog.of({
    commit: (group) =>
      Effect.andThen(
        ready,
        attempt("be written", () => {
          if (writer === undefined) throw new Error("it was opened to be read")
          const results = writer.commit(group)
          checkpoint?.written(writer.bytes)
          return results
        })
      ),
    read: (options) => attempt("be read", () => reader.read(options)),
    head: writer === undefined
      ? attempt("be read", () => reader.head)
      : Effect.sync(() => writer.head),
    changes: Stream.never
  })
}
