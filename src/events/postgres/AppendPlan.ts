/** What a group of appends comes to, once it is known where the log and its streams are: results, and what to insert. */
import { Result } from "effect"
import type { Appendable } from "../facts/Fact.ts"
import * as Fact from "../facts/Fact.ts"
import type { Place } from "../facts/FactEvents.ts"
import * as FactEvents from "../facts/FactEvents.ts"
import type { BodyTransaction } from "../facts/RecentBodies.ts"
import type { PassageTransaction } from "../facts/RecentPassages.ts"
import type { Append, Appended, AppendRefused } from "../log/EventLog.ts"
import { conflictOf, EventIdTaken, tenantOf } from "../log/EventLog.ts"
import * as Tenant from "../types/Tenant.ts"
import type { PlacedFact } from "./PostgresFacts.ts"
import type { StoredEvent } from "./PostgresRows.ts"

type AppendResult = Result.Result<Appended, AppendRefused>

/** Where an event stands, and whose it is. */
export interface StoredPlace extends Place {
  readonly tenant: string
}

/** The log as the transaction sees it, with no other writer beside. */
export interface Standing {
  readonly head: number
  /** Of each stream of the group, by tenant and name (`Tenant.qualified`). */
  readonly versions: ReadonlyMap<string, number>
  /** Events that stand in the log already, by id: at least those of the group. */
  readonly stored: ReadonlyMap<string, StoredPlace>
}

/** What is appended, and where. */
export interface Placed {
  readonly appended: Appendable
  readonly place: Place
}

/** What was said last, of this transaction. */
export interface RecentTexts {
  readonly bodies: BodyTransaction
  readonly passages: PassageTransaction
}

export class AppendPlan {
  readonly results: ReadonlyArray<AppendResult>
  /** To be inserted. */
  readonly events: Array<StoredEvent> = []
  readonly facts: Array<PlacedFact> = []
  /** Both, in order. */
  readonly placed: Array<Placed> = []
  head: number
  readonly #versions: Map<string, number>
  readonly #stored: Map<string, StoredPlace>
  readonly #bodies: BodyTransaction
  readonly #passages: PassageTransaction

  constructor(group: ReadonlyArray<Append>, { head, stored, versions }: Standing, texts: RecentTexts) {
    this.#bodies = texts.bodies
    this.#passages = texts.passages
    this.head = head
    this.#versions = new Map(versions)
    this.#stored = new Map(stored)
    this.results = group.map((append) => this.#append(append))
  }

  #append(append: Append): AppendResult {
    const { events, stream } = append
    const tenant = tenantOf(append)
    const qualified = Tenant.qualified(tenant, stream)
    const version = this.#versions.get(qualified) ?? 0
    const ids = events.flatMap(FactEvents.idsOf)
    const again = this.#again(ids, tenant, stream)
    if (again !== undefined) return again
    const conflict = conflictOf(append, version)
    if (conflict !== undefined) return Result.fail(conflict)
    for (const [index, id] of ids.entries()) {
      this.#stored.set(id, { tenant, stream, version: version + 1 + index, position: this.head + 1 + index })
    }
    let place = { stream, version: version + 1, position: this.head + 1 }
    for (const each of events) place = this.#place(each, place)
    this.head = place.position - 1
    this.#versions.set(qualified, place.version - 1)
    return Result.succeed({ version: place.version - 1, position: this.head })
  }

  /** Gives the place behind it. */
  #place(each: Appendable, place: Place): Place {
    if (Fact.isFact(each)) {
      const fact = this.#bodies.refer(each, place)
      this.facts.push({ fact, place, ...this.#passages.ofFact(fact, place) })
    } else {
      this.events.push({ event: { ...each, ...place }, cuts: this.#passages.ofEvent(each, place) })
    }
    this.placed.push({ appended: each, place })
    const count = Fact.countOf(each)
    return { stream: place.stream, version: place.version + count, position: place.position + count }
  }

  /** What the same append came to before; undefined where none of its events stands in the log. */
  #again(ids: ReadonlyArray<string>, tenant: string, stream: string): AppendResult | undefined {
    const places = ids.map((id) => this.#stored.get(id))
    const index = places.findIndex((place) => place !== undefined)
    if (index === -1) return this.#twice(ids, stream)
    const start = places[0]?.version ?? 0
    const same = places.every((place, at) =>
      place?.tenant === tenant && place.stream === stream && place.version === start + at
    )
    const last = places.at(-1)
    if (same && last !== undefined) return Result.succeed({ version: last.version, position: last.position })
    const { position, stream: other } = places[index]!
    return Result.fail(new EventIdTaken({ id: ids[index]!, stream: other, position }))
  }

  /** An id that stands twice in one append. */
  #twice(ids: ReadonlyArray<string>, stream: string): AppendResult | undefined {
    const earlier = new Set<string>()
    for (const [index, id] of ids.entries()) {
      if (earlier.has(id)) return Result.fail(new EventIdTaken({ id, stream, position: this.head + index }))
      earlier.add(id)
    }
    return undefined
  }
}
