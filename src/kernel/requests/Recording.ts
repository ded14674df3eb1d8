/** What is recorded on behalf of one request: its events, in order, under its ids and those of its calls. */
import { Context, Effect } from "effect"
import type { Clock, Schema } from "effect"
import type { EventHub } from "../../events/log/EventHub.ts"
import type { IsOwn } from "../../events/redaction/JsonRanges.ts"
import * as OwnWords from "../../events/redaction/OwnWords.ts"
import type { Rules } from "../../events/redaction/RedactionRules.ts"
import { Redactor } from "../../events/redaction/Redactor.ts"
import type { Secrets } from "../../events/redaction/Secrets.ts"
import * as StreamRedaction from "../../events/redaction/StreamRedaction.ts"
import type { EventDraft } from "../../events/types/Envelope.ts"
import type { Definition, Level, Payload } from "../../events/types/Event.ts"
import { includes } from "../../events/types/Event.ts"
import * as EventIds from "../../events/types/EventIds.ts"
import * as JsonAccess from "../../events/types/JsonAccess.ts"
import type { Principal } from "../../events/types/Principal.ts"
import type { CapturedStream } from "../../events/types/StreamCapture.ts"
import { sha256 } from "../../events/types/Traffic.ts"
import { EventSequence } from "./EventSequence.ts"
import { streamOf } from "../../events/types/SessionStream.ts"

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
  readonly attempt?: number | undefined
  readonly provider?: string | undefined
  /** Which events it is numbered with; default those of the request. */
  readonly sequence?: EventSequence
  /** Words of its payload that are Strata's, besides those of its definition: they are no secrets, whoever sent them. */
  readonly isOwn?: IsOwn
}

/** Texts whose masked form is remembered: what the client sent, what the vendor got, and the answer. */
const rememberedTexts = 3

export class Recording {
  readonly options: Options
  /** Masks what this request's events must not show. */
  readonly redactor: Redactor
  /** Bytes of a debug payload, all of it. */
  readonly debugBytes: number
  #masked: ReadonlyArray<{ readonly text: string; readonly masked: string }> = []
  #maskedStream: { readonly captured: CapturedStream; readonly masked: CapturedStream } | undefined
  #pending: Array<EventDraft> = []
  readonly sequence: EventSequence
  #calls = 0
  #parsed: ReadonlyArray<{ readonly text: string; readonly json: Schema.Json | undefined }> = []
  #digested: { readonly text: string; readonly sha256: string } | undefined
  /** The last stream a provider gave: it is likely what the client gets. */
  captured: CapturedStream | undefined

  constructor(options: Options) {
    this.options = options
    this.redactor = new Redactor(options.secrets, options.rules)
    this.debugBytes = options.debugBytes ?? defaultDebugBytes
    this.sequence = new EventSequence(options.requestId)
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
    return EventIds.nth(this.options.requestId, 1)
  }

  /** Id the next event of the request itself will have. */
  get nextId(): string {
    return this.sequence.nextId
  }

  /** Adds an event and gives its id. */
  emit<D extends Definition>(definition: D, payload: Payload<D>, attributes: Attributes = {}): string {
    return this.emitText(definition, () => JSON.stringify(payload), attributes)
  }

  /** Adds an event whose payload is JSON text already. It is made, and masked, only where it is recorded. */
  emitText(definition: Definition, payload: string | (() => string), attributes: Attributes = {}): string {
    return this.emitMasked(
      definition,
      () => this.#storable(definition, typeof payload === "string" ? payload : payload(), attributes),
      attributes
    )
  }

  /**
   * Adds an event whose payload, JSON text, shows no secret. It has a number also where it is not recorded: ids are the
   * same at every level.
   */
  emitMasked(definition: Definition, payload: () => string, attributes: Attributes = {}): string {
    const { parentSessionId, requestId, sessionId } = this.options
    const id = (attributes.sequence ?? this.sequence).take()
    const provider = attributes.provider ?? null
    if (definition.durability !== "state" && !this.records(definition.level, provider)) return id
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
      provider,
      principal: this.options.principal?.id ?? null,
      payload: payload()
    })
    return id
  }

  /** A text as it may be stored: before it is cut, so that no part of a secret remains. */
  mask(text: string): string {
    const known = this.#masked.find((each) => each.text === text)
    if (known !== undefined) return known.masked
    const masked = this.redactor.text(text)
    this.#masked = [{ text, masked }, ...this.#masked.slice(0, rememberedTexts - 1)]
    return masked
  }

  /** The value of JSON text, undefined where it is none: what passes through is parsed once. */
  parse(text: string): Schema.Json | undefined {
    const before = this.#parsed.find((each) => each.text === text)
    if (before !== undefined) return before.json
    const json = JsonAccess.parse(text)
    this.#parsed = [{ text, json }, ...this.#parsed.slice(0, rememberedTexts - 1)]
    return json
  }

  /** A stream as it may be stored. */
  maskStream(captured: CapturedStream): CapturedStream {
    if (this.#maskedStream?.captured !== captured) {
      this.#maskedStream = { captured, masked: StreamRedaction.captured(captured, this.redactor) }
    }
    return this.#maskedStream.masked
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

  /** A payload without secrets, and with the words that are not the client's. */
  #storable(definition: Definition, payload: string, { isOwn }: Attributes): string {
    return this.redactor.payload(
      payload,
      definition.level,
      (word) => OwnWords.of(definition).has(word) || isOwn?.(word) === true
    )
  }

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
