/** Follows a log on demand: who asks has seen everything that was committed when he asked. */
import { Effect, Semaphore } from "effect"
import type { EventLogUnavailable, Filter } from "../../events/log/EventLog.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import type { RecordingLog } from "./ReplaySources.ts"

/** Raw events are large: few at once, and between the pages others have their turn. */
const pageSize = 64

/** Gives each event that fits to `take`, once, in order. Several may ask at once: one reads, the others wait for it. */
export const make = (
  log: RecordingLog,
  filter: Filter,
  take: (event: RecordedEvent) => void
): Effect.Effect<void, EventLogUnavailable> => {
  const lock = Semaphore.makeUnsafe(1)
  let position = 0

  const readTo = Effect.fnUntraced(function*(head: number) {
    while (position < head) {
      const page = yield* log.read({ ...filter, after: position, limit: pageSize })
      for (const event of page) take(event)
      const last = page.at(-1)?.position ?? 0
      position = page.length < pageSize ? Math.max(head, last) : last
      yield* Effect.yieldNow
    }
  })

  return Effect.flatMap(
    log.head,
    (head) => head <= position ? Effect.void : lock.withPermit(Effect.suspend(() => readTo(head)))
  )
}
