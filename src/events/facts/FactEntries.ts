/** What the line of JSON in a stored fact says (`FactCodec`), by the parts of the fact; what is small is written and read here. */
import * as EventIds from "../types/EventIds.ts"
import type { Body, Fact, Numbering, StoredLevel } from "./Fact.ts"
import type { FrameRuns } from "./FrameRuns.ts"
import type { CutEntries } from "./Passage.ts"

/** `[version, prunedAt]`; from format 4 on, a version that was not pruned by itself; 0: not stored. */
export type LevelEntry = number | readonly [version: number, prunedAt: number | null]

/** Frames as `[lengths, times]`; 0: no stream; from format 4 on, 1: those of the body before. */
export type FramesEntry = 0 | 1 | readonly [ReadonlyArray<number>, ReadonlyArray<number>]

/** A stream's text as it is folded by its frames (`FrameRuns`), and the length of that; from format 4 on. */
export interface RunsEntry {
  readonly runs: FrameRuns
  readonly length: number
}

/** `length`, or the earlier body by its number among them and what differs: of `spliced` its middle's length. */
export type TextEntry =
  | number
  | readonly [body: number]
  | readonly [body: number, find: string, replacement: string]
  | readonly [body: number, before: number, middle: number, after: number]

/** Not of what stands alone: the body of an earlier fact, and what differs, as of one in the fact without its number. */
export interface OutsideEntry {
  readonly base: readonly [position: number, body: number]
  readonly digest: string
  readonly difference: readonly [] | readonly [find: string, replacement: string] | readonly [number, number, number]
}

/** `cuts`: of what shares passages, of the text that is added; a text's length is what is stored of it. */
export type BodyEntry = readonly [
  encoding: number,
  frames: FramesEntry,
  text: TextEntry | OutsideEntry | RunsEntry,
  cuts?: CutEntries
]

/** An id; from format 4 on those of the request's own events (0) and of the call's (1) by their counters. */
export type CauseEntry = string | null | readonly [of: 0 | 1, counter: number]

/** From format 4 on, 0: that of the part before; above, the type of that number (`FactTypes`). */
export type TypeEntry = string | number

export type EventEntry = readonly [0, number, number, number, CauseEntry, TypeEntry, number, number, cuts?: CutEntries]
export type ExchangeEntry = readonly [
  kind: 1 | 2,
  numbering: number,
  counter: number,
  time: number,
  causationId: CauseEntry,
  type: TypeEntry,
  debug: LevelEntry,
  raw: LevelEntry,
  head: number | null,
  body: BodyEntry | null,
  /** From format 4 on, absent: there is none. */
  excerpt?: number | null
]

export interface Header {
  /** Of the first part; the others have theirs as the difference. */
  readonly time: number
  readonly debugBytes: number
  readonly call: readonly [path: string, attempt: number, provider: string] | null
  readonly parts: ReadonlyArray<EventEntry | ExchangeEntry>
  /** Of what shares passages: its bodies refer to each other as in a conversation. */
  readonly inConversation?: true
}

/** How it is written from format 4 on: without the names, and 1 where it is in a conversation. */
export type HeaderEntry =
  | readonly [...CommonHeader]
  | readonly [...CommonHeader, inConversation: 1]

type CommonHeader = [
  time: Header["time"],
  debugBytes: Header["debugBytes"],
  call: Header["call"],
  parts: Header["parts"]
]

export type DifferenceEntry = OutsideEntry["difference"]

/** Entries name them by their numbers. */
export const numberings: ReadonlyArray<Numbering> = ["request", "call", "session"]
export const encodings: ReadonlyArray<Body["encoding"]> = ["utf-8", "base64"]

export const levelEntry = (level: StoredLevel | null): LevelEntry => {
  if (level === null) return 0
  return level.prunedAt === null ? level.schemaVersion : [level.schemaVersion, level.prunedAt]
}

export const levelOf = (entry: LevelEntry): StoredLevel | null => {
  if (entry === 0) return null
  const [schemaVersion, prunedAt] = typeof entry === "number" ? [entry, null] : entry
  return { schemaVersion, prunedAt }
}

/** The entry of a cause: most are the request's own events, or the call's. */
export const causeEntryOf = (id: string | null, { call, requestId }: Fact): CauseEntry => {
  if (id === null) return null
  const ofRequest = EventIds.counterOf(requestId, id)
  if (ofRequest !== undefined) return [0, ofRequest]
  const ofCall = call === null ? undefined : EventIds.counterOf(call.id, id)
  return ofCall === undefined ? id : [1, ofCall]
}

/** The ids that causes are of. */
export const causeOf = (entry: CauseEntry, { call, requestId }: Pick<Fact, "call" | "requestId">): string | null => {
  if (typeof entry === "string" || entry === null) return entry
  const [of, counter] = entry
  return EventIds.nth(of === 0 ? requestId : call?.id ?? requestId, counter)
}
