/** What is recorded on behalf of one request: its events, in order, under its ids and those of its calls. */
import { Context, Effect } from "effect"
import type { Clock, Schema } from "effect"
import type { Body, ExchangePart, StoredLevel } from "../../events/facts/Fact.ts"
import type { EventHub } from "../../events/log/EventHub.ts"
import type { IsOwn } from "../../events/redaction/JsonRanges.ts"
import * as OwnWords from "../../events/redaction/OwnWords.ts"
import type { Rules } from "../../events/redaction/RedactionRules.ts"
import { Redactor } from "../../events/redaction/Redactor.ts"
import type { Secrets } from "../../events/redaction/Secrets.ts"
import type { EventDraft } from "../../events/types/Envelope.ts"
import type { Definition, Family, Level, Payload } from "../../events/types/Event.ts"
import { includes } from "../../events/types/Event.ts"
import * as JsonAccess from "../../events/types/JsonAccess.ts"
import type { Principal } from "../../events/types/Principal.ts"
import { streamOf } from "../../events/types/SessionStream.ts"
import type { CapturedStream } from "../../events/types/StreamCapture.ts"
import { EventSequence } from "./EventSequence.ts"
import type { AnswerHead, SentRequest } from "./ExchangeParts.ts"
import { answerHead, bodyOf, requestHead } from "./ExchangeParts.ts"
import { PendingEvents } from "./PendingEvents.ts"

const defaultDebugBytes = 2048

export interface Options {
  readonly hub: EventHub["Service"]
  readonly clock: Clock.Clock
  readonly requestId: string
  readonly sessionId: string | null
  readonly parentSessionId: string | null
  /** Who asks; default: nobody known. */
  readonly principal?: Principal | null
  /** Observations above this level are not recorded. */
  readonly level: Level
  /** The level of calls to these provider instances, where it is another. */
  readonly providerLevels?: ReadonlyMap<string, Level>
  /** Bytes of a debug payload; default 2048. */
  readonly debugBytes?: number
  readonly secrets: ReadonlyArray<Secrets>
  readonly rules?: Rules
}

export interface Attributes {
  readonly causationId?: string | undefined
  /** The provider instance concerned, of what is no event of a call. */
  readonly provider?: string | undefined
  /** Which events it is numbered with; default those of the request. */
  readonly sequence?: EventSequence
  /** Words of its payload that are Strata's, besides those of its definition: they are no secrets, whoever sent them. */
  readonly isOwn?: IsOwn
}

/** Texts whose value is remembered: what the client sent, what the vendor got, and the answer. */
const rememberedTexts = 3

export class Recording {
  readonly options: Options
  /** Masks what this request's events must not show. */
  readonly redactor: Redactor
  /** Bytes of a debug payload, all of it. */
  readonly debugBytes: number
  readonly sequence: EventSequence
  readonly #pending: PendingEvents
  #calls = 0
  #parsed: ReadonlyArray<{ readonly text: string; readonly json: Schema.Json | undefined }> = []
  /** The last stream a provider gave: it is likely what the client gets. */
  captured: CapturedStream | undefined

  constructor(options: Options) {
    this.options = options
    this.redactor = new Redactor(options.secrets, options.rules)
    this.debugBytes = options.debugBytes ?? defaultDebugBytes
    this.sequence = new EventSequence(options.requestId)
    this.#pending = new PendingEvents(options, this.redactor, this.debugBytes)
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return this.options.clock.currentTimeMillisUnsafe()
  }

  /** True when observations of this level are recorded, of calls to a provider or of the request itself. */
  records(level: Level, provider?: string | null): boolean {
    const { level: ofRequest, providerLevels } = this.options
    return includes((provider == null ? undefined : providerLevels?.get(provider)) ?? ofRequest, level)
  }

  /** The number of the next call, from 1. */
  nextCall(): number {
    return ++this.#calls
  }

  /** Id of the request's first event: the cause of what follows. */
  get origin(): string {
    return this.sequence.idOf(1)
  }

  /** Id the next event of the request itself will have. */
  get nextId(): string {
    return this.sequence.nextId
  }

  /** Adds an event and gives its id. Its payload is masked, and has its number also where it is not recorded. */
  emit<D extends Definition>(definition: D, payload: Payload<D>, attributes: Attributes = {}): string {
    return this.emitText(definition, JSON.stringify(payload), attributes)
  }

