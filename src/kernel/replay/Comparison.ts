/** Compares the events of a request with those its replay made, and names the first divergence. */
import { Predicate } from "effect"
import type { RecordedEvent } from "../../events/Envelope.ts"
import { payloadOf } from "../../events/Envelope.ts"
import * as FrameRedaction from "../../events/FrameRedaction.ts"
import { field } from "../../events/LooseJson.ts"
import * as Redaction from "../../events/Redaction.ts"
import { Redactor } from "../../events/Redactor.ts"
import type { RequestTraffic, ResponseTraffic } from "../../events/Traffic.ts"
import { sha256 } from "../../events/Traffic.ts"
import { isTruncated } from "../../events/Truncate.ts"
import * as EventCatalog from "../EventCatalog.ts"
import { differences, pathMatches } from "./JsonDifference.ts"

export interface Divergence {
  /** Position of the recorded event; null for an event the recording does not have. */
  readonly position: number | null
  readonly type: string
  /** Into the payload: `body.choices.0.message.content`; empty: the event itself. */
  readonly path: string
  readonly expected: unknown
  readonly found: unknown
  /** True when the recorded event no longer fits its own digest: it was altered after it was written. */
  readonly altered: boolean
}

const textOf = (payload: unknown): string | undefined => {
  const [body, frames] = [field(payload, "body"), field(payload, "frames")]
  if (Predicate.isString(body)) return body
  return Array.isArray(frames)
    ? frames.map((frame: unknown) => Array.isArray(frame) ? String(frame[1]) : "").join("")
    : undefined
}

/** True when a raw event's text no longer has the digest it was stored with. */
const isAltered = (event: RecordedEvent): boolean => {
  const payload = payloadOf(event)
  const [digest, text] = [field(payload, "sha256"), textOf(payload)]
  return Predicate.isString(digest) && text !== undefined && sha256(text) !== digest
}

const redactor = new Redactor()

/** What is masked now may have been recorded before it was: it is compared as it would be stored now. */
const shown = (event: RecordedEvent): unknown => {
  const payload = JSON.parse(event.payload)
  return JSON.parse(redactor.text(JSON.stringify(event.level === "debug" ? shownDebug(payload) : shownByName(payload))))
}

/** What an observation may have at default or raw level. */
interface Named extends Partial<RequestTraffic>, Pick<ResponseTraffic, "frames"> {
  readonly query?: unknown
}

const shownByName = (payload: Named) => {
  const { encoding = "utf-8", frames, headers, query, url } = payload
  return {
    ...payload,
    ...(query === undefined ? {} : { query: Redaction.json(query) }),
    ...(url === undefined ? {} : { url: redactor.url(url) }),
    ...(headers === undefined ? {} : { headers: redactor.headers(headers) }),
    ...(frames === undefined ? {} : { frames: FrameRedaction.frames(frames, encoding, redactor) })
  }
}

/** The frames of a stream are a list of texts. */
const shownDebug = (payload: { readonly response?: unknown }) => {
  const { response } = payload
  if (!Array.isArray(response) || !response.every(Predicate.isString)) return payload
  const frames = FrameRedaction.frames(response.map((text) => [0, text]), "utf-8", redactor)
  return { response: frames.map(([, text]) => text) }
}

/** How much of a debug payload is shown was configured then: the raw event has all of it. */
const isCut = ({ level, payload }: RecordedEvent): boolean => level === "debug" && isTruncated(payload)

const compared = (event: RecordedEvent) => ({
  type: event.type,
  schemaVersion: event.schemaVersion,
  attempt: event.attempt,
  provider: event.provider,
  causationId: event.causationId,
  payload: shown(event)
})

/** What the text itself tells: it is the text that is compared. */
const derived = new Set(["sha256", "bytes", "headers.content-length"])

const inDebug = /^(request|response)\b/

const compareEvent = (recorded: RecordedEvent, found: RecordedEvent): Divergence | undefined => {
  const cut = isCut(recorded) || isCut(found)
  const volatile = EventCatalog.find(recorded.type)?.volatile ?? []
  const first = differences(compared(recorded), compared(found))
    .map((difference) => ({ ...difference, path: difference.path.replace(/^payload\.?/, "") }))
    .find(({ path }) => !derived.has(path) && !(cut && inDebug.test(path)) && !pathMatches(volatile, path))
  return first === undefined
    ? undefined
    : { position: recorded.position, type: recorded.type, altered: false, ...first }
}

const firstDifference = (
  recorded: ReadonlyArray<RecordedEvent>,
  found: ReadonlyArray<RecordedEvent>
): Divergence | undefined => {
  for (let index = 0; index < Math.max(recorded.length, found.length); index++) {
    const [expected, actual] = [recorded[index], found[index]]
    if (expected !== undefined && actual !== undefined) {
      const divergence = compareEvent(expected, actual)
      if (divergence !== undefined) return divergence
    } else {
      return {
        position: expected?.position ?? null,
        type: expected?.type ?? actual?.type ?? "",
        path: "",
        expected: expected?.type,
        found: actual?.type,
        altered: false
      }
    }
  }
  return undefined
}

const inText = /^(body|frames)\b/

/** The first raw event in whose text the two differ: what was altered in one stands unaltered in another. */
const firstTextDifference = (
  recorded: ReadonlyArray<RecordedEvent>,
  found: ReadonlyArray<RecordedEvent>
): Divergence | undefined => {
  const divergence = firstDifference(
    recorded.filter(({ level }) => level === "raw"),
    found.filter(({ level }) => level === "raw")
  )
  return divergence !== undefined && inText.test(divergence.path) ? divergence : undefined
}

/** Where within an altered event: the replay of what it says now differs there from the rest of the recording. */
const locate = (event: RecordedEvent, divergence: Divergence | undefined): Divergence => {
  const place = { position: event.position, type: event.type, altered: true }
  return divergence === undefined
    ? {
      ...place,
      path: "sha256",
      expected: field(payloadOf(event), "sha256"),
      found: sha256(textOf(payloadOf(event)) ?? "")
    }
    : { ...divergence, ...place, path: divergence.path.replace(/^(payload|request|response)\b/, "body") }
}

/** The first divergence of a request; undefined: identical. */
export const compare = (
  recorded: ReadonlyArray<RecordedEvent>,
  found: ReadonlyArray<RecordedEvent>
): Divergence | undefined => {
  const divergence = firstDifference(recorded, found)
  const altered = recorded.find(isAltered)
  return altered === undefined ? divergence : locate(altered, firstTextDifference(recorded, found) ?? divergence)
}
