/** How a fact is stored: a line of JSON that says what there is, and behind it the texts, none of them escaped. */
import * as EventIds from "../types/EventIds.ts"
import type { BodyDifference } from "./BodyDifference.ts"
import * as Difference from "./BodyDifference.ts"
import type { TextOf } from "./BodyReference.ts"
import * as BodyReference from "./BodyReference.ts"
import type { Body, ExchangePart, Fact, Numbering, Part, StoredLevel } from "./Fact.ts"
import * as FactBytes from "./FactBytes.ts"

const numberings: ReadonlyArray<Numbering> = ["request", "call", "session"]
const encodings: ReadonlyArray<Body["encoding"]> = ["utf-8", "base64"]

/** `[version, prunedAt]`; 0: not stored. */
type LevelEntry = 0 | readonly [number, number | null]

/** Frames as `[lengths, times]`; 0: no stream. */
type FramesEntry = 0 | readonly [ReadonlyArray<number>, ReadonlyArray<number>]

/** `length`, or the earlier body by its number among them and what differs: of `spliced` its middle's length. */
type TextEntry =
  | number
  | readonly [body: number]
  | readonly [body: number, find: string, replacement: string]
  | readonly [body: number, before: number, middle: number, after: number]

/** In format 2: the body of an earlier fact, and what differs, as of one in the fact without its number. */
interface OutsideEntry {
  readonly base: readonly [position: number, body: number]
  readonly digest: string
  readonly difference: readonly [] | readonly [find: string, replacement: string] | readonly [number, number, number]
}

type BodyEntry = readonly [encoding: number, frames: FramesEntry, text: TextEntry | OutsideEntry]

