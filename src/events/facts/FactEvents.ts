/**
 * The events a fact stands for. It only places and formats: it reads no Schema, dialect, rule or configuration, so that
 * an event never changes once its fact is stored. What it does is a part of the fact's format.
 */
import type { RecordedEvent } from "../types/Envelope.ts"
import type { Level } from "../types/Event.ts"
import * as EventIds from "../types/EventIds.ts"
import { sha256 } from "../types/Traffic.ts"
import * as BodyText from "./BodyText.ts"
import type { Appendable, ExchangePart, Fact, Numbering, Part } from "./Fact.ts"
import { isFact } from "./Fact.ts"

/** Where the first event of a fact stands. */
export interface Place {
  readonly stream: string
  readonly version: number
  readonly position: number
}

/** An event before its payload is made. */
export type EventHead = Omit<RecordedEvent, "payload">

/** What the events of a fact are numbered under. */
const basesOf = ({ call, requestId, sessionId }: Fact): Record<Numbering, string> => ({
  request: requestId,
  call: call?.id ?? requestId,
  session: sessionId ?? requestId
})

const pruned = "null"

/** The digest of nothing: what was altered fits none. */
const noDigest = "0".repeat(64)

const debugPayload = ({ body, excerpt, kind }: ExchangePart, debugBytes: number): string =>
  `{"${kind === "request" ? "request" : "response"}":${
    excerpt ?? (body === null ? pruned : BodyText.excerpt(body, BodyText.excerptBytes(kind, debugBytes)))
  }}`

const rawPayload = ({ body, head, kind }: ExchangePart, isAltered: boolean): string => {
  if (body === null || head === null) return pruned
  const digest = isAltered ? noDigest : sha256(body.text)
  const ofHead = kind === "answer" ? `,"head_sha256":"${isAltered ? noDigest : BodyText.headDigest(head)}"` : ""
  return `{${head}${ofHead},${BodyText.fields(body)},"sha256":"${digest}"}`
}

/** The events in order; `wants` spares making those that nobody asks for. */
export const derive = (
  fact: Fact,
  { position, stream, version }: Place,
  wants: (head: EventHead) => boolean = () => true
): Array<RecordedEvent> => {
  const bases = basesOf(fact)
  const { call, debugBytes, isAltered = false, parentSessionId, principal, requestId, sessionId } = fact
  const events: Array<RecordedEvent> = []
  let index = 0

  const add = (
    { causationId, numbering, time }: Part,
    counter: number,
    type: string,
    level: Level,
    schemaVersion: number,
    prunedAt: number | null,
    payload: () => string
  ) => {
    const ofCall = numbering === "call" ? call : null
    const head: EventHead = {
      position: position + index,
      stream,
      version: version + index++,
      id: EventIds.nth(bases[numbering], counter),
      type,
      level,
      schemaVersion,
      time,
      sessionId,
      parentSessionId,
      requestId: numbering === "session" ? null : requestId,
      attempt: ofCall?.attempt ?? null,
      causationId,
      provider: ofCall?.provider ?? null,
      principal,
      ...(prunedAt === null ? {} : { prunedAt })
    }
    if (wants(head)) events.push({ ...head, payload: prunedAt === null ? payload() : pruned })
  }

  for (const part of fact.parts) {
    const { counter, type } = part
    if (part.kind === "event") {
      add(part, counter, type, "default", part.schemaVersion, null, () => part.payload)
      continue
    }
    const { debug, raw } = part
    if (debug !== null) {
      const payload = () => debugPayload(part, debugBytes)
      add(part, counter, `${type}:debug`, "debug", debug.schemaVersion, debug.prunedAt, payload)
    }
    if (raw !== null) {
      add(part, counter + 1, `${type}:raw`, "raw", raw.schemaVersion, raw.prunedAt, () => rawPayload(part, isAltered))
    }
  }
  return events
}

/** Counters from the first to the last, of the ids counted under one. */
export interface IdRange {
  readonly base: string
  readonly first: number
  readonly last: number
}

/** What is taken of the ids of its request, its call and its session. */
export const idRanges = (fact: Fact): ReadonlyArray<IdRange> => {
  const bases = basesOf(fact)
  const ranges: Array<{ base: string; first: number; last: number }> = []
  for (const part of fact.parts) {
    const base = bases[part.numbering]
    const isAlone = part.kind === "event"
    const first = isAlone || part.debug !== null ? part.counter : part.counter + 1
    const last = isAlone || part.raw === null ? part.counter : part.counter + 1
    const range = ranges.find((each) => each.base === base)
    if (range === undefined) ranges.push({ base, first, last })
    else range.last = last
  }
  return ranges
}

/** The ids of all events that it stands for. */
export const idsOf = (appendable: Appendable): ReadonlyArray<string> => {
  if (!isFact(appendable)) return [appendable.id]
  const bases = basesOf(appendable)
  return appendable.parts.flatMap((part) => {
    const base = bases[part.numbering]
    if (part.kind === "event") return [EventIds.nth(base, part.counter)]
    return [
      ...(part.debug === null ? [] : [EventIds.nth(base, part.counter)]),
      ...(part.raw === null ? [] : [EventIds.nth(base, part.counter + 1)])
    ]
  })
}

/** Where its events are found by id: the first that is its request's or its call's. */
export const idOf = (fact: Fact): string => {
  let part = fact.parts[0]!
  if (part.numbering === "session") part = fact.parts[1] ?? part
  const isFirst = part.kind === "event" || part.debug !== null
  return EventIds.nth(basesOf(fact)[part.numbering], isFirst ? part.counter : part.counter + 1)
}

/** True where nothing can stand in its stream, nor of its request, before it: it begins a session made for that. */
export const beginsStream = ({ parts }: Fact): boolean => parts[0]!.numbering === "session"
