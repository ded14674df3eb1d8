/** Payloads of state events as they are stored, for what refers to passages of them: remembered within bounds. */
import { RecentMap } from "../types/RecentMap.ts"
import type { StoredPayload } from "./Passage.ts"

/** Characters that are remembered at least; twice as many at most, and one payload more. */
const mostCharacters = 4 * 1024 * 1024

export class StoredPayloads {
  readonly #load: (position: number, part: number) => string | undefined
  readonly #payloads = new RecentMap<string, string>(mostCharacters, ({ length }) => length)

  constructor(load: (position: number, part: number) => string | undefined) {
    this.#load = load
  }

  /** They never change: what was read stays. Undefined where it can't be read: whoever refers to it says so. */
  readonly of: StoredPayload = ({ part, position }) => {
    const key = `${position} ${part}`
    const remembered = this.#payloads.get(key)
    if (remembered !== undefined) return remembered
    try {
      const payload = this.#load(position, part)
      if (payload !== undefined) this.#payloads.set(key, payload)
      return payload
    } catch {
      return undefined
    }
  }
}
