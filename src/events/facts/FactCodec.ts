/** How a fact is stored: a line of JSON that says what there is, and behind it the texts, none of them escaped. */
import * as EventIds from "../types/EventIds.ts"
import { bodyEntry, cutOut } from "./BodyEntries.ts"
import type { Body, Fact } from "./Fact.ts"
import * as FactBytes from "./FactBytes.ts"
import type { CauseEntry, EventEntry, ExchangeEntry, Header, HeaderEntry } from "./FactEntries.ts"
import { causeEntryOf, levelEntry, numberings } from "./FactEntries.ts"
import type { Columns, Sources } from "./FactReader.ts"
import { FactReader, lengthOfExchange, nothing } from "./FactReader.ts"
import * as FactTypes from "./FactTypes.ts"
import * as HeadIds from "./HeadIds.ts"
import type { CutPayload } from "./Passage.ts"
import * as Passage from "./Passage.ts"
import type { FindCuts } from "./RecentPassages.ts"
import { noCuts } from "./RecentPassages.ts"

/** The bytes to store. `find` gives what of its bodies stands in passages. */
export const encode = (fact: Fact, find: FindCuts = noCuts): Buffer => {
  const { call, debugBytes, inConversation = false, isAltered = false, parts, sharesPassages = false } = fact
  const { time: since } = parts[0]!
  const entries: Array<EventEntry | ExchangeEntry> = []
  const bodies: Array<Body> = []
  const texts: Array<string> = []
  let before = ""
  let cause: string | null = null
  let causeEntry: CauseEntry = null
  for (const part of parts) {
    const { causationId, counter, numbering, time, type } = part
    const typeEntry = type === before ? 0 : FactTypes.numberOf(type) ?? type
    if (causationId !== cause) causeEntry = causeEntryOf(cause = causationId, fact)
    const common = [numberings.indexOf(numbering), counter, time - since, causeEntry, typeEntry] as const
    before = type
    if (part.kind === "event") {
      const [stored, ...cuts] = part.cuts === undefined ? [part.payload] : cutOut(part.payload, part.cuts)
      texts.push(stored)
      entries.push([0, ...common, part.schemaVersion, stored.length, ...cuts])
      continue
    }
    const { body, debug, excerpt, kind, raw } = part
    const head = part.head === null ? null : HeadIds.without(part.head, fact)
    if (head !== null) texts.push(head)
    const [entry, added] = body === null ? [null, ""] : bodyEntry(body, bodies, { find, inConversation })
    if (body !== null) bodies.push(body)
    if (added !== "") texts.push(added)
    if (excerpt !== null) texts.push(excerpt)
    const exchange = [
      kind === "request" ? 1 : 2,
      ...common,
      levelEntry(debug),
      levelEntry(raw),
      head === null ? null : head.length,
      entry
    ] as const
    entries.push(excerpt === null ? exchange : [...exchange, excerpt.length])
  }
  const ofCall = call === null ? null : [call.path, call.attempt, call.provider] as const
  const common = [since, debugBytes, ofCall, entries] as const
  const header: HeaderEntry = sharesPassages && inConversation ? [...common, 1] : common
  const kind = sharesPassages ? "sharesPassages" : inConversation ? "inConversation" : "alone"
  return FactBytes.pack([JSON.stringify(header), "\n", ...texts], { kind, isAltered, goesOn: inConversation })
}

const headerOf = (text: string, end: number): Header => {
  const written: Header | HeaderEntry = JSON.parse(text.slice(0, end))
  if (!("length" in written)) return written
  const [time, debugBytes, call, parts, inConversation] = written
  return { time, debugBytes, call, parts, ...inConversation === 1 ? { inConversation: true } : {} }
}

/** The payload of an event in a fact, as it is stored. */
export const storedPayload = (stored: Uint8Array, part: number): CutPayload | undefined => {
  FactBytes.kindOf(stored)
  const { isAltered, text } = FactBytes.unpack(stored)
  if (isAltered) return undefined
  const end = text.indexOf("\n")
  let at = end + 1
  for (const [index, entry] of headerOf(text, end).parts.entries()) {
    const length = entry[0] === 0 ? entry[7] : lengthOfExchange(entry)
    if (index === part) {
      return entry[0] === 0
        ? { stored: text.slice(at, at + length), cuts: Passage.ofEntries(entry[8] ?? []) }
        : undefined
    }
    at += length
  }
  return undefined
}

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
    const { call: ofCall, debugBytes, inConversation = kind === "inConversation", parts, time } = headerOf(text, end)
    const call = ofCall === null ? null : {
      id: EventIds.ofCall(columns.requestId, ofCall[0]),
      path: ofCall[0],
      attempt: ofCall[1],
      provider: ofCall[2]
    }
    const reader = new FactReader(text, end + 1, { call, columns, inConversation, sources })
    return {
      ...columns,
      debugBytes,
      call,
      parts: parts.map((part) => reader.part(part, time)),
      ...(inConversation ? { inConversation } : {}),
      ...(kind === "sharesPassages" ? { sharesPassages: true } : {}),
      ...(isAltered ? { isAltered } : {})
    }
  })
}
