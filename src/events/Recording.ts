/** What is recorded on behalf of one HTTP request: its events, in order, under its ids. */
import { Context, Effect } from "effect"
import type { Clock } from "effect"
import type { EventDraft } from "./Envelope.ts"
import type { Definition, Level, Payload } from "./Event.ts"
import { includes } from "./Event.ts"
import type { EventHub } from "./EventHub.ts"
import * as EventIds from "./EventIds.ts"
import type { Captured } from "./FrameCapture.ts"
import type { Secrets } from "./Redaction.ts"
import * as Redaction from "./Redaction.ts"
import { streamOf } from "./SessionEvents.ts"
import { headSha256, sha256, textOf } from "./Traffic.ts"

export interface Options {
  readonly hub: EventHub["Service"]
  readonly clock: Clock.Clock
  readonly requestId: string
  readonly sessionId: string | null
  readonly parentSessionId: string | null
  /** Events above this level are not recorded. */
  readonly level: Level
  readonly secrets: ReadonlyArray<Secrets>
}

export interface Attributes {
  readonly causationId?: string | undefined
  readonly attempt?: number | undefined
  readonly provider?: string | undefined
}

/** What is digested is what is stored: a text that lost a secret gets a digest of its own. */
export const withDigestOfText = (payload: string): string => {
  const traffic = JSON.parse(payload)
  const head = traffic.head_sha256 === undefined
    ? {}
    : { head_sha256: headSha256(traffic.status, traffic.headers) }
  return JSON.stringify({ ...traffic, ...head, sha256: sha256(textOf(traffic)) })
}

export class Recording {
  readonly options: Options
  #pending: Array<EventDraft> = []
  #events = 0
  #attempts = 0
  #digested: { readonly text: string; readonly sha256: string } | undefined
  /** The last stream a provider gave: it is likely what the client gets. */
  captured: Captured | undefined

  constructor(options: Options) {
    this.options = options
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return this.options.clock.currentTimeMillisUnsafe()
  }

  /** True when events of this level are recorded: ask before building a costly payload. */
  records(level: Level): boolean {
    return includes(this.options.level, level)
  }

  /** The number of the next provider call, from 1. */
  nextAttempt(): number {
    return ++this.#attempts
  }

  /** Id of the request's first event: the cause of what follows. */
  get origin(): string {
    return EventIds.nth(this.options.requestId, 1)
  }

  /** Adds an event and gives its id. */
  emit<D extends Definition>(definition: D, payload: Payload<D>, attributes: Attributes = {}): string {
    return this.emitText(definition, this.#wants(definition) ? JSON.stringify(payload) : "null", attributes)
  }

  /** Adds an event whose payload is JSON text already. */
  emitText(definition: Definition, payload: string, attributes: Attributes = {}): string {
    const { parentSessionId, requestId, sessionId } = this.options
    const id = EventIds.nth(requestId, ++this.#events)
    if (!this.#wants(definition)) return id
    const masked = this.mask(payload)
    this.#pending.push({
      id,
      type: definition.type,
      level: definition.level,
      schemaVersion: definition.version,
      time: this.now,
      sessionId,
      parentSessionId,
      requestId,
      attempt: attributes.attempt ?? null,
      causationId: attributes.causationId ?? null,
      provider: attributes.provider ?? null,
      payload: masked !== payload && definition.level === "raw" ? withDigestOfText(masked) : masked
    })
    return id
  }

  /** Adds an answer, complete: its body, or what was captured of its stream. */
  emitAnswer(
    definition: Definition,
    answer: { readonly status: number | null; readonly headers: Readonly<Record<string, string>> },
    content: string | Captured,
    attributes: Attributes
  ): void {
    if (!this.#wants(definition)) return
    const { status } = answer
    const headers = Redaction.headers(answer.headers)
    const fields = typeof content === "string"
      ? `"body":${JSON.stringify(content)},"encoding":"utf-8","sha256":"${this.digest(content)}"`
      : content.json
    const digest = headSha256(status, headers)
    const head = `"status":${status},"headers":${JSON.stringify(headers)},"head_sha256":"${digest}"`
    this.emitText(definition, `{${head},${fields}}`, attributes)
  }

  #wants({ durability, level }: Definition): boolean {
    return durability === "state" || this.records(level)
  }

  /** A text without the secrets this request knows: before it is cut, so that no part of one remains. */
  mask(text: string): string {
    for (const secrets of this.options.secrets) text = secrets.mask(text)
    return text
  }

  /** The digest of a text; what passes through is digested once. */
  digest(text: string): string {
    if (this.#digested?.text !== text) this.#digested = { text, sha256: sha256(text) }
    return this.#digested.sha256
  }

  /** Adds an event made elsewhere. */
  add(draft: EventDraft): void {
    this.#pending.push(draft)
  }

  get stream(): string {
    const { requestId, sessionId } = this.options
    return sessionId === null ? `request-${requestId}` : streamOf(sessionId)
  }

  /** Hands what was emitted to the writer, without waiting for it. */
  readonly flush = Effect.suspend(() => {
    const events = this.#take()
    return events.length === 0 ? Effect.void : this.options.hub.publish(this.stream, events)
  })

  /** Waits until all that was emitted is committed. */
  readonly commit = Effect.suspend(() => this.options.hub.append(this.stream, "any", this.#take()))

  #take(): Array<EventDraft> {
    const events = this.#pending
    this.#pending = []
    return events
  }
}

/** The recording of the request a fiber works for; undefined outside of requests and in unrecorded ones. */
export const CurrentRecording = Context.Reference<Recording | undefined>("strata/events/CurrentRecording", {
  defaultValue: () => undefined
})
