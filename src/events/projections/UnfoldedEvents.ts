/** The events to fold of what was just appended: who has them in memory need not read them again. */
import type { RecordedEvent } from "../types/Envelope.ts"

/** Characters of payload that wait in memory; beyond, the log is read again. */
const mostCharacters = 16 * 1024 * 1024

/** Events in order, and the position up to which there are no others to fold. */
export interface Slice {
  readonly events: ReadonlyArray<RecordedEvent>
  readonly through: number
}

export class UnfoldedEvents {
  /** Those that stand behind `#from`, up to `#through`; the first `#taken` of them were taken. */
  #events: Array<RecordedEvent> = []
  #taken = 0
  #characters = 0
  #from = 0
  #through = 0

  /** All events to fold that stand behind `after`, up to `through`. */
  add(events: ReadonlyArray<RecordedEvent>, after: number, through: number): void {
    if (after !== this.#through) this.#startAt(after)
    for (const event of events) {
      this.#events.push(event)
      this.#characters += event.payload.length
    }
    this.#through = through
    if (this.#characters > mostCharacters) this.clear()
  }

  /** What was added until now is read again. */
  clear(): void {
    this.#startAt(this.#through)
  }

  #startAt(position: number): void {
    this.#events = []
    this.#taken = 0
    this.#characters = 0
    this.#from = position
    this.#through = position
  }

  /** Those behind a position, up to another; undefined where not all of them are here. They stay. */
  between(after: number, through: number): ReadonlyArray<RecordedEvent> | undefined {
    if (after < this.#from || through > this.#through) return undefined
    const events: Array<RecordedEvent> = []
    for (let index = this.#taken; index < this.#events.length; index++) {
      const event = this.#events[index]!
      if (event.position > after && event.position <= through) events.push(event)
    }
    return events
  }

  /** The next behind this position, so many at most: they are not given again. Undefined where they have to be read. */
  take(after: number, limit: number): Slice | undefined {
    if (after < this.#from) return undefined
    if (after >= this.#through) return void this.clear()
    const events: Array<RecordedEvent> = []
    for (let next = this.#events[this.#taken]; next !== undefined; next = this.#events[this.#taken]) {
      if (events.length === limit) {
        this.#from = events.at(-1)!.position
        return { events, through: this.#from }
      }
      this.#taken++
      this.#characters -= next.payload.length
      if (next.position > after) events.push(next)
    }
    const through = this.#through
    this.clear()
    return { events, through }
  }
}