type EventEntry = readonly [0, number, number, number, string | null, string, number, number]
type ExchangeEntry = readonly [
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

interface Header {
  /** Of the first part; the others have theirs as the difference. */
  readonly time: number
  readonly debugBytes: number
  readonly call: readonly [path: string, attempt: number, provider: string] | null
  readonly parts: ReadonlyArray<EventEntry | ExchangeEntry>
}

const levelOf = (entry: LevelEntry): StoredLevel | null =>
  entry === 0 ? null : { schemaVersion: entry[0], prunedAt: entry[1] }

type DifferenceEntry = OutsideEntry["difference"]

/** The entry of a difference, and the text it adds. */
const differenceEntry = (difference: BodyDifference): [DifferenceEntry, added: string] => {
  switch (difference.kind) {
    case "same":
      return [[], ""]
    case "replaced":
      return [[difference.find, difference.replacement], ""]
    case "spliced": {
      const { after, before, middle } = difference
      return [[before, middle.length, after], middle]
    }
  }
}

/** The entry of a body, and the text it adds. */
const bodyEntry = (body: Body, bodies: ReadonlyArray<Body>, inConversation: boolean): [BodyEntry, added: string] => {
  const { encoding, frames, reference } = body
  const last = bodies.length - 1
  const ofFrames: FramesEntry = frames === null ? 0 : [frames.lengths, frames.times]
  const of = (entry: TextEntry | OutsideEntry): BodyEntry => [encodings.indexOf(encoding), ofFrames, entry]
  if (reference?.base != null) {
    const { base, digest } = reference
    const [difference, added] = differenceEntry(reference.difference)
    return [of({ base: [base.position, base.body], digest: digest ?? "", difference }), added]
  }
  const difference = reference?.difference ??
    (last === -1 || inConversation ? undefined : Difference.between(bodies[last]!.text, body.text))
  if (difference === undefined) return [of(body.text.length), body.text]
  const [entry, added] = differenceEntry(difference)
  return [of([last, ...entry] as TextEntry), added]
}

/** The bytes to store. */
export const encode = (fact: Fact): Buffer => {
  const { call, debugBytes, inConversation = false, isAltered = false, parts } = fact
  const { time: since } = parts[0]!
  const entries: Array<EventEntry | ExchangeEntry> = []
  const bodies: Array<Body> = []
  let texts = ""
  for (const part of parts) {
    const { causationId, counter, numbering, time, type } = part
    const common = [numberings.indexOf(numbering), counter, time - since, causationId, type] as const
    if (part.kind === "event") {
      texts += part.payload
      entries.push([0, ...common, part.schemaVersion, part.payload.length])
      continue
    }
    const { body, debug, excerpt, head, kind, raw } = part
    texts += head ?? ""
    const [entry, added] = body === null ? [null, ""] : bodyEntry(body, bodies, inConversation)
    if (body !== null) bodies.push(body)
    texts += added + (excerpt ?? "")
    entries.push([
      kind === "request" ? 1 : 2,
      ...common,
      debug === null ? 0 : [debug.schemaVersion, debug.prunedAt],
      raw === null ? 0 : [raw.schemaVersion, raw.prunedAt],
      head === null ? null : head.length,
      entry,
      excerpt === null ? null : excerpt.length
    ])
  }
  const header: Header = {
    time: since,
    debugBytes,
    call: call === null ? null : [call.path, call.attempt, call.provider],
    parts: entries
  }
  return FactBytes.pack(`${JSON.stringify(header)}\n${texts}`, { inConversation, isAltered })
}

const differenceOf = (entry: DifferenceEntry, text: (length: number) => string): BodyDifference => {
  switch (entry.length) {
    case 0:
      return { kind: "same" }
    case 2:
      return { kind: "replaced", find: entry[0], replacement: entry[1] }
    case 3:
      return { kind: "spliced", before: entry[0], middle: text(entry[1]), after: entry[2] }
  }
}

class Reader {
  readonly #text: string
  readonly #textOf: TextOf
  readonly #inConversation: boolean
  readonly #bodies: Array<Body> = []
  #at: number

  constructor(text: string, at: number, inConversation: boolean, textOf: TextOf) {
    this.#text = text
    this.#at = at
    this.#inConversation = inConversation
    this.#textOf = textOf
  }

  text(length: number): string {
    return this.#text.slice(this.#at, this.#at += length)
  }

  body([encoding, frames, entry]: BodyEntry): Body {
    const body = this.#body(entry, {
      encoding: encodings[encoding]!,
      frames: frames === 0 ? null : { lengths: frames[0], times: frames[1] }
    })
    this.#bodies.push(body)
    return body
  }

  #body(entry: TextEntry | OutsideEntry, common: Omit<Body, "text">): Body {
    if (typeof entry === "number") return { text: this.text(entry), ...common }
    const text = (length: number) => this.text(length)
    if ("base" in entry) {
      const { base: [position, body], difference, digest } = entry
      const reference = { base: { position, body }, difference: differenceOf(difference, text), digest }
      return BodyReference.body(reference, common, () => this.#textOf(reference.base))
    }
    const [number, ...rest] = entry
    const earlier = this.#bodies[number]!
    const difference = differenceOf(rest as unknown as DifferenceEntry, text)
    if (!this.#inConversation) return { text: Difference.apply(earlier.text, difference), ...common }
    const reference = { base: null, difference, digest: null }
    return BodyReference.body(reference, common, () => earlier.isDamaged ? undefined : earlier.text)
  }

  part(entry: EventEntry | ExchangeEntry, since: number): Part {
    const [, numbering, counter, time, causationId, type] = entry
    const common = { numbering: numberings[numbering]!, counter, time: since + time, causationId, type }
    if (entry[0] === 0) return { kind: "event", ...common, schemaVersion: entry[6], payload: this.text(entry[7]) }
    const [kind, , , , , , debug, raw, head, body, excerpt] = entry
    return {
      kind: kind === 1 ? "request" : "answer",
      ...common,
      debug: levelOf(debug),
      raw: levelOf(raw),
      head: head === null ? null : this.text(head),
      body: body === null ? null : this.body(body),
      excerpt: excerpt === null ? null : this.text(excerpt)
    } satisfies ExchangePart
  }
}

/** What stands beside the bytes. */
export type Columns = Pick<Fact, "tenant" | "requestId" | "sessionId" | "parentSessionId" | "principal">

const headerOf = (text: string, end: number): Header => JSON.parse(text.slice(0, end))

/** What can't be read at all any more was changed by another hand as well. */
const read = <A>(columns: Columns, work: () => A): A => {
  try {
    return work()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`the fact of request ${columns.requestId} was changed by another hand: ${reason}`, { cause })
  }
}

const nothing: TextOf = () => undefined

/**
 * The fact of stored bytes. One whose bytes were changed by another hand says so. `textOf` is asked for what it refers
 * to when the text of a body that does is looked at first.
 */
export const decode = (stored: Uint8Array, columns: Columns, textOf: TextOf = nothing): Fact => {
  const inConversation = FactBytes.isInConversation(stored)
  return read(columns, () => {
    const { isAltered, text } = FactBytes.unpack(stored)
    const end = text.indexOf("\n")
    const { call, debugBytes, parts, time } = headerOf(text, end)
    const reader = new Reader(text, end + 1, inConversation, textOf)
    return {
      ...columns,
      debugBytes,
      call: call === null ? null : {
        id: EventIds.ofCall(columns.requestId, call[0]),
        path: call[0],
        attempt: call[1],
        provider: call[2]
      },
      parts: parts.map((part) => reader.part(part, time)),
      ...(inConversation ? { inConversation } : {}),
      ...(isAltered ? { isAltered } : {})
    }
  })
}
