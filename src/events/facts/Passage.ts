/**
 * A passage: a string that stands in the payload of a state event, and is said again elsewhere. What says it again refers
 * to it. State events are never pruned, and a passage stands there itself: to read one, one fact or row is read.
 */
import { isEscaped, nextQuote } from "../types/JsonQuotes.ts"

/** Where it stands. */
export interface PassagePlace {
  /** Of the fact or of the row. */
  readonly position: number
  /** Number of the part in its fact; 0 of a row. */
  readonly part: number
  /** Of its first character, in the payload as it is stored. */
  readonly offset: number
  /** True: in the payload as it is, what of it stands elsewhere included. */
  readonly isOfWhole?: true
}

/** A range of a text that is not stored with it. */
export interface Cut extends PassagePlace {
  /** Characters of the text, as it is stored, between the last cut and this. */
  readonly after: number
  readonly length: number
}

/** The payload of a state event, as it is stored or whole; undefined: there is none any more. */
export type StoredPayload = (place: Omit<PassagePlace, "offset">) => string | undefined

/** A payload without what is cut out of it. */
export interface CutPayload {
  readonly stored: string
  readonly cuts: ReadonlyArray<Cut>
}

/** What is shorter is stored again: to refer to it takes some 25 characters. */
export const shortest = 128

/** The last one up to a place, or the one given. */
const lastQuote = (text: string, quote: number, most: number): number => {
  let at = text.lastIndexOf("\"", most)
  while (at > quote && isEscaped(text, at)) at = text.lastIndexOf("\"", at - 1)
  return Math.max(at, quote)
}

/**
 * Calls back with each range between two quotes that is long enough: the strings of JSON, and of parts of one that begin
 * anywhere.
 */
export const eachString = (text: string, each: (start: number, end: number) => void): void => {
  if (text.length < shortest) return
  for (let last = nextQuote(text, 0); last !== -1;) {
    // Between quotes that are nearer than that is nothing: the last of them is looked for.
    const near = lastQuote(text, last, last + shortest)
    if (near !== last) last = near
    else {
      const at = nextQuote(text, last + shortest + 1)
      if (at !== -1) each(last + 1, at)
      last = at
    }
  }
}

/** The text without what is cut. */
export const withoutCuts = (text: string, cuts: ReadonlyArray<Cut>): string => {
  let stored = ""
  let at = 0
  for (const { after, length } of cuts) {
    stored += text.slice(at, at + after)
    at += after + length
  }
  return stored + text.slice(at)
}

/** The whole text again; undefined where something of it is gone. */
export const restored = (stored: string, cuts: ReadonlyArray<Cut>, payloadOf: StoredPayload): string | undefined => {
  let text = ""
  let at = 0
  for (const { after, length, offset, ...place } of cuts) {
    const passage = payloadOf(place)?.slice(offset, offset + length)
    if (passage?.length !== length) return undefined
    text += stored.slice(at, at + after) + passage
    at += after
  }
  return text + stored.slice(at)
}

const ofWhole = -1

/** As it is written, position by position as what it is behind the last; parts of which the whole is meant from -1 down. */
export type CutEntries = ReadonlyArray<readonly [number, number, number, number, number]>

export const toEntries = (cuts: ReadonlyArray<Cut>): CutEntries => {
  let last = 0
  return cuts.map(({ after, isOfWhole = false, length, offset, part, position }) => {
    const behind = position - last
    last = position
    return [after, length, behind, isOfWhole ? ofWhole - part : part, offset] as const
  })
}

export const ofEntries = (entries: CutEntries): ReadonlyArray<Cut> => {
  let position = 0
  return entries.map(([after, length, behind, part, offset]) => {
    position += behind
    return part > ofWhole
      ? { after, length, position, part, offset }
      : { after, length, position, part: ofWhole - part, offset, isOfWhole: true }
  })
}

/** Where what is cut stands; negative: the whole of it is needed, and with it what it refers to. */
export const positionsOf = (cuts: ReadonlyArray<Cut>): ReadonlyArray<number> =>
  cuts.map(({ isOfWhole, position }) => isOfWhole === true ? -position : position)
