/** Compares the events of a request with those its replay made, and names the first divergence. */
import { Predicate } from "effect"
import * as Redaction from "../../events/redaction/Redaction.ts"
import { Redactor } from "../../events/redaction/Redactor.ts"
import * as StreamRedaction from "../../events/redaction/StreamRedaction.ts"
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import { isPruned, payloadOf } from "../../events/types/Envelope.ts"
import type { Definition } from "../../events/types/Event.ts"
import { field, textOrNull } from "../../events/types/JsonAccess.ts"
import type { Difference } from "../../events/types/JsonDifference.ts"
import { differences, pathMatches } from "../../events/types/JsonDifference.ts"
import type { Frame, RequestTraffic, ResponseTraffic } from "../../events/types/Traffic.ts"
import { headSha256, sha256 } from "../../events/types/Traffic.ts"
import { isTruncated } from "../../events/types/Truncate.ts"
import { isOfCall } from "../calls/CallEvents.ts"
import { Response } from "../calls/LlmEvents.ts"
import * as EarlierFormat from "./EarlierFormat.ts"
import { cutAs } from "./FrameCuts.ts"

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

interface Digest {
  readonly path: "sha256" | "head_sha256"
  readonly expected: string
  readonly found: string
}

/** The digests a raw event was stored with, and what they are of what stands in it now. */
const digestsOf = (event: RecordedEvent): ReadonlyArray<Digest> => {
  const payload = payloadOf(event)
  const [body, head, text] = [field(payload, "sha256"), field(payload, "head_sha256"), textOf(payload)]
  const digests: Array<Digest> = []
  if (Predicate.isString(head)) {
    const { headers, status } = payload as unknown as Pick<ResponseTraffic, "headers" | "status">
    digests.push({ path: "head_sha256", expected: head, found: headSha256(status, headers) })
  }
  if (Predicate.isString(body) && text !== undefined) {
    digests.push({ path: "sha256", expected: body, found: sha256(text) })
  }
  return digests
}

/** The digest that no longer fits; undefined for an event that is as it was written. */
const brokenDigest = (event: RecordedEvent): Digest | undefined =>
  digestsOf(event).find(({ expected, found }) => expected !== found)

const redactor = new Redactor()

/** What is masked now may have been recorded before it was: it is compared as it would be stored now. */
const masked = (event: RecordedEvent): unknown => {
  const payload = JSON.parse(event.payload)
  return JSON.parse(
    redactor.text(JSON.stringify(event.level === "debug" ? maskedDebug(payload) : maskedTraffic(payload)))
  )
}

/** What an observation may have at default or raw level. */
interface Named extends Partial<RequestTraffic>, Pick<ResponseTraffic, "frames"> {
  readonly query?: unknown
}

/** With their times. */
const maskedFrames = (frames: ReadonlyArray<Frame>, encoding: ResponseTraffic["encoding"]): ReadonlyArray<Frame> => {
  const masked = StreamRedaction.frames(frames.map(([, text]) => text), encoding, redactor)
  return frames.map(([time], index) => [time, masked[index]!])
}

const maskedTraffic = (payload: Named) => {
  const { encoding = "utf-8", frames, headers, query, url } = payload
  return {
    ...payload,
    ...(query === undefined ? {} : { query: Redaction.json(query) }),
    ...(url === undefined ? {} : { url: redactor.url(url) }),
    ...(headers === undefined ? {} : { headers: redactor.headers(headers) }),
    ...(frames === undefined ? {} : { frames: maskedFrames(frames, encoding) })
  }
}

/** The frames of a stream are a list of texts. */
const maskedDebug = (payload: { readonly response?: unknown }) => {
  const { response } = payload
  if (!Array.isArray(response) || !response.every(Predicate.isString)) return payload
  return { response: StreamRedaction.frames(response, "utf-8", redactor) }
}

/** How much of a debug payload is shown was configured then: the raw event has all of it. */
const isCut = ({ level, payload }: RecordedEvent): boolean => level === "debug" && isTruncated(payload)

const compared = (event: RecordedEvent, payload = masked(event)) => ({
  type: event.type,
  schemaVersion: event.schemaVersion,
  attempt: event.attempt,
  provider: event.provider,
  causationId: event.causationId,
  payload
})

/** What the text itself tells: it is the text that is compared. */
const derived = new Set(["sha256", "head_sha256", "bytes", "headers.content-length"])

const inDebug = /^(request|response)\b/

/** Of a type: the fields that may differ, and those that earlier versions did not have. Undefined: it is in no catalog. */
export type DefinitionOf = (type: string) => Pick<Definition, "volatile" | "added"> | undefined

interface Rules {
  readonly definitionOf: DefinitionOf
  /** True for what an earlier version recorded. */
  readonly earlier: boolean
}

