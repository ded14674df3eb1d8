/** What is recorded on behalf of one request: its events, in order, under its ids and those of its calls. */
import { Context, Effect, Fiber } from "effect"
import type { Clock, Schema } from "effect"
import type { Appendable, Body, ExchangePart } from "../../events/facts/Fact.ts"
import type { AppendFailed, EventHub } from "../../events/log/EventHub.ts"
import type { Appended } from "../../events/log/EventLog.ts"
import type { IsOwn } from "../../events/redaction/JsonRanges.ts"
import * as OwnWords from "../../events/redaction/OwnWords.ts"
import type { Rules } from "../../events/redaction/RedactionRules.ts"
import { Redactor } from "../../events/redaction/Redactor.ts"
import type { Secrets } from "../../events/redaction/Secrets.ts"
import type { EventDraft } from "../../events/types/Envelope.ts"
import type { Definition, Family, Level, Payload } from "../../events/types/Event.ts"
import { includes } from "../../events/types/Event.ts"
import * as EventIds from "../../events/types/EventIds.ts"
import type { Principal } from "../../events/types/Principal.ts"
import { streamOf } from "../../events/types/SessionStream.ts"
import { CapturedStream } from "../../events/types/StreamCapture.ts"
import { defaultTenant } from "../../events/types/Tenant.ts"
import * as WholeBody from "../bytes/WholeBody.ts"
import { EventSequence, lineOf } from "./EventSequence.ts"
import { ParsedTexts } from "./ParsedTexts.ts"
import type { AnswerHead, Pending, SentRequest } from "./PendingEvents.ts"
import { toAppend } from "./PendingEvents.ts"
import type { WrittenStream } from "./WrittenStream.ts"

const defaultDebugBytes = 2048

export interface Options {
  readonly hub: EventHub["Service"]
  readonly clock: Clock.Clock
  readonly requestId: string
  /** Default: the default one. */
  readonly tenant?: string
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
  /** Bytes that are kept of a streamed answer; default: all of them. */
  readonly maxStreamBytes?: number
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

/** What goes on beside other things of its request. */
interface Branch {
  readonly of: Recording
  readonly path: string
  readonly origin: string
}

export class Recording {
  readonly options: Options
  /** Masks what this request's events must not show. */
  readonly redactor: Redactor
  /** Bytes of a debug payload, all of it. */
  readonly debugBytes: number
  readonly sequence: EventSequence
  /** The branch of its request: `step1/tool2`; undefined: the request itself. */
  readonly branchPath: string | undefined
  /** Shared with its branches. */
  readonly #queue: { pending: Array<Pending>; beside: Array<Fiber.Fiber<unknown, AppendFailed>> }
  #calls = 0
  #documents = 0
  readonly parsed = new ParsedTexts()
  /** The last stream a provider gave: it is likely what the client gets. */
  captured: CapturedStream | undefined
  /** The stream that the client gets, where it is written in this process. */
  written: WrittenStream | undefined

  constructor(options: Options, branch?: Branch) {
    this.options = options
    this.redactor = branch?.of.redactor ?? new Redactor(options.secrets, options.rules)
    this.debugBytes = options.debugBytes ?? defaultDebugBytes
    this.branchPath = branch?.path
    this.#queue = branch === undefined ? { pending: [], beside: [] } : branch.of.#queue
    this.sequence = new EventSequence(
      branch === undefined ? options.requestId : EventIds.ofCall(options.requestId, branch.path),
      options.level
    )
    this.origin = branch?.origin ?? this.sequence.idOf(1)
    this.stream = options.sessionId === null ? `request-${options.requestId}` : streamOf(options.sessionId)
  }

  /**
   * The recording of what goes on beside other things of the request: its events and the paths of its calls are counted
   * by themselves, so that they are the same whichever is faster. `name` is unique within this recording; `origin`: the
   * event that led to it, default this recording's.
   */
  branch(name: string, origin: string = this.origin): Recording {
    const path = this.branchPath === undefined ? name : `${this.branchPath}/${name}`
    return new Recording(this.options, { of: this, path, origin })
  }

  /** Within what its calls are counted: the request's id, or that of a branch of it. */
  get line(): string {
    return lineOf(this.options.requestId, this.branchPath)
  }

