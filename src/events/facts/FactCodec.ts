/** How a fact is stored: a line of JSON that says what there is, and behind it the texts, none of them escaped. */
import * as EventIds from "../types/EventIds.ts"
import type { BodyDifference } from "./BodyDifference.ts"
import * as Difference from "./BodyDifference.ts"
import type { TextOf } from "./BodyReference.ts"
import * as BodyReference from "./BodyReference.ts"
import type { Body, EventPart, ExchangePart, Fact, Numbering, Part, StoredLevel } from "./Fact.ts"
import * as FactBytes from "./FactBytes.ts"
import type {
  BodyEntry,
  DifferenceEntry,
  EventEntry,
  ExchangeEntry,
  FramesEntry,
  Header,
  LevelEntry,
  OutsideEntry,
  TextEntry
} from "./FactEntries.ts"
import type { Cut, CutEntries, StoredPayload } from "./Passage.ts"
import * as Passage from "./Passage.ts"
import type { FindCuts } from "./RecentPassages.ts"
import { noCuts } from "./RecentPassages.ts"

const numberings: ReadonlyArray<Numbering> = ["request", "call", "session"]
const encodings: ReadonlyArray<Body["encoding"]> = ["utf-8", "base64"]

const levelOf = (entry: LevelEntry): StoredLevel | null =>
  entry === 0 ? null : { schemaVersion: entry[0], prunedAt: entry[1] }

/** A text as it is stored, and what is cut out of it. */
const cutWith = (text: string, find: FindCuts): [stored: string, ...cuts: [] | [CutEntries]] => {
  const cuts = find(text)
  return cuts.length === 0 ? [text] : [Passage.withoutCuts(text, cuts), Passage.toEntries(cuts)]
}

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
const bodyEntry = (
  body: Body,
  bodies: ReadonlyArray<Body>,
  { find, inConversation }: { readonly find: FindCuts; readonly inConversation: boolean }
): [BodyEntry, added: string] => {
  const { encoding, frames, reference } = body
  const last = bodies.length - 1
  const ofFrames: FramesEntry = frames === null ? 0 : [frames.lengths, frames.times]
  const entryOf = (entry: TextEntry | OutsideEntry, added: string): [BodyEntry, added: string] => {
    const [stored, ...cuts] = cutWith(added, find)
    return [[encodings.indexOf(encoding), ofFrames, entry, ...cuts], stored]
  }
  if (reference?.base != null) {
    const { base, digest } = reference
    const [difference, added] = differenceEntry(reference.difference)
    return entryOf({ base: [base.position, base.body], digest: digest ?? "", difference }, added)
  }
  const difference = reference?.difference ??
    (last === -1 || inConversation ? undefined : Difference.between(bodies[last]!.text, body.text))
  if (difference === undefined) return entryOf(body.text.length, body.text)
  const [entry, added] = differenceEntry(difference)
  return entryOf([last, ...entry] as TextEntry, added)
}

/** The bytes to store. `find` gives what of its bodies stands in passages. */
export const encode = (fact: Fact, find: FindCuts = noCuts): Buffer => {
  const { call, debugBytes, inConversation = false, isAltered = false, parts, sharesPassages = false } = fact
  const { time: since } = parts[0]!
  const entries: Array<EventEntry | ExchangeEntry> = []
  const bodies: Array<Body> = []
  let texts = ""
  for (const part of parts) {
    const { causationId, counter, numbering, time, type } = part
    const common = [numberings.indexOf(numbering), counter, time - since, causationId, type] as const
    if (part.kind === "event") {
      const [stored, ...cuts] = cutWith(part.payload, () => part.cuts ?? [])
      texts += stored
      entries.push([0, ...common, part.schemaVersion, stored.length, ...cuts])
      continue
    }
    const { body, debug, excerpt, head, kind, raw } = part
    texts += head ?? ""
    const [entry, added] = body === null ? [null, ""] : bodyEntry(body, bodies, { find, inConversation })
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
    parts: entries,
    ...sharesPassages && inConversation ? { inConversation } : {}
  }
  const kind = sharesPassages ? "sharesPassages" : inConversation ? "inConversation" : "alone"
  return FactBytes.pack(`${JSON.stringify(header)}\n${texts}`, { kind, isAltered })
}

/** Characters of the text that a body adds, as it is before anything is cut. */
const addedLength = (entry: TextEntry | OutsideEntry): number => {
  if (typeof entry === "number") return entry
  const difference = "base" in entry ? entry.difference : entry.slice(1)
  return difference.length === 3 ? difference[1] as number : 0
}

const lengthOfCuts = (cuts: ReadonlyArray<Cut>): number => cuts.reduce((sum, { length }) => sum + length, 0)

const differenceOf = (entry: DifferenceEntry, added: () => string | undefined): BodyDifference => {
  switch (entry.length) {
    case 0:
      return { kind: "same" }
    case 2:
      return { kind: "replaced", find: entry[0], replacement: entry[1] }
    case 3:
      return {
        kind: "spliced",
        before: entry[0],
        after: entry[2],
        get middle() {
          return added() ?? ""
        }
      }
  }
}

/** Where what a fact refers to is looked up. */
export interface Sources {
  /** Texts of bodies of earlier facts. */
  readonly textOf: TextOf
  /** Payloads of state events, as they are stored. */
  readonly payloadOf: StoredPayload
}

