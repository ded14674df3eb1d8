/** What a group of appends comes to, once it is known where the log and its streams are: results and events. */
import { Result } from "effect"
import { expand } from "../facts/Expansion.ts"
import type { Append, Appended, AppendRefused } from "../log/EventLog.ts"
import { conflictOf, EventIdTaken } from "../log/EventLog.ts"
import type { RecordedEvent } from "../types/Envelope.ts"

type AppendResult = Result.Result<Appended, AppendRefused>

/** Where an event stands. */
export interface Place {
  readonly stream: string
  readonly version: number
  readonly position: number
}

/** The log as the transaction sees it, with no other writer beside. */
export interface Standing {
  readonly head: number
  /** Of each stream of the group. */
  readonly versions: ReadonlyMap<string, number>
  /** Events of the group that stand in the log already, by id. */
  readonly known: ReadonlyMap<string, Place>
}

export class AppendPlan {
  readonly results: ReadonlyArray<AppendResult>
  /** To be inserted. */
  readonly events: Array<RecordedEvent> = []
  head: number
  readonly #versions: Map<string, number>
  readonly #known: Map<string, Place>

  constructor(group: ReadonlyArray<Append>, { head, known, versions }: Standing) {
    this.head = head
    this.#versions = new Map(versions)
    this.#known = new Map(known)
    this.results = group.map((append) => this.#append(append))
  }

  #append(append: Append): AppendResult {
    const { stream } = append
    const version = this.#versions.get(stream) ?? 0
    const events = expand(append.events, { stream, version: version + 1, position: this.head + 1 })
    const again = this.#again(events, stream)
    if (again !== undefined) return again
    const conflict = conflictOf(append, version)
    if (conflict !== undefined) return Result.fail(conflict)
    for (const event of events) {
      this.events.push(event)
      this.#known.set(event.id, event)
    }
    this.head += events.length
    this.#versions.set(stream, version + events.length)
    return Result.succeed({ version: version + events.length, position: this.head })
  }

  /** What the same append came to before; undefined where none of its events stands in the log. */
  #again(events: ReadonlyArray<RecordedEvent>, stream: string): AppendResult | undefined {
    const places = events.map(({ id }) => this.#known.get(id))
    const index = places.findIndex((place) => place !== undefined)
    if (index === -1) return this.#twice(events)
    const start = places[0]?.version ?? 0
    const same = places.every((place, at) => place?.stream === stream && place.version === start + at)
    const last = places.at(-1)
    if (same && last !== undefined) return Result.succeed({ version: last.version, position: last.position })
    const { position, stream: other } = places[index]!
    return Result.fail(new EventIdTaken({ id: events[index]!.id, stream: other, position }))
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
}