/** What an answer's summary says, as far as its recorder could read it off the answer. */
const summary = /^(response_id|response_model|finish_reason|usage(\.\w+)?)$/

/** The version that it was recorded in did not have the field. */
const wasNotThere = (added: ReadonlyArray<string>, { expected, path }: Difference): boolean =>
  expected === undefined && added.includes(path)

/** An earlier Strata read less off the same answer: the answer itself stands in the raw event, and is compared there. */
const wasNotRead = (type: string, { expected, path }: Difference): boolean =>
  type === Response.base.type && summary.test(path) && (expected === null || expected === undefined || expected === "")

const compareEvent = (recorded: RecordedEvent, rerun: RecordedEvent, rules: Rules): Divergence | undefined => {
  const cut = isCut(recorded) || isCut(rerun)
  const { added = [], volatile = [] } = rules.definitionOf(recorded.type) ?? {}
  // What was removed to save space can't differ.
  const payload = masked(isPruned(recorded) ? rerun : recorded)
  const first = differences(compared(recorded, payload), compared(rerun, cutAs(payload, masked(rerun))))
    .map((difference) => ({ ...difference, path: difference.path.replace(/^payload\.?/, "") }))
    .filter((difference) => !wasNotRead(recorded.type, difference) && !wasNotThere(added, difference))
    .find((difference) => {
      const { path } = difference
      return !derived.has(path) && !(cut && inDebug.test(path)) && !pathMatches(volatile, path) &&
        !(rules.earlier && EarlierFormat.isOfFormat(difference))
    })
  return first === undefined
    ? undefined
    : { position: recorded.position, type: recorded.type, altered: false, ...first }
}

const firstDifference = (
  recorded: ReadonlyArray<RecordedEvent>,
  rerun: ReadonlyArray<RecordedEvent>,
  rules: Rules
): Divergence | undefined => {
  for (let index = 0; index < Math.max(recorded.length, rerun.length); index++) {
    const [expected, actual] = [recorded[index], rerun[index]]
    if (expected !== undefined && actual !== undefined) {
      const divergence = compareEvent(expected, EarlierFormat.asResponse(expected, actual), rules)
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
  rerun: ReadonlyArray<RecordedEvent>,
  rules: Rules
): Divergence | undefined => {
  const divergence = firstDifference(
    recorded.filter(({ level }) => level === "raw"),
    rerun.filter(({ level }) => level === "raw"),
    rules
  )
  return divergence !== undefined && inText.test(divergence.path) ? divergence : undefined
}

/** Where within an altered event: the replay of what it says now differs there from the rest of the recording. */
const locate = (event: RecordedEvent, digest: Digest, divergence: Divergence | undefined): Divergence => {
  const place = { position: event.position, type: event.type, altered: true }
  return divergence === undefined
    ? { ...place, ...digest }
    : { ...divergence, ...place, path: divergence.path.replace(/^(payload|request|response)\b/, "body") }
}

/** A call in a branch of its request: what goes on beside it comes before or after, as it happens. */
const isOfBranch = (event: RecordedEvent): boolean =>
  isOfCall(event, "request", "default") && textOrNull(field(payloadOf(event), "call"))?.includes("/") === true

/** The rerun in the order of the recording, as far as both have the same events; what is in it alone comes last. */
const inOrderOf = (
  recorded: ReadonlyArray<RecordedEvent>,
  rerun: ReadonlyArray<RecordedEvent>
): ReadonlyArray<RecordedEvent> => {
  const places = new Map(recorded.map(({ id }, place) => [id, place]))
  const placeOf = ({ id }: RecordedEvent) => places.get(id) ?? recorded.length
  return rerun.toSorted((one, other) => placeOf(one) - placeOf(other))
}

/** The first divergence of a request; undefined: identical. */
export const compare = (
  recorded: ReadonlyArray<RecordedEvent>,
  again: ReadonlyArray<RecordedEvent>,
  definitionOf: DefinitionOf
): Divergence | undefined => {
  const earlier = EarlierFormat.isEarlier(recorded)
  const rules = { definitionOf, earlier }
  const ordered = recorded.some(isOfBranch) ? inOrderOf(recorded, again) : again
  const rerun = earlier ? EarlierFormat.asEarlier(ordered) : ordered
  const divergence = firstDifference(recorded, rerun, rules)
  const altered = recorded.find((event) => brokenDigest(event) !== undefined)
  const digest = altered === undefined ? undefined : brokenDigest(altered)
  if (altered === undefined || digest === undefined) return divergence
  const inText = digest.path === "sha256" ? firstTextDifference(recorded, rerun, rules) : undefined
  return locate(altered, digest, inText ?? divergence)
}
