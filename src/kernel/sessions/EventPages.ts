/** Events of the log as a stream, read page by page while it is consumed. */
import { Effect, Option, Stream } from "effect"
import type { EventHub } from "../../events/log/EventHub.ts"
import type { EventLogUnavailable, Filter } from "../../events/log/EventLog.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"

const pageSize = 1000

export interface Options {
  /** Only events behind this position. Default: all. */
  readonly after?: number | undefined
  /** The last position that is read. */
  readonly upTo: number
  /** Events that are read at once. */
  readonly size?: number
}

export const stream = (
  log: Pick<EventHub["Service"], "read">,
  filter: Filter,
  { after = 0, size = pageSize, upTo }: Options
): Stream.Stream<RecordedEvent, EventLogUnavailable> =>
  Stream.paginate(
    after,
    (position: number) =>
      Effect.map(log.read({ ...filter, after: position, limit: size }), (page) => {
        const last = page.at(-1)
        const events = last === undefined || last.position <= upTo
          ? page
          : page.filter((event) => event.position <= upTo)
        return [events, last === undefined || events.length < size ? Option.none() : Option.some(last.position)]
      })
  )
