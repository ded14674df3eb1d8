/** What the line of JSON in a stored fact says (`FactCodec`), by the parts of the fact. */
import type { CutEntries } from "./Passage.ts"

/** `[version, prunedAt]`; 0: not stored. */
export type LevelEntry = 0 | readonly [number, number | null]

/** Frames as `[lengths, times]`; 0: no stream. */
export type FramesEntry = 0 | readonly [ReadonlyArray<number>, ReadonlyArray<number>]

/** `length`, or the earlier body by its number among them and what differs: of `spliced` its middle's length. */
export type TextEntry =
  | number
  | readonly [body: number]
  | readonly [body: number, find: string, replacement: string]
  | readonly [body: number, before: number, middle: number, after: number]

/** In format 2: the body of an earlier fact, and what differs, as of one in the fact without its number. */
export interface OutsideEntry {
  readonly base: readonly [position: number, body: number]
  readonly digest: string
  readonly difference: readonly [] | readonly [find: string, replacement: string] | readonly [number, number, number]
}

/** `cuts`: in format 3, of the text that is added; a text's length is what is stored of it. */
export type BodyEntry = readonly [
  encoding: number,
  frames: FramesEntry,
  text: TextEntry | OutsideEntry,
  cuts?: CutEntries
]

export type EventEntry = readonly [0, number, number, number, string | null, string, number, number, cuts?: CutEntries]
export type ExchangeEntry = readonly [
  kind: 1 | 2,
  numbering: number,
  counter: number,
  time: number,
  causationId: string | null,
  type: string,
  debug: LevelEntry,
  raw: LevelEntry,
  head: number | null,
  body: BodyEntry | null,
  excerpt: number | null
]

export interface Header {
  /** Of the first part; the others have theirs as the difference. */
  readonly time: number
  readonly debugBytes: number
  readonly call: readonly [path: string, attempt: number, provider: string] | null
  readonly parts: ReadonlyArray<EventEntry | ExchangeEntry>
  /** In format 3: its bodies refer to each other as in format 2. */
  readonly inConversation?: true
}

export type DifferenceEntry = OutsideEntry["difference"]
