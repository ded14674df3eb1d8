/** Reads everything a filter matches, page by page: for folds over few events. */
import { Effect } from "effect"
import { addAll } from "../types/AddAll.ts"
import type { RecordedEvent } from "../types/Envelope.ts"
import type { EventHub } from "./EventHub.ts"
import type { EventLogUnavailable, Filter } from "./EventLog.ts"

const pageSize = 1000

export const readAll = Effect.fnUntraced(function*(
  log: Pick<EventHub["Service"], "read">,
  filter: Filter,
  /** The last position that is read. */
  upTo = Infinity
): Effect.fn.Return<ReadonlyArray<RecordedEvent>, EventLogUnavailable> {
  const events: Array<RecordedEvent> = []
  let after = 0
  while (true) {
    const page = yield* log.read({ ...filter, after, limit: pageSize })
    const last = page.at(-1)
    if (last === undefined) return events
    const wanted = last.position <= upTo ? page : page.filter(({ position }) => position <= upTo)
    addAll(events, wanted)
    if (wanted.length < pageSize) return events
    after = last.position
  }
})
