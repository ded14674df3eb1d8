/** Writes a long log quickly: whole requests, many in a transaction, straight to the store. */
// @effect-diagnostics *:off
import { Effect } from "effect"
import { EventLog } from "../../src/events/log/EventLog.ts"
import type { DraftSource } from "./DraftSource.ts"
import type { OpenLog } from "./OpenLog.ts"

const requestsInTransaction = 50

/** At least so many events; answers with how many. */
export const fillLog = (log: OpenLog, source: DraftSource, events: number): Promise<number> =>
  log.runPromise(Effect.flatMap(EventLog, (log) =>
    Effect.gen(function*() {
      let head = yield* log.head
      while (head < events) {
        const group = Array.from({ length: requestsInTransaction }, () => source.request()).flat()
        yield* log.commit(group)
        yield* Effect.yieldNow
        head = yield* log.head
      }
      return head
    })))
