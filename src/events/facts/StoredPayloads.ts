/** Payloads of state events for what refers to passages of them: remembered within bounds. */
import { RecentMap } from "../types/RecentMap.ts"
import * as BodyReference from "./BodyReference.ts"
import type { CutPayload, StoredPayload } from "./Passage.ts"
import * as Passage from "./Passage.ts"

/** Characters that are remembered at least; twice as many at most, and one payload more. */
const mostCharacters = 4 * 1024 * 1024

type Place = Parameters<StoredPayload>[0]

/** Texts by part, as they are stored and whole. */
const keyOf = ({ isOfWhole, part, position }: Place): string =>
  `${position} ${part}${isOfWhole === true ? " whole" : ""}`

export class StoredPayloads {
  readonly #load: (position: number, part: number) => CutPayload | undefined
  readonly #payloads = new RecentMap<string, string>(mostCharacters, ({ length }) => length)
  #hops = 0

  constructor(load: (position: number, part: number) => CutPayload | undefined) {
    this.#load = load
  }

  /** They never change: what was read stays. Undefined where it can't be read: whoever refers to it says so. */
  readonly of: StoredPayload = (place) => {
    const key = keyOf(place)
    const remembered = this.#payloads.get(key)
    if (remembered !== undefined) return remembered
    try {
      const payload = this.#made(place)
      if (payload !== undefined) this.#payloads.set(key, payload)
      return payload
    } catch {
      return undefined
    }
  }

  #made({ isOfWhole, part, position }: Place): string | undefined {
    const payload = this.#load(position, part)
    if (payload === undefined || isOfWhole !== true) return payload?.stored
    // What was changed by another hand may refer to itself.
    if (this.#hops >= BodyReference.longestChain) return undefined
    this.#hops++
    try {
      return Passage.restored(payload.stored, payload.cuts, this.of)
    } finally {
      this.#hops--
    }
  }
}
