/**
 * The events a fact stands for. It only places and formats: it reads no Schema, dialect, rule or configuration, so that
 * an event never changes once its fact is stored. What it does is a part of the fact's format.
 */
import type { RecordedEvent } from "../types/Envelope.ts"
import type { Level } from "../types/Event.ts"
import * as EventIds from "../types/EventIds.ts"
import { streamOf } from "../types/SessionStream.ts"
import { sha256 } from "../types/Traffic.ts"
import * as BodyText from "./BodyText.ts"
import type { Appendable, Body, ExchangePart, Fact, Numbering, Part } from "./Fact.ts"
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
export const basesOf = ({ call, requestId, sessionId }: Fact): Record<Numbering, string> => ({
  request: requestId,
  call: call?.id ?? requestId,
  session: sessionId ?? requestId
})

const pruned = "null"

/** The digest of nothing: what was altered fits none. */
const noDigest = "0".repeat(64)

/** What is made of a body, by what it is made for. */
type Forms = (body: Body, form: string, make: () => string) => string

/** An answer is often sent on as it came, and shown at each place: what was made of it stands for the next part. */
const remembered = (): Forms => {
  let text: string | undefined
  const made = new Map<string, string>()
  return (body, form, make) => {
    if (body.text !== text) made.clear()
    text = body.text
    const { frames } = body
    const key = frames === null ? form : `${form} ${frames.lengths.join()} ${frames.times.join()}`
    let value = made.get(key)
    if (value === undefined) made.set(key, value = make())
    return value
  }
}

const withoutMemory: Forms = (_body, _form, make) => make()

const debugPayload = ({ body, excerpt, kind }: ExchangePart, debugBytes: number, forms: Forms): string => {
  const bytes = BodyText.excerptBytes(kind, debugBytes)
  const text = excerpt ??
    (body === null ? pruned : forms(body, `excerpt ${bytes}`, () => BodyText.excerpt(body, bytes)))
  return `{"${kind === "request" ? "request" : "response"}":${text}}`
}

const rawPayload = ({ body, head, kind }: ExchangePart, isAltered: boolean, forms: Forms): string => {
  if (body === null || head === null) return pruned
  const digest = isAltered || body.isDamaged === true ? noDigest : forms(body, "sha256", () => sha256(body.text))
  const ofHead = kind === "answer" ? `,"head_sha256":"${isAltered ? noDigest : BodyText.headDigest(head)}"` : ""
  return `{${head}${ofHead},${
    forms(body, `fields ${body.encoding}`, () => BodyText.fields(body))
  },"sha256":"${digest}"}`
}

/** The types of events. */
export interface Types {
  readonly has: (type: string) => boolean
  /** True: none of them is of debug or raw level. */
  readonly isDefault?: boolean
}

export const allTypes: Types = { has: () => true }

export const typesOf = (names: Iterable<string>): Types => {
  const types = new Set(names)
  return { has: (type) => types.has(type), isDefault: ![...types].some((type) => /:(?:debug|raw)$/.test(type)) }
}

/** The events in order; `wants` spares making the payloads of those that nobody asks for, `types` all of them. */
export const derive = (
  fact: Fact,
  { position, stream, version }: Place,
  wants: (head: EventHead) => boolean = () => true,
  types: Types = allTypes
): Array<RecordedEvent> => {
  const bases = basesOf(fact)
  const { call, debugBytes, isAltered = false, parentSessionId, principal, requestId, sessionId, tenant } = fact
  const events: Array<RecordedEvent> = []
  const forms = types.isDefault === true ? withoutMemory : remembered()
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
    const at = index++
    if (!types.has(type)) return
    const ofCall = numbering === "call" ? call : null
    const head: EventHead = {
      position: position + at,
      stream,
      version: version + at,
      id: EventIds.nth(bases[numbering], counter),
      type,
      level,
      schemaVersion,
      time,
      tenant,
      sessionId,
      parentSessionId,
      requestId: numbering === "session" ? null : requestId,
      attempt: ofCall?.attempt ?? null,
      causationId,
      provider: ofCall?.provider ?? null,
      principal
    }
    const pruning = prunedAt === null ? head : { ...head, prunedAt }
    if (wants(pruning)) events.push(Object.assign(pruning, { payload: prunedAt === null ? payload() : pruned }))
  }

  for (const part of fact.parts) {
    const { counter, type } = part
    if (part.kind === "event") {
      add(part, counter, type, "default", part.schemaVersion, null, () => part.payload)
      continue
    }
    const { debug, raw } = part
    if (types.isDefault === true) {
      index += Number(debug !== null) + Number(raw !== null)
      continue
    }
    if (debug !== null) {
      const payload = () => debugPayload(part, debugBytes, forms)
      add(part, counter, `${type}:debug`, "debug", debug.schemaVersion, debug.prunedAt, payload)
    }
    if (raw !== null) {
      add(
        part,
        counter + 1,
        `${type}:raw`,
        "raw",
        raw.schemaVersion,
        raw.prunedAt,
        () => rawPayload(part, isAltered, forms)
      )
    }
  }
  return events
}

/** The counters of a part's events, from the first to the last that is stored. */
export const countersOf = (part: Part): readonly [first: number, last: number] => {
  if (part.kind === "event") return [part.counter, part.counter]
  return [part.debug === null ? part.counter + 1 : part.counter, part.raw === null ? part.counter : part.counter + 1]
}

/** Characters that the ids of a request, of its events and of those of its calls begin with. */
const commonLength = EventIds.commonOf("x".repeat(36)).length

/** False of ids that are too short for any event of a fact, or its request: no fact is looked for. */
export const mayHold = (
  { id, requestId }: { readonly id?: string | undefined; readonly requestId?: string | undefined }
) => [id, requestId].every((each) => each === undefined || each.length >= commonLength)

/** The ids of all events that it stands for. */
export const idsOf = (appendable: Appendable): ReadonlyArray<string> => {
  if (!isFact(appendable)) return [appendable.id]
  const bases = basesOf(appendable)
  return appendable.parts.flatMap((part) => {
    const [first, last] = countersOf(part)
    const ids = [EventIds.nth(bases[part.numbering], first)]
    return first === last ? ids : [...ids, EventIds.nth(bases[part.numbering], last)]
  })
}

/** Where its events are found by id: the first that is its request's or its call's. */
export const idOf = (fact: Fact): string => {
  let part = fact.parts[0]!
  if (part.numbering === "session") part = fact.parts[1] ?? part
  return EventIds.nth(basesOf(fact)[part.numbering], countersOf(part)[0])
}

/** The stream that the event of an id begins, where it is the first of a session that the server opened. */
export const begunStream = (id: string): string => streamOf(EventIds.nth(id, 0))

/** True where little can come of its request behind it: it holds the answer to who asked. */
export const endsRequest = ({ parts }: Fact): boolean => {
  for (const { kind, numbering } of parts) if (kind === "answer" && numbering === "request") return true
  return false
}

/** True where nothing can stand in its stream, nor of its request, before it: it begins a session made for that. */
export const beginsStream = ({ parts }: Fact): boolean => parts[0]!.numbering === "session"
