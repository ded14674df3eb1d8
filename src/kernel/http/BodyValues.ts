/**
 * How many values the JSON of a body may have, counted in its text: before it is parsed, masked, kept and decoded, for each
 * of these takes time in which nobody else is served.
 */
import { Context } from "effect"
import { nextQuote } from "../../events/types/JsonQuotes.ts"
import { envelope, PayloadTooLarge } from "./HttpErrors.ts"

export const mostByDefault = 100_000

/** So many numbers of a list count as one value: vectors and tokens are long, and cost little. */
export const numbersOfAValue = 32

/** `server.max_body_values`. */
export const MostBodyValues = Context.Reference<number>("strata/kernel/http/BodyValues/MostBodyValues", {
  defaultValue: () => mostByDefault
})

const quote = 0x22
const comma = 0x2c
const minus = 0x2d
const zero = 0x30
const nine = 0x39
const openList = 0x5b
const closeList = 0x5d
const openObject = 0x7b
const closeObject = 0x7d

/** A list or an object that has begun. */
interface Level {
  isList: boolean
  /** Items or fields behind the first one. */
  more: number
  /** Where the name of the field that is read begins and ends. */
  name: readonly [from: number, to: number]
}

const pathOf = (json: string, levels: ReadonlyArray<Level>): string => {
  // The longest of those that are open; what has ended before was not long enough.
  const longest = levels.reduce((best, { more }, at) => more >= levels[best]!.more ? at : best, 0)
  return levels.slice(0, longest).map(({ isList, more, name: [from, to] }) =>
    isList ? String(more) : json.slice(from, to)
  ).join(".")
}

/**
 * Where JSON has more values than `most`: the path of the list or object that is the longest there; undefined: it has not.
 * A value is a field of an object or an item of a list, however deep; an empty list or object counts as one more. Whether
 * it is JSON nobody looks.
 */
export const pathOfTooMany = (json: string, most: number): string | undefined => {
  // Each takes one character at least.
  if (json.length <= most) return undefined
  const budget = most * numbersOfAValue
  const levels: Array<Level> = []
  let level: Level | undefined
  let used = 0
  let isNumber = false
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at)
    if (code === quote) {
      const from = at + 1
      const end = nextQuote(json, from)
      at = end === -1 ? json.length : end
      if (level !== undefined && !level.isList) level.name = [from, at]
    } else if (code === comma) {
      used += isNumber ? 1 : numbersOfAValue
      isNumber = false
      if (level !== undefined) level.more++
    } else if (code === openList || code === openObject) {
      level = { isList: code === openList, more: 0, name: [0, 0] }
      levels.push(level)
      used += numbersOfAValue
    } else if (code === closeList || code === closeObject) {
      levels.pop()
      level = levels.at(-1)
      isNumber = false
      continue
    } else {
      isNumber ||= (code === minus || (code >= zero && code <= nine)) && level?.isList === true
      continue
    }
    if (used > budget) return pathOf(json, levels)
  }
  return undefined
}

/** What a body with too many values is told; undefined: it has not. */
export const refusalOf = (json: string, most: number): PayloadTooLarge | undefined => {
  const path = pathOfTooMany(json, most)
  if (path === undefined) return undefined
  const place = path === "" ? "The body" : `${path.slice(0, 200)}: the body`
  return new PayloadTooLarge(
    envelope(
      `${place} has more than ${most} values, items and fields on all levels. Send less, or raise ` +
        "server.max_body_values.",
      { param: path === "" ? null : path.slice(0, 200), code: "too_many_values" }
    )
  )
}
