/** What a request has emitted and not yet handed to the writer. When it is, it becomes facts, and secrets are masked. */
import * as BodyText from "../../events/facts/BodyText.ts"
import type { Appendable, Body, EventPart, ExchangePart, Fact, FactCall, Part } from "../../events/facts/Fact.ts"
import { mostEvents } from "../../events/facts/Fact.ts"
import type { IsOwn } from "../../events/redaction/JsonRanges.ts"
import type { Redactor } from "../../events/redaction/Redactor.ts"
import * as StreamRedaction from "../../events/redaction/StreamRedaction.ts"
import type { EventDraft } from "../../events/types/Envelope.ts"
import type * as WholeBody from "../bytes/WholeBody.ts"

/** A request as it goes out or comes in. */
export interface SentRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: WholeBody.WholeBody
}

/** The head of an answer; its status is null where there was none. */
export interface AnswerHead {
  readonly status: number | null
  readonly headers: Readonly<Record<string, string>>
}

/** An exchange as it is until then: complete, whatever levels store it. */
export type PendingExchange = ExchangePart & { readonly head: string; readonly body: Body }

/** A part of a fact. */
export interface PendingPart {
  readonly event?: undefined
  readonly part: EventPart | PendingExchange
  readonly call: FactCall | null
  /** Words of an event's payload that are Strata's: they are no secrets, whoever sent them. */
  readonly isOwn?: IsOwn
  /** What is searched for secrets in place of an exchange's body; undefined: all of it. */
  readonly searched?: string | undefined
}

/** Or an event of its own, masked already: it ends a fact, and the next begins. */
export type Pending = PendingPart | { readonly event: EventDraft }

/** The client's answer is the vendor's, mostly: it was searched then. */
const isSame = ({ encoding, frames, text }: Body, last: Body | undefined): boolean =>
  last !== undefined && text === last.text && encoding === last.encoding && (frames === null) === (last.frames === null)

/** `startsWith` compares one character after the other: of a stream it takes fifty times as long. */
const beginsAs = (text: string, beginning: string): boolean =>
  text.length >= beginning.length && text.slice(0, beginning.length) === beginning

/** Characters before what is added, which are searched with it: no secret is cut there. */
const overlap = 4096

/** Where a body is the last one and more, such as the frame that ends a stream: what must be searched with that; else undefined. */
const restOf = ({ encoding, text }: Body, last: Body): string | undefined => {
  if (encoding !== "utf-8" || last.encoding !== encoding || !beginsAs(text, last.text)) {
    return undefined
  }
  const isTextInPieces = StreamRedaction.textInPieces({ encoding, text: text.slice(last.text.length) }) !== ""
  return isTextInPieces ? undefined : text.slice(Math.max(0, last.text.length - overlap))
}

/** Most requests hold no secret: all texts are searched at once, before anything is taken apart. */
const isClean = (pending: ReadonlyArray<Pending>, redactor: Redactor): boolean => {
  let text = ""
  let last: Body | undefined
  for (const each of pending) {
    if (each.event !== undefined) continue
    const { part } = each
    text += part.kind === "event" ? `${part.payload}\n` : `${part.head}\n`
    if (part.kind === "event" || isSame(part.body, last)) continue
    const { body } = part
    const rest = last === undefined ? undefined : restOf(body, last)
    last = body
    const searched = rest ?? each.searched ?? body.text
    text += `${searched}\n`
    if (rest !== undefined) continue
    if (body.frames === null && body.encoding === "utf-8") continue
    const pieces = StreamRedaction.textInPieces({ encoding: body.encoding, text: searched })
    if (pieces === undefined) return false
    text += pieces
  }
  return redactor.isClean(text)
}

const maskedBody = (body: Body, redactor: Redactor): Body => {
  if (body.frames === null) {
    const [text = ""] = StreamRedaction.frames([body.text], body.encoding, redactor)
    return { ...body, text }
  }
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

/** Where raw is not stored, what debug shows. */
const withExcerpt = (part: PendingExchange, debugBytes: number): ExchangePart => ({
  ...part,
  head: null,
  body: null,
  excerpt: BodyText.excerpt(part.body, BodyText.excerptBytes(part.kind, debugBytes))
})

/** A fact to which parts are added: it has their call, once one of them has one. */
interface OpenFact extends Fact {
  call: FactCall | null
  readonly parts: Array<Part>
}

/** What is to be appended, without secrets. `of`: what all facts have in common. */
export const toAppend = (
  pending: ReadonlyArray<Pending>,
  redactor: Redactor,
  of: Omit<Fact, "call" | "parts">
): ReadonlyArray<Appendable> => {
  const clean = isClean(pending, redactor)
  const appended: Array<Appendable> = []
  let open: OpenFact | undefined
  for (const each of pending) {
    if (each.event !== undefined) {
      open = undefined
      appended.push(each.event)
      continue
    }
    const { call } = each
    const isFull = open !== undefined && 2 * (open.parts.length + 1) > mostEvents
    if (open === undefined || isFull || (open.call !== null && call !== null && open.call.id !== call.id)) {
      appended.push(open = { ...of, call: null, parts: [] })
    }
    open.call ??= call
    const part = clean ? each.part : masked(each, redactor)
    open.parts.push(part.kind === "event" || part.raw !== null ? part : withExcerpt(part, of.debugBytes))
  }
  return appended
}