/** There is nothing that could be referred to. */
export const nothing: Sources = { textOf: () => undefined, payloadOf: () => undefined }

/** A text of which something is stored elsewhere: made whole when it is looked at first. */
const lazily = (stored: string, cuts: ReadonlyArray<Cut>, payloadOf: StoredPayload): () => string | undefined => {
  let made: { readonly text: string | undefined } | undefined
  return () => (made ??= { text: Passage.restored(stored, cuts, payloadOf) }).text
}

/** Characters that are stored of an exchange. */
const lengthOfExchange = (entry: ExchangeEntry): number => {
  const [head, body, excerpt] = [entry[8], entry[9], entry[10]]
  const ofBody = body === null ? 0 : addedLength(body[2]) - lengthOfCuts(Passage.ofEntries(body[3] ?? []))
  return (head ?? 0) + ofBody + (excerpt ?? 0)
}

class Reader {
  readonly #text: string
  readonly #sources: Sources
  readonly #inConversation: boolean
  readonly #bodies: Array<Body> = []
  #at: number

  constructor(text: string, at: number, inConversation: boolean, sources: Sources) {
    this.#text = text
    this.#at = at
    this.#inConversation = inConversation
    this.#sources = sources
  }

  text(length: number): string {
    return this.#text.slice(this.#at, this.#at += length)
  }

  body([encoding, frames, entry, cuts = []]: BodyEntry): Body {
    const body = this.#body(entry, Passage.ofEntries(cuts), {
      encoding: encodings[encoding]!,
      frames: frames === 0 ? null : { lengths: frames[0], times: frames[1] }
    })
    this.#bodies.push(body)
    return body
  }

  #body(entry: TextEntry | OutsideEntry, cuts: ReadonlyArray<Cut>, common: Omit<Body, "text">): Body {
    const stored = this.text(addedLength(entry) - lengthOfCuts(cuts))
    const added = cuts.length === 0 ? () => stored : lazily(stored, cuts, this.#sources.payloadOf)
    if (typeof entry === "number") {
      if (cuts.length === 0) return { text: stored, ...common }
      return {
        ...common,
        get text() {
          return added() ?? ""
        },
        get isDamaged() {
          return added() === undefined
        }
      }
    }
    if ("base" in entry) {
      const { base: [position, body], difference, digest } = entry
      const reference = { base: { position, body }, difference: differenceOf(difference, added), digest }
      const { textOf } = this.#sources
      return BodyReference.body(
        reference,
        common,
        () => added() === undefined ? undefined : textOf(reference.base)
      )
    }
    const [number, ...rest] = entry
    const earlier = this.#bodies[number]!
    const difference = differenceOf(rest as unknown as DifferenceEntry, added)
    if (!this.#inConversation && cuts.length === 0 && earlier.isDamaged === undefined) {
      return { text: Difference.apply(earlier.text, difference), ...common }
    }
    const reference = { base: null, difference, digest: null }
    return BodyReference.body(
      reference,
      common,
      () => added() === undefined || earlier.isDamaged === true ? undefined : earlier.text
    )
  }

  #payload(entry: EventEntry): Pick<EventPart, "payload" | "cuts"> {
    const stored = this.text(entry[7])
    if (entry[8] === undefined) return { payload: stored }
    const cuts = Passage.ofEntries(entry[8])
    const whole = lazily(stored, cuts, this.#sources.payloadOf)
    return {
      cuts,
      get payload() {
        const payload = whole()
        if (payload === undefined) throw new Error("what the payload of an event refers to is gone")
        return payload
      }
    }
  }

  part(entry: EventEntry | ExchangeEntry, since: number): Part {
    const [, numbering, counter, time, causationId, type] = entry
    const common = { numbering: numberings[numbering]!, counter, time: since + time, causationId, type }
    if (entry[0] === 0) return { kind: "event", ...common, schemaVersion: entry[6], ...this.#payload(entry) }
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

/** The payload of an event in a fact, as it is stored. */
export const storedPayload = (stored: Uint8Array, part: number): string | undefined => {
  FactBytes.kindOf(stored)
  const { isAltered, text } = FactBytes.unpack(stored)
  if (isAltered) return undefined
  const end = text.indexOf("\n")
  let at = end + 1
  for (const [index, entry] of headerOf(text, end).parts.entries()) {
    const length = entry[0] === 0 ? entry[7] : lengthOfExchange(entry)
    if (index === part) return entry[0] === 0 ? text.slice(at, at + length) : undefined
    at += length
  }
  return undefined
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

/**
 * The fact of stored bytes. One whose bytes were changed by another hand says so. `sources` are asked for what it refers
 * to when a text that does is looked at first.
 */
export const decode = (stored: Uint8Array, columns: Columns, sources: Sources = nothing): Fact => {
  const kind = FactBytes.kindOf(stored)
  return read(columns, () => {
    const { isAltered, text } = FactBytes.unpack(stored)
    const end = text.indexOf("\n")
    const { call, debugBytes, inConversation = kind === "inConversation", parts, time } = headerOf(text, end)
    const reader = new Reader(text, end + 1, inConversation, sources)
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
      ...(kind === "sharesPassages" ? { sharesPassages: true } : {}),
      ...(isAltered ? { isAltered } : {})
    }
  })
}
