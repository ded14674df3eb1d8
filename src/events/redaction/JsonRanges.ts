/** Fits what is to be masked to the JSON it stands in, so that JSON stays JSON and keeps the words it has of its own. */
import type { Token } from "./JsonStrings.ts"
import { isStructured, tokens } from "./JsonStrings.ts"
import type { Range } from "./Mask.ts"

/** True for a word that stands in a text whoever asked: it is no secret there. */
export type IsOwn = (word: string) => boolean

/** The characters of numbers: what has others does not stand in one. */
const numeric = /^[-+.0-9eE]+$/
const numericCharacter = /[-+.0-9eE]/

/** The first token that ends behind a place; tokens are in order. */
const tokenAt = (all: ReadonlyArray<Token>, place: number): Token | undefined => {
  let [low, high] = [0, all.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (all[middle]!.end > place) high = middle
    else low = middle + 1
  }
  return all[low]
}

/** The whole number, as a string that is the mask. */
const ofNumber = (text: string, { end, mask, start }: Range): Range => {
  let [from, to] = [start, end]
  while (from > 0 && numericCharacter.test(text[from - 1]!)) from--
  while (to < text.length && numericCharacter.test(text[to]!)) to++
  return { start: from, end: to, mask: JSON.stringify(mask) }
}

/** `isOwn`: of a string, or of the name a number stands under; default: nothing is. */
export const fit = (text: string, ranges: ReadonlyArray<Range>, isOwn?: IsOwn): ReadonlyArray<Range> => {
  const isNumeric = ({ end, start }: Range) => numeric.test(text.slice(start, end))
  if (ranges.length === 0 || (isOwn === undefined && !ranges.some(isNumeric)) || !isStructured(text)) return ranges
  const all = [...tokens(text)]
  return ranges.flatMap((range) => {
    const next = tokenAt(all, range.start)
    const token = next !== undefined && next.start < range.end ? next : undefined
    const isString = token !== undefined && text[token.start] === "\""
    if (token !== undefined && isOwn?.(isString ? token.value : token.key ?? "") === true) return []
    return isString || !isNumeric(range) ? [range] : [ofNumber(text, range)]
  })
}
