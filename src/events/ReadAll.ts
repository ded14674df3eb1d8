/** Reads everything a filter matches, page by page: for folds over few events. */
import { Effect } from "effect"
import type { RecordedEvent } from "./Envelope.ts"
import type { EventHub } from "./EventHub.ts"
import type { EventLogUnavailable, Filter } from "./EventLog.ts"

const pageSize = 1000

export const readAll = Effect.fnUntraced(function*(
  log: Pick<EventHub["Service"], "read">,
  filter: Filter
): Effect.fn.Return<ReadonlyArray<RecordedEvent>, EventLogUnavailable> {
  const events: Array<RecordedEvent> = []
  let after = 0
  while (true) {
    const page = yield* log.read({ ...filter, after, limit: pageSize })
    events.push(...page)
    const last = page.at(-1)
    if (last === undefined || page.length < pageSize) return events
    after = last.position
  }
})