  /** The path of a call of this number: `1`, and in a branch `step1/tool2/1`. */
  pathOf(call: number): string {
    return this.branchPath === undefined ? String(call) : `${this.branchPath}/${call}`
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return this.options.clock.currentTimeMillisUnsafe()
  }

  /** The level of what a provider is called for; of the request itself where it has none of its own. */
  levelOf(provider: string | null): Level {
    const { level, providerLevels } = this.options
    return provider === null ? level : providerLevels?.get(provider) ?? level
  }

  /** The number of the next call, from 1. */
  nextCall(): number {
    return ++this.#calls
  }

  /** Leaves out the numbers of calls that nobody makes again. */
  skipCalls(count: number): void {
    this.#calls += count
  }

  /** The number of the next document that is made for it, from 1. */
  nextDocument(): number {
    return ++this.#documents
  }

  /** What `nextCall` will give. */
  get upcomingCall(): number {
    return this.#calls + 1
  }

  /** What numbers the events of a call. `path`: `1`, `2`, and `2.1` for what is called on behalf of the second. */
  sequenceOf(path: string, attempt: number, provider: string): EventSequence {
    const { requestId } = this.options
    const call = { id: EventIds.ofCall(requestId, path), path, attempt, provider }
    return new EventSequence(requestId, this.levelOf(provider), call)
  }