  /** The same of a payload that is JSON text already. */
  emitText(definition: Definition, payload: string, attributes: Attributes = {}): string {
    const isOwn = (word: string) => OwnWords.of(definition).has(word) || attributes.isOwn?.(word) === true
    const { causationId = null, provider, sequence = this.sequence } = attributes
    if (!isSummary(definition) || provider !== undefined) {
      return this.emitMasked(definition, () => this.redactor.payload(payload, definition.level, isOwn), attributes)
    }
    const counter = sequence.take(1)
    const { type, version: schemaVersion } = definition
    const numbering = sequence.call === null ? "request" : "call"
    this.#pending.add(sequence.call, isOwn, {
      kind: "event",
      numbering,
      counter,
      time: this.now,
      causationId,
      type,
      schemaVersion,
      payload
    })
    return sequence.idOf(counter)
  }

  /** Adds an event of its own whose payload, JSON text, shows no secret; it is made only where it is recorded. */
  emitMasked(definition: Definition, payload: () => string, attributes: Attributes = {}): string {
    const { causationId = null, sequence = this.sequence } = attributes
    const provider = attributes.provider ?? sequence.call?.provider ?? null
    const { parentSessionId, principal, requestId, sessionId } = this.options
    const id = sequence.idOf(sequence.take(1))
    if (definition.durability !== "state" && !this.records(definition.level, provider)) return id
    this.add({
      id,
      type: definition.type,
      level: definition.level,
      schemaVersion: definition.version,
      time: this.now,
      sessionId,
      parentSessionId,
      requestId,
      attempt: sequence.call?.attempt ?? null,
      causationId,
      provider,
      principal: principal?.id ?? null,
      payload: payload()
    })
    return id
  }

  /** Adds a request at its debug and its raw level, behind its default event. */
  request(family: Family, request: () => SentRequest, attributes: Attributes): void {
    this.#exchange("request", family, attributes, () => {
      const sent = request()
      return { head: requestHead(sent, this.redactor), body: bodyOf(sent.body) }
    })
  }

  /** Adds an answer at its debug and its raw level: its body, or what was captured of its stream. */
  answer(family: Family, head: AnswerHead, content: string | CapturedStream, attributes: Attributes): void {
    this.#exchange("answer", family, attributes, () => ({
      head: answerHead(head, this.redactor),
      body: bodyOf(content)
    }))
  }

  #exchange(
    kind: ExchangePart["kind"],
    { base, debug, raw }: Family,
    { causationId, sequence = this.sequence }: Attributes,
    content: () => { readonly head: string; readonly body: Body }
  ): void {
    const counter = sequence.take(2)
    const { call } = sequence
    const levelOf = ({ level, version: schemaVersion }: Definition): StoredLevel | null =>
      this.records(level, call?.provider) ? { schemaVersion, prunedAt: null } : null
    const ofDebug = levelOf(debug)
    if (ofDebug === null) return
    const { body, head } = content()
    this.#pending.add(call, undefined, {
      kind,
      numbering: call === null ? "request" : "call",
      counter,
      time: this.now,
      causationId: causationId ?? null,
      type: base.type,
      debug: ofDebug,
      raw: levelOf(raw),
      head,
      body,
      excerpt: null
    })
  }

  /** A text as it may be stored: before it is cut, so that no part of a secret remains. */
  mask(text: string): string {
    return this.redactor.isClean(text) ? text : this.redactor.text(text)
  }

  /** The value of JSON text, undefined where it is none: what passes through is parsed once. */
  parse(text: string): Schema.Json | undefined {
    const before = this.#parsed.find((each) => each.text === text)
    if (before !== undefined) return before.json
    const json = JsonAccess.parse(text)
    this.#parsed = [{ text, json }, ...this.#parsed.slice(0, rememberedTexts - 1)]
    return json
  }

  /** Adds an event made elsewhere. */
  add(draft: EventDraft): void {
    this.#pending.addEvent(draft)
  }

  /** Adds the event that begins the request's session, made for it. */
  begin(started: EventDraft): void {
    this.#pending.begin(started)
  }

  get stream(): string {
    const { requestId, sessionId } = this.options
    return sessionId === null ? `request-${requestId}` : streamOf(sessionId)
  }

  /** Hands what was emitted to the writer, without waiting for it. */
  readonly flush = Effect.suspend(() => {
    const events = this.#pending.take()
    return events.length === 0 ? Effect.void : this.options.hub.publish(this.stream, events)
  })

  /** Waits until all that was emitted is committed. */
  readonly commit = Effect.suspend(() => this.options.hub.append(this.stream, "any", this.#pending.take()))
}

/** Observations at default level stand in facts; what else is emitted is an event of its own. */
const isSummary = ({ durability, level }: Definition): boolean => durability === "observation" && level === "default"

/** The recording of the request a fiber works for; undefined outside of requests and in unrecorded ones. */
export const CurrentRecording = Context.Reference<Recording | undefined>("strata/kernel/requests/CurrentRecording", {
  defaultValue: () => undefined
})
