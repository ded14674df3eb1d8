/**
 * A fact: one stored row for a run of consecutive events of one request. What goes over a wire stands in it once, and
 * the events are made of it when they are read (`FactEvents`).
 */
import type { EventDraft } from "../types/Envelope.ts"
import type { ResponseTraffic } from "../types/Traffic.ts"
import type { BodyDifference } from "./BodyDifference.ts"
import type { Cut } from "./Passage.ts"

/** Whose counter numbers an event: its request's, that of the fact's call, or that of the session it begins. */
export type Numbering = "request" | "call" | "session"

interface Numbered {
  readonly numbering: Numbering
  readonly counter: number
  /** Milliseconds since 1970. */
  readonly time: number
  readonly causationId: string | null
}

/** An event at default level; its payload, JSON text, is finished. */
export interface EventPart extends Numbered {
  readonly kind: "event"
  readonly type: string
  readonly schemaVersion: number
  readonly payload: string
  /** What of the payload is stored elsewhere. */
  readonly cuts?: ReadonlyArray<Cut>
}

/** Above default, whose events are parts of their own. */
export type ExchangeLevel = "debug" | "raw"

/** One level of an exchange that is stored. */
export interface StoredLevel {
  readonly schemaVersion: number
  /** When its payload was removed, milliseconds since 1970; null: it was not. */
  readonly prunedAt: number | null
}

/** A body of an earlier fact of the same stream. */
export interface BaseBody {
  /** Of that fact. */
  readonly position: number
  /** Its number among the bodies of that fact, from 0. */
  readonly body: number
}

/** How a body is stored that differs little from another. */
export interface BodyReference {
  /** Null: the body before it in its own fact. */
  readonly base: BaseBody | null
  readonly difference: BodyDifference
  /** Of the whole text (`BodyReference.digestOf`), where what it refers to stands in another fact. */
  readonly digest: string | null
}

/** What was sent or answered: a text, or the frames of a stream, joined. Nothing in it is secret. */
export interface Body {
  readonly text: string
  readonly encoding: ResponseTraffic["encoding"]
  /** Of a stream: the length of each frame in the text, and when it came, milliseconds since the request was sent. */
  readonly frames: { readonly lengths: ReadonlyArray<number>; readonly times: ReadonlyArray<number> } | null
  /** In a conversation, unless it is stored whole: as what. Its text is whole all the same. */
  readonly reference?: BodyReference
  /** What it refers to is gone, or another: there is no text. */
  readonly isDamaged?: boolean
}

/** A request or an answer at debug and raw level: its events have this counter and the next. */
export interface ExchangePart extends Numbered {
  readonly kind: "request" | "answer"
  /** Of the event at default level: `llm:request`. */
  readonly type: string
  readonly debug: StoredLevel | null
  readonly raw: StoredLevel | null
  /** Where raw is stored: the fields of the raw payload before its body, JSON text without braces. */
  readonly head: string | null
  /** Where raw is stored. */
  readonly body: Body | null
  /** Where only debug is stored: what it shows, JSON text. */
  readonly excerpt: string | null
}

export type Part = EventPart | ExchangePart

/** The call to a provider that a fact tells of. */
export interface FactCall {
  /** What its events are numbered under: its request's id, and its path. */
  readonly id: string
  /** Within its request: `1`, `2`, `2.1` … */
  readonly path: string
  readonly attempt: number
  readonly provider: string
}

/** Events that one fact stands for at most: who looks for one within it looks so far back. */
export const mostEvents = 64

export interface Fact {
  readonly tenant: string
  readonly requestId: string
  readonly sessionId: string | null
  readonly parentSessionId: string | null
  readonly principal: string | null
  readonly call: FactCall | null
  /** Bytes of a debug payload, all of it. */
  readonly debugBytes: number
  /** At least one. */
  readonly parts: ReadonlyArray<Part>
  /** It is of a conversation, whose facts are stored as what differs between them: each of its bodies says how. */
  readonly inConversation?: boolean
  /** It is of a session whose state events say what others say again: texts of it are stored as what refers to them. */
  readonly sharesPassages?: boolean
  /** Its bytes were changed by another hand after they were stored. */
  readonly isAltered?: boolean
}

/** What is appended to a stream: an event, or several as one fact. */
export type Appendable = EventDraft | Fact

export const isFact = (appendable: Appendable): appendable is Fact => "parts" in appendable

/** Events that it stands for. */
export const countOf = (appendable: Appendable): number => {
  if (!isFact(appendable)) return 1
  let count = 0
  for (const part of appendable.parts) {
    count += part.kind === "event" ? 1 : Number(part.debug !== null) + Number(part.raw !== null)
  }
  return count
}

/** Characters of what it holds. */
export const charactersOf = (appendable: Appendable): number => {
  if (!isFact(appendable)) return appendable.payload.length
  let characters = 0
  for (const part of appendable.parts) {
    if (part.kind === "event") characters += part.payload.length
    else characters += (part.head?.length ?? 0) + (part.body?.text.length ?? 0) + (part.excerpt?.length ?? 0)
  }
  return characters
}