  /** Id of the request's first event: the cause of what follows. */
  readonly origin: string
  /** Where its events stand. */
  readonly stream: string

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
    const { causationId, provider, sequence = this.sequence } = attributes
    const isOwn = (word: string) => OwnWords.of(definition).has(word) || attributes.isOwn?.(word) === true
    // A fact numbers what is the request's or its call's, at default level: what else is emitted is an event of its own.
    const isOfBranch = this.branchPath !== undefined && sequence.call === null
    if (provider !== undefined || isOfBranch || definition.level !== "default") {
      return this.emitMasked(definition, () => this.redactor.payload(payload, definition.level, isOwn), attributes)
    }
    const { call } = sequence
    const counter = sequence.take(1)
    this.#queue.pending.push({
      call,
      isOwn,
      part: {
        kind: "event",
        numbering: call === null ? "request" : "call",
        counter,
        time: this.now,
        causationId: causationId ?? null,
        type: definition.type,
        schemaVersion: definition.version,
        payload
      }
    })
    return sequence.idOf(counter)
  }

  /** Adds an event of its own whose payload, JSON text, shows no secret; it is made only where it is recorded. */
  emitMasked(definition: Definition, payload: () => string, attributes: Attributes = {}): string {
    const { causationId = null, sequence = this.sequence } = attributes
    const provider = attributes.provider ?? sequence.call?.provider ?? null
    const { parentSessionId, principal, requestId, sessionId, tenant = defaultTenant } = this.options
    const id = sequence.idOf(sequence.take(1))
    if (definition.durability !== "state" && !includes(this.levelOf(provider), definition.level)) return id
    this.add({
      id,
      type: definition.type,
      level: definition.level,
      schemaVersion: definition.version,
      time: this.now,
      tenant,
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
      const { body, headers, method, url } = request()
      const head = { method, url: this.redactor.url(url), headers: this.redactor.headers(headers) }
      return { head, body: WholeBody.stored(body) }
    })
  }

  /** Adds an answer at its debug and its raw level: its body, or what was captured of its stream. */
  answer(
    family: Family,
    { headers, status }: AnswerHead,
    content: WholeBody.WholeBody | CapturedStream,
    attributes: Attributes
  ): void {
    this.#exchange("answer", family, attributes, () => ({
      head: {
        status,
        headers: this.redactor.headers(headers),
        ...(content instanceof CapturedStream && content.omitted > 0 ? { omitted_bytes: content.omitted } : {})
      },
      body: content instanceof CapturedStream
        ? {
          text: content.text,
          encoding: content.encoding,
          frames: { lengths: content.lengths, times: content.times }
        }
        : WholeBody.stored(content)
    }))
  }

  #exchange(
    kind: ExchangePart["kind"],
    { base, debug, raw }: Family,
    { causationId, sequence = this.sequence }: Attributes,
    content: () => { readonly head: object; readonly body: Body }
  ): void {
    const counter = sequence.take(2)
    const { call, level } = sequence
    if (level === "default") return
    const { body, head } = content()
    this.#queue.pending.push({
      call,
      searched: body.frames === null ? undefined : this.written?.newsOf(body.text),
      part: {
        kind,
        numbering: call === null ? "request" : "call",
        counter,
        time: this.now,
        causationId: causationId ?? null,
        type: base.type,
        debug: { schemaVersion: debug.version, prunedAt: null },
        raw: level === "raw" ? { schemaVersion: raw.version, prunedAt: null } : null,
        head: JSON.stringify(head).slice(1, -1),
        body,
        excerpt: null
      }
    })
  }

  /** A text as it may be stored: before it is cut, so that no part of a secret remains. */
  mask(text: string): string {
    return this.redactor.isClean(text) ? text : this.redactor.text(text)
  }

  /** The value of JSON text, undefined where it is none: what passes through is parsed once. */
  parse(text: string): Schema.Json | undefined {
    return this.parsed.parse(text)
  }

  /** Adds an event made elsewhere. */
  add(event: EventDraft): void {
    this.#queue.pending.push({ event })
  }

  /** Adds the event that begins the session of the request, masked already: the first that the session's id counts. */
  begin({ payload, schemaVersion, time, type }: EventDraft): void {
    const isOwn = () => true
    this.#queue.pending.push({
      call: null,
      isOwn,
      part: { kind: "event", numbering: "session", counter: 1, time, causationId: null, type, schemaVersion, payload }
    })
  }

  /** Hands what was emitted to the writer, without waiting for it. */
  get flush(): Effect.Effect<void> {
    return Effect.suspend(() =>
      this.#queue.pending.length === 0 ? Effect.void : this.options.hub.publish(this.stream, this.#take())
    )
  }

  /** Hands over what it appends to other streams, without waiting: `commit` does, and fails where that failed. */
  beside(append: Effect.Effect<unknown, AppendFailed>): Effect.Effect<void> {
    return Effect.map(
      Effect.forkDetach(append, { startImmediately: true }),
      (fiber) => void this.#queue.beside.push(fiber)
    )
  }

  /** Waits until all that was emitted is committed. */
  get commit(): Effect.Effect<Appended, AppendFailed> {
    return Effect.suspend(() => {
      const { beside } = this.#queue
      const commit = this.options.hub.append(this.stream, "any", this.#take())
      if (beside.length === 0) return commit
      this.#queue.beside = []
      return Effect.tap(commit, () => Fiber.joinAll(beside))
    })
  }

  /**
   * Adds what `emit` adds to the request itself, and waits until all is committed, where the stream is at this version; where
   * it is not, nothing was emitted. Nothing else of the request goes on meanwhile.
   */
  commitAt<A>(version: number, emit: Effect.Effect<A>): Effect.Effect<A, AppendFailed> {
    return Effect.uninterruptible(Effect.suspend(() => {
      const { count } = this.sequence
      const before = [...this.#queue.pending]
      return Effect.flatMap(emit, (value) =>
        this.options.hub.append(this.stream, version, this.#take()).pipe(
          Effect.as(value),
          Effect.tapErrorTag("VersionConflict", () =>
            Effect.sync(() => {
              this.#queue.pending = before
              this.sequence.rewind(count)
            }))
        ))
    }))
  }

  #take(): ReadonlyArray<Appendable> {
    const { pending } = this.#queue
    this.#queue.pending = []
    const { parentSessionId, principal, requestId, sessionId, tenant = defaultTenant } = this.options
    return toAppend(pending, this.redactor, {
      tenant,
      requestId,
      sessionId,
      parentSessionId,
      principal: principal?.id ?? null,
      debugBytes: this.debugBytes
    })
  }
}

/** The recording of the request a fiber works for; undefined outside of requests and in unrecorded ones. */
export const CurrentRecording = Context.Reference<Recording | undefined>(
  "strata/kernel/requests/Recording/CurrentRecording",
  {
    defaultValue: () => undefined
  }
)
