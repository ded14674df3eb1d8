/** The ids of a fact's events, as ranges: no two events of the log have the same. */
import * as EventIds from "../types/EventIds.ts"
import type { Fact, Numbering } from "./Fact.ts"
import { basesOf, countersOf } from "./FactEvents.ts"

/** Ids that are counted one by one, from the first to the last: all of them are taken, and none between is left out. */
export interface IdRange {
  /** What they have in common: all but the counter; or an id that counts nothing. */
  readonly sequence: string
  readonly first: number
  readonly last: number
}

const counterDigits = 4
const isCounter = /^[0-9a-f]{4}$/

/** An id by itself. */
export const ofId = (id: string): IdRange => {
  const digits = id.slice(-counterDigits)
  if (!isCounter.test(digits)) return { sequence: id, first: 0, last: 0 }
  const counter = Number.parseInt(digits, 16)
  return { sequence: id.slice(0, -counterDigits), first: counter, last: counter }
}

export const overlap = (one: IdRange, other: IdRange): boolean =>
  one.first <= other.last && other.first <= one.last && one.sequence === other.sequence

/** The ids of a fact's events, in their order. */
export const ofFact = (fact: Fact): ReadonlyArray<IdRange> => {
  const ranges: Array<{ sequence: string; first: number; last: number }> = []
  const bases = basesOf(fact)
  let range: (typeof ranges)[number] | undefined
  let of: Numbering | undefined
  for (const part of fact.parts) {
    const { numbering } = part
    const [first, last] = countersOf(part)
    for (let at = first; at <= last; at++) {
      const counted = at & EventIds.mostCounted
      // What more digits count has another beginning.
      if (range !== undefined && of === numbering && range.last + 1 === counted) range.last = counted
      else {
        range = { sequence: EventIds.sequenceOfNth(bases[numbering], at), first: counted, last: counted }
        ranges.push(range)
        of = numbering
      }
    }
  }
  return ranges
}

/** A range as its first id and the counter of its last. */
export const toText = ({ first, last, sequence }: IdRange): string =>
  sequence + EventIds.digitsOf(first) + EventIds.digitsOf(last)

/** The ids that such a text tells. */
export const idsIn = (text: string): ReadonlyArray<string> => {
  const id = text.slice(0, -counterDigits)
  const first = Number.parseInt(id.slice(-counterDigits), 16)
  const last = Number.parseInt(text.slice(-counterDigits), 16)
  return Array.from({ length: last - first + 1 }, (_, index) => EventIds.nth(id, first + index))
}
