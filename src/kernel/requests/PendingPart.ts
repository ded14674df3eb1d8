/** A part of a fact as it is until its request hands it to the writer: then what is secret in it is masked. */
import * as BodyText from "../../events/facts/BodyText.ts"
import type { Body, EventPart, ExchangePart, FactCall, Part } from "../../events/facts/Fact.ts"
import type { IsOwn } from "../../events/redaction/JsonRanges.ts"
import type { Redactor } from "../../events/redaction/Redactor.ts"
import * as StreamRedaction from "../../events/redaction/StreamRedaction.ts"

export interface PendingPart {
  readonly call: FactCall | null
  readonly part: EventPart | PendingExchange
  /** Words of an event's payload that are Strata's: they are no secrets, whoever sent them. */
  readonly isOwn: IsOwn | undefined
}

/** Complete, whatever levels store it. */
export type PendingExchange = ExchangePart & { readonly head: string; readonly body: Body }

/** What is searched for secrets before anything is taken apart. */
const searchedText = ({ part }: PendingPart): string =>
  part.kind === "event" ? part.payload : `${part.head}\n${part.body.text}`

const isCleanStream = ({ part }: PendingPart, redactor: Redactor): boolean =>
  part.kind === "event" || part.body.frames === null || StreamRedaction.isClean(part.body, redactor)

/** True where nothing of them is masked: most requests hold no secret, and are searched at once. */
const areClean = (pending: ReadonlyArray<PendingPart>, redactor: Redactor): boolean => {
  let text = ""
  for (const each of pending) text += `${searchedText(each)}\n`
  return redactor.isClean(text) && pending.every((each) => isCleanStream(each, redactor))
}

const maskedBody = (body: Body, redactor: Redactor): Body => {
  if (body.frames === null) return { ...body, text: redactor.text(body.text) }
  const frames = StreamRedaction.frames(BodyText.framesOf(body)!, body.encoding, redactor)
  return {
    ...body,
    text: frames.join(""),
    frames: { ...body.frames, lengths: frames.map(({ length }) => length) }
  }
}

const masked = ({ isOwn, part }: PendingPart, redactor: Redactor): EventPart | PendingExchange =>
  part.kind === "event"
    ? { ...part, payload: redactor.payload(part.payload, "default", isOwn) }
    : { ...part, head: redactor.text(`{${part.head}}`).slice(1, -1), body: maskedBody(part.body, redactor) }

/** What is stored of an exchange: all of it at raw, at debug the excerpt. */
const stored = (part: EventPart | PendingExchange, debugBytes: number): Part =>
  part.kind === "event" || part.raw !== null ? part : {
    ...part,
    head: null,
    body: null,
    excerpt: BodyText.excerpt(part.body, BodyText.excerptBytes(part.kind, debugBytes))
  }

/** The parts as they are stored. */
export const storedParts = (
  pending: ReadonlyArray<PendingPart>,
  redactor: Redactor,
  debugBytes: number
): ReadonlyArray<Part> => {
  const clean = areClean(pending, redactor)
  return pending.map((each) => stored(clean ? each.part : masked(each, redactor), debugBytes))
}
