/** The events of a log in memory. */
import { Result } from "effect"
import { expand } from "../facts/Expansion.ts"
import type { Append, Appended, AppendRefused } from "../log/EventLog.ts"
import { conflictOf, EventIdTaken, tenantOf } from "../log/EventLog.ts"
import type { PrunableLevel, Prune, Pruned } from "../log/PayloadRetention.ts"
import type { EventDraft, RecordedEvent } from "../types/Envelope.ts"
import * as Tenant from "../types/Tenant.ts"

type AppendResult = Result.Result<Appended, AppendRefused>

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
    const { stream } = append
    const key = Tenant.qualified(tenantOf(append), stream)
    const version = this.#versions.get(key) ?? 0
    const events = expand(append.events, { stream, version: version + 1, position: this.all.length + 1 })
    const again = this.#again(events)
    if (again !== undefined) return again
    const conflict = conflictOf(append, version)
    if (conflict !== undefined) return Result.fail(conflict)
    for (const event of events) {
      this.all.push(event)
      this.#byId.set(event.id, event)
      this.#onEvent(event)
    }
    this.#versions.set(key, version + events.length)
    return Result.succeed({ version: version + events.length, position: this.all.length })
  }

  /** What the same append came to before; undefined where none of its events stands in the log. */
  #again(events: ReadonlyArray<RecordedEvent>): AppendResult | undefined {
    const stored = events.map(({ id }) => this.#byId.get(id))
    const first = stored.find((event) => event !== undefined)
    if (first === undefined) return this.#twice(events)
    const start = stored[0]?.version ?? 0
    const given = events[0]
    const same = stored.every((event, index) =>
      event?.tenant === given?.tenant && event?.stream === given?.stream && event?.version === start + index
    )
    const last = stored.at(-1)
    return same && last !== undefined
      ? Result.succeed({ version: last.version, position: last.position })
      : Result.fail(new EventIdTaken({ id: first.id, stream: first.stream, position: first.position }))
  }

  /** An id that stands twice in one append. */
  #twice(events: ReadonlyArray<RecordedEvent>): AppendResult | undefined {
    const ids = new Set<string>()
    for (const { id, position, stream } of events) {
      if (ids.has(id)) return Result.fail(new EventIdTaken({ id, stream, position: position - 1 }))
      ids.add(id)
    }
    return undefined
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
