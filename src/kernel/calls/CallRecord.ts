/** The events of one call: request, then response or error, each at default, debug and raw level. */
import type { RecordedEvent } from "../../events/types/Envelope.ts"
import type { Definition, Family, Payload } from "../../events/types/Event.ts"
import { parse } from "../../events/types/JsonAccess.ts"
import type { CapturedStream } from "../../events/types/StreamCapture.ts"
import { StreamCapture } from "../../events/types/StreamCapture.ts"
import * as WholeBody from "../bytes/WholeBody.ts"
import type { EventSequence } from "../requests/EventSequence.ts"
import type { AnswerHead, SentRequest } from "../requests/PendingEvents.ts"
import type { Attributes, Recording } from "../requests/Recording.ts"
import type { AnswerJudge } from "./AnswerFailure.ts"
import type { Answer, Call } from "./Call.ts"

type Headers = Readonly<Record<string, string>>

/** The method of a request that goes over no wire. */
export const callMethod = "CALL"

/** Type and message of a call that nobody waits for any more. */
export const givenUp: readonly [type: string, message: string] = [
  "interrupted",
  "The call was given up before the answer was complete."
]

type Content = WholeBody.WholeBody | CapturedStream

/** What ended a call, ready to be recorded. */
interface Outcome {
  readonly family: Family
  readonly base: Readonly<Record<string, unknown>>
  readonly head: AnswerHead
  readonly content: Content
}

export class CallRecord {
  readonly recording: Recording
  /** Within the request: `1`, `2`, and `2.1` for what is called on behalf of the second. */
  readonly path: string
  readonly call: Call<never>
  /** Its number within the request, from 1. */
  readonly attempt: number
  readonly #sequence: EventSequence
  readonly #started: number
  /** Id of the event that says it was asked: the cause of the others. */
  readonly requestEvent: string
  /** Of the configured keys, the one it was asked with; undefined: there is one, or the client sent its own. */
  key: string | undefined
  /** Of the configured keys, the one that has room for it; undefined: the next in turn is asked with. */
  reservedKey: string | undefined
  /** What its answer comes to; undefined: there is none, or not yet. */
  summary: object | undefined
  #last: string
  /** Of a streamed answer, once it has begun or ended. */
  #frames: StreamCapture | undefined
  #sent = false
  #settled = false
  #ended = false
  #calls = 0
  #head: AnswerHead | undefined
  #judge: AnswerJudge | undefined
  readonly #inner: Array<CallRecord> = []

  /** `cause`: the event that led to it. */
  constructor(
    recording: Recording,
    call: Call<never>,
    { attempt, cause, path }: { readonly path: string; readonly attempt: number; readonly cause: string }
  ) {
    this.recording = recording
    this.path = path
    this.call = call
    this.attempt = attempt
    this.#sequence = recording.sequenceOf(path, attempt, call.provider)
    this.#started = recording.now
    const { common, method, request } = call
    this.requestEvent = recording.emit(
      method.events.Request.base,
      { ...common, ...request, call: path },
      this.#attributes(cause)
    )
    this.#last = this.requestEvent
  }

  /** True once something of it went over a wire. */
  get isSent(): boolean {
    return this.#sent
  }

  get isSettled(): boolean {
    return this.#settled
  }

  /** True once its provider has answered: what is sent later is no part of it. */
  get isEnded(): boolean {
    return this.#ended
  }

  /** What `nextPath` will give. */
  get upcomingPath(): string {
    return `${this.path}.${this.#calls + 1}`
  }

  /** The path of the next call on behalf of this one. */
  nextPath(): string {
    return `${this.path}.${++this.#calls}`
  }

  /** Begins a call on behalf of this one, by the same provider. */
  inner(): CallRecord {
    const { call, recording } = this
    const inner = new CallRecord(recording, call, {
      path: this.nextPath(),
      attempt: recording.nextCall(),
      cause: recording.origin
    })
    this.#inner.push(inner)
    return inner
  }

  /** Id that its next event will have. */
  get nextId(): string {
    return this.#sequence.nextId
  }

  /** The event of its last default level: the cause of what is decided then. */
  get lastEvent(): string {
    return this.#last
  }

