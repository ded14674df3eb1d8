/** The events of a log in memory. */
import { Result } from "effect"
import type { Append, Appended, AppendRefused, Filter } from "../log/EventLog.ts"
import { conflictOf, EventIdTaken, typeMatches } from "../log/EventLog.ts"
import type { PrunableLevel, Prune, Pruned } from "../log/PayloadRetention.ts"
import type { EventDraft, RecordedEvent } from "../types/Envelope.ts"
import { includes } from "../types/Event.ts"

type AppendResult = Result.Result<Appended, AppendRefused>

/** The test a filter stands for. */
export const matches = (filter: Filter) => (event: RecordedEvent): boolean =>
  includes(filter.level ?? "raw", event.level) &&
  (filter.id === undefined || filter.id === event.id) &&
  (filter.sessionId === undefined || filter.sessionId === event.sessionId) &&
  (filter.requestId === undefined || filter.requestId === event.requestId) &&
  (filter.stream === undefined || filter.stream === event.stream) &&
  (filter.provider === undefined || filter.provider === event.provider) &&
  typeMatches(filter.types, event.type)

const sizeOf = ({ payload }: EventDraft): number => Buffer.byteLength(payload)

export class MemoryEvents {
  readonly all: Array<RecordedEvent> = []
  readonly #versions = new Map<string, number>()
  readonly #byId = new Map<string, RecordedEvent>()
  readonly #onEvent: (event: RecordedEvent) => void

  constructor(onEvent: (event: RecordedEvent) => void) {
    this.#onEvent = onEvent
  }

  append(append: Append): AppendResult {
    const { events, stream } = append
    const again = this.#again(append)
    if (again !== undefined) return again
    let version = this.#versions.get(stream) ?? 0
    const conflict = conflictOf(append, version)
    if (conflict !== undefined) return Result.fail(conflict)
    for (const draft of events) {
      const event = { ...draft, stream, version: ++version, position: this.all.length + 1 }
      this.all.push(event)
      this.#byId.set(event.id, event)
      this.#onEvent(event)
    }
    this.#versions.set(stream, version)
    return Result.succeed({ version, position: this.all.length })
  }

  /** What the same append came to before; undefined where none of its events is known. */
  #again({ events, stream }: Append): AppendResult | undefined {
    const known = events.map(({ id }) => this.#byId.get(id))
    const first = known.find((event) => event !== undefined)
    if (first === undefined) return this.#twice(events, stream)
    const start = known[0]?.version ?? 0
    const same = known.every((event, index) => event?.stream === stream && event.version === start + index)
    const last = known.at(-1)
    return same && last !== undefined
      ? Result.succeed({ version: last.version, position: last.position })
      : Result.fail(new EventIdTaken({ id: first.id, stream: first.stream, position: first.position }))
  }

  /** An id that stands twice in one append. */
  #twice(events: ReadonlyArray<EventDraft>, stream: string): AppendResult | undefined {
    const index = events.findIndex(({ id }, at) => events.findIndex((other) => other.id === id) < at)
    const found = events[index]
    return found === undefined
      ? undefined
      : Result.fail(new EventIdTaken({ id: found.id, stream, position: this.all.length + index }))
  }

  prune({ before, level, limit, now }: Prune): Pruned {
    let [events, bytes] = [0, 0]
    for (const [index, event] of this.all.entries()) {
      if (events === limit) break
      if (event.level !== level || event.prunedAt !== undefined || event.time >= before) continue
      const pruned = { ...event, payload: "null", prunedAt: now }
      bytes += sizeOf(event) - sizeOf(pruned)
      this.all[index] = pruned
      events++
    }
    return { events, bytes }
  }

  size(level: PrunableLevel): number {
    return this.all.reduce((sum, event) => event.level === level ? sum + sizeOf(event) : sum, 0)
  }
}
