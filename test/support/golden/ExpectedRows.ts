/** What the oracle has written and the log has not shown yet; events of the log are held against it, field by field. */
import type { EventDraft, RecordedEvent } from "../../../src/events/types/Envelope.ts"
import { systemName } from "../../../src/events/types/SystemPrincipal.ts"
import type { Difference } from "./FieldDifference.ts"
import * as FieldDifference from "./FieldDifference.ts"

interface ExpectedRow {
  readonly requestId: string
  readonly stream: string
  readonly row: EventDraft
}

/** What names a request of the run in its body, or nothing. */
const markOf = (payload: string): string | undefined => /golden-\d+/.exec(payload)?.[0]

export class ExpectedRows {
  /** Events that were found as they should be, by type. */
  readonly compared = new Map<string, number>()
  /** Events of the log that no request has made: registrations, sessions that clients begin. */
  others = 0
  /** Requests of which something was compared. */
  requests = 0
  readonly #byId = new Map<string, ExpectedRow>()
  readonly #byRequest = new Map<string, Array<ExpectedRow>>()
  readonly #marks = new Map<string, string>()
  readonly #types = new Set<string>()
  /** Of the server itself: where nothing but the request came of it, the log never gets it. */
  readonly #held = new Set<string>()
  readonly #versions = new Map<string, number>()
  #position = 0

  /** Requests of which the log still has to show rows. */
  get open(): number {
    return this.#byRequest.size - this.#held.size
  }

  add(requestId: string, stream: string, row: EventDraft): void {
    const expected = { requestId, stream, row }
    this.#byId.set(row.id, expected)
    this.#types.add(row.type)
    const before = this.#byRequest.get(requestId)
    if (before === undefined) this.#byRequest.set(requestId, [expected])
    else before.push(expected)
    if (!row.type.startsWith("api:")) this.#held.delete(requestId)
    else if (before === undefined && row.principal === systemName) this.#held.add(requestId)
    const mark = row.type.startsWith("api:request") ? markOf(row.payload) : undefined
    if (mark !== undefined) this.#marks.set(requestId, mark)
  }

  /** The next event of the log; what it differs in from the row it should be. */
  compare(event: RecordedEvent): Difference | undefined {
    const place = this.#placed(event)
    if (place !== undefined) return place
    const expected = this.#byId.get(event.id)
    if (expected === undefined) {
      const isOther = !this.#types.has(event.type) || event.type === "session:start" || event.requestId === null
      this.others += isOther ? 1 : 0
      return isOther ? undefined : this.#difference(event, "id", "no such event", event.id)
    }
    const { requestId, row, stream } = expected
    this.#held.delete(requestId)
    const queue = this.#byRequest.get(requestId)!
    const [next] = queue
    if (next !== expected) return this.#difference(event, "order", `${next?.row.type} ${next?.row.id}`, event.id)
    const found = FieldDifference.between({ ...row, stream }, event)
    if (found !== undefined) return this.#difference(event, found.path, found.expected, found.found)
    queue.shift()
    this.#byId.delete(event.id)
    if (event.type === "api:request") this.requests++
    if (queue.length === 0) {
      this.#byRequest.delete(requestId)
      if (/^api:(response|error)/.test(event.type)) this.#marks.delete(requestId)
    }
    this.compared.set(event.type, (this.compared.get(event.type) ?? 0) + 1)
    return undefined
  }

  /** The first row that the log never showed. */
  missing(): Difference | undefined {
    for (const { requestId, row } of this.#byId.values()) {
      if (this.#held.has(requestId)) continue
      return {
        request: `${this.#marks.get(requestId) ?? "a request"} (${requestId})`,
        type: row.type,
        path: "event",
        expected: row.id,
        found: "not in the log"
      }
    }
    return undefined
  }

  /** Positions are those of one log, and versions of one stream of a tenant, without gaps. */
  #placed(event: RecordedEvent): Difference | undefined {
    const { position, tenant, version } = event
    if (position !== ++this.#position) return this.#difference(event, "position", this.#position, position)
    const stream = JSON.stringify([tenant, event.stream])
    const next = (this.#versions.get(stream) ?? 0) + 1
    if (version !== next) return this.#difference(event, "version", next, version)
    this.#versions.set(stream, version)
    return undefined
  }

  #difference(event: RecordedEvent, path: string, expected: unknown, found: unknown): Difference {
    const mark = event.requestId === null ? undefined : this.#marks.get(event.requestId)
    return { request: `${mark ?? "a request"} (${event.requestId})`, type: event.type, path, expected, found }
  }
}