  /** Adds an event of it, caused by its last, and gives the id. */
  emit<D extends Definition>(definition: D, payload: Payload<D>): string {
    return this.recording.emit(definition, payload, this.#attributes(this.#last))
  }

  /** The same of an event that was recorded. */
  repeat(definition: Definition, { causationId, payload }: RecordedEvent): string {
    return this.recording.emitMasked(definition, () => payload, {
      ...this.#attributes(this.#last),
      causationId: causationId ?? undefined
    })
  }

  #attributes(causationId: string): Attributes {
    return { causationId, sequence: this.#sequence }
  }

  #addRequest(request: () => SentRequest): void {
    this.recording.request(this.call.method.events.Request, request, this.#attributes(this.requestEvent))
  }

  /** It goes over a wire, as this request. */
  sent(request: () => SentRequest): void {
    this.#sent = true
    this.#addRequest(request)
  }

  /** Its answer begins; all of it is there when it is read. */
  begun(head: AnswerHead): void {
    this.#head = head
  }

  /**
   * Nobody reads any more: of what came over the wire and was not read, there is the head. `interrupted`: whoever waited
   * for the answer has left.
   */
  end(interrupted = false): void {
    this.#ended = true
    for (const inner of this.#inner) inner.end(interrupted)
    const head = this.#head
    if (this.#settled || head === undefined) return
    if (interrupted || (this.#frames?.firstOffset ?? null) !== null) this.failed(...givenUp, head)
    else this.answered(head.status ?? 0, head.headers, "")
  }

  /** Who reads the answer knows what it says. */
  judgedBy(judge: AnswerJudge): void {
    this.#judge = judge
  }

  /** Nobody reads the stream any more: it is whole where its dialect's last frame has come. */
  left(status: number, headers: Headers): void {
    if (this.#settled) return
    const captured = this.#captured()
    const last = captured.texts.at(-1)
    if (last !== undefined && this.#judge?.isLastFrame(last[1]) === true) this.#streamed(status, headers, captured)
    else this.failed(...givenUp, { status, headers })
  }

  get #capture(): StreamCapture {
    return this.#frames ??= new StreamCapture(this.recording.options.maxStreamBytes)
  }

  /** A chunk of a streamed answer passed. */
  chunk(chunk: Uint8Array): void {
    this.#capture.add(chunk, this.recording.now - this.#started)
  }

  /** A plain answer is complete. */
  answered(status: number, headers: Headers, body: WholeBody.WholeBody): void {
    const head = { status, headers }
    const text = WholeBody.textOf(body)
    if (status >= 400) return this.#settleFailed({ type: `http_${status}`, message: this.#messageOf(text) }, head, body)
    const answer = { status, json: this.recording.parse(text), frames: undefined }
    const failure = this.#judge?.failureOf(answer)
    if (failure !== undefined) return this.#settleFailed(failure, head, body)
    return this.#settleAnswered(answer, null, head, body)
  }

  /** A streamed answer is complete. */
  streamed(status: number, headers: Headers): void {
    if (!this.#settled) this.#streamed(status, headers, this.#captured())
  }

  #streamed(status: number, headers: Headers, captured: CapturedStream): void {
    const head = { status, headers }
    this.recording.captured = captured
    const answer = { status, json: undefined, frames: captured.texts }
    const failure = this.#judge?.failureOf(answer)
    if (failure !== undefined) return this.#settleFailed(failure, head, captured)
    return this.#settleAnswered(answer, this.#capture.firstOffset, head, captured)
  }

  /** What comes behind the dialect's last frame is nobody's, and may come or not. */
  #captured(): CapturedStream {
    const judge = this.#judge
    const captured = this.#capture.finish(undefined, judge?.framing)
    if (judge === undefined) return captured
    const last = captured.texts.findIndex(([, text]) => judge.isLastFrame(text))
    return last === -1 || last === captured.lengths.length - 1 ? captured : captured.first(last + 1)
  }

  #messageOf(body: string): string {
    return messageOf(this.recording.mask(body))
  }

  #settleAnswered(answer: Answer, time_to_first_chunk_ms: number | null, head: AnswerHead, content: Content): void {
    const { common, method } = this.call
    const summarize = this.#judge?.summarize ?? this.call.summarize
    const summary = summarize(answer)
    this.summary = summary
    this.#settle({
      family: method.events.Response,
      base: { ...common, status: answer.status, time_to_first_chunk_ms, ...summary },
      head,
      content
    })
  }

  #settleFailed(error: { readonly type: string; readonly message: string }, head: AnswerHead, content: Content): void {
    const { common, method } = this.call
    this.#settle({ family: method.events.Error, base: { ...common, status: head.status, error }, head, content })
  }

  /** The call ended without a complete answer; what came of it is recorded, or how it says itself that it failed. */
  failed(type: string, message: string, answer?: AnswerHead, error?: string): void {
    if (this.#settled) return
    const head = answer ?? { status: null, headers: {} }
    this.#settleFailed({ type, message }, head, error ?? this.#capture.finish(undefined, this.#judge?.framing))
  }

  #settle({ base, content, family, head }: Outcome): void {
    if (this.#settled) return
    this.#settled = true
    const { call, recording } = this
    if (!this.#sent) {
      this.#addRequest(() => ({ method: callMethod, url: call.method.name, headers: {}, body: call.input() }))
    }
    const duration_ms = recording.now - this.#started
    const id = recording.emit(family.base, { ...base, duration_ms }, this.#attributes(this.requestEvent))
    this.#last = id
    recording.answer(family, head, content, this.#attributes(id))
  }
}

/** The message of a vendor's error body, wherever it keeps it. */
const messageOf = (body: string): string => {
  const match = /"message"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(body)
  const message = match === null ? undefined : parse(match[1]!)
  return typeof message === "string" ? message : body.slice(0, 200)
}
