/**
 * The ids of a fact's events as they stand beside it, so that an append's look opens no fact: ranges, separated by spaces.
 * What a range has in common with the fact's own id stands in that.
 */
import type { Fact } from "../facts/Fact.ts"
import type { IdRange } from "../facts/IdRanges.ts"
import * as IdRanges from "../facts/IdRanges.ts"
import * as EventIds from "../types/EventIds.ts"

const ofSequence = "="
const ofRequest = "~"
const whole = "!"

/** In SQL: ranges of before anything was left out. */
export const fromText = (ranges: string): string => `'${whole}' || replace(${ranges}, ' ', ' ${whole}')`

const shortened = (range: IdRange, id: string): string => {
  const text = IdRanges.toText(range)
  const common = EventIds.commonOf(id)
  if (range.sequence === id.slice(0, -4)) return ofSequence + text.slice(range.sequence.length)
  return text.startsWith(common) ? ofRequest + text.slice(common.length) : whole + text
}

const lengthened = (text: string, id: string): string => {
  const rest = text.slice(1)
  if (text.startsWith(whole)) return rest
  // Behind the sequence are two counters.
  return (text.startsWith(ofSequence) ? id.slice(0, -4) : EventIds.commonOf(id)) + rest
}

export const toText = (fact: Fact, id: string): string =>
  IdRanges.ofFact(fact).map((range) => shortened(range, id)).join(" ")

/** The ids that ranges tell, in the order of the fact's events. */
export const idsIn = (ranges: string, id: string): ReadonlyArray<string> =>
  ranges.split(" ").flatMap((range) => IdRanges.idsIn(lengthened(range, id)))
