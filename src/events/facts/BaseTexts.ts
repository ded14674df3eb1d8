/** Texts of bodies that facts refer to: read from one fact to the one before, and remembered within bounds. */
import { RecentMap } from "../types/RecentMap.ts"
import { defaultTenant } from "../types/Tenant.ts"
import * as Difference from "./BodyDifference.ts"
import type { TextOf } from "./BodyReference.ts"
import * as BodyReference from "./BodyReference.ts"
import type { BaseBody } from "./Fact.ts"
import * as FactCodec from "./FactCodec.ts"
import type { Columns } from "./FactReader.ts"
import { nothing } from "./FactReader.ts"
import type { StoredPayload } from "./Passage.ts"

/** Characters that are remembered at least; twice as many at most, and one text more. */
const mostCharacters = 8 * 1024 * 1024

/** Whose they are makes no difference to the texts. */
const columns = (position: number): Columns => ({
  tenant: defaultTenant,
  requestId: `at position ${position}`,
  sessionId: null,
  parentSessionId: null,
  principal: null
})

export class BaseTexts {
  readonly #load: (position: number) => Uint8Array | undefined
  readonly #payloadOf: StoredPayload
  readonly #texts = new RecentMap<string, string>(mostCharacters, ({ length }) => length)
  #hops = 0

  /** `load` gives the stored bytes of the fact at a position. */
  constructor(load: (position: number) => Uint8Array | undefined, payloadOf: StoredPayload = nothing.payloadOf) {
    this.#load = load
    this.#payloadOf = payloadOf
  }

  /** What a fact at that position has there, unchecked: whoever refers to it has the digest of what comes of it. */
  readonly of: TextOf = (base) => {
    const key = `${base.position} ${base.body}`
    const remembered = this.#texts.get(key)
    if (remembered !== undefined) return remembered
    // Facts that were changed by another hand may refer to each other.
    if (this.#hops >= BodyReference.longestChain) return undefined
    this.#hops++
    try {
      const text = this.#made(base)
      if (text !== undefined) this.#texts.set(key, text)
      return text
    } catch {
      // It can't be read: whoever refers to it says so.
      return undefined
    } finally {
      this.#hops--
    }
  }

  /** What is pruned is not remembered. */
  clear(): void {
    this.#texts.clear()
  }

  #made({ body, position }: BaseBody): string | undefined {
    const bytes = this.#load(position)
    if (bytes === undefined) return undefined
    const fact = FactCodec.decode(bytes, columns(position), { textOf: this.of, payloadOf: this.#payloadOf })
    const sent = BodyReference.sentAt(fact, body)
    if (sent === undefined) return undefined
    const { reference } = sent
    if (reference?.base == null) return sent.text
    const earlier = this.of(reference.base)
    return earlier === undefined ? undefined : Difference.apply(earlier, reference.difference)
  }
}
