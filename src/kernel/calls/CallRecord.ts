/** The events of one provider call: request, then response or error, each at default, debug and raw level. */
import type { Schema } from "effect"
import type { HttpClientRequest } from "effect/http"
import type { Family } from "../../events/types/Event.ts"
import { parse } from "../../events/types/JsonAccess.ts"
import type { Captured } from "../../events/types/StreamCapture.ts"
import { StreamCapture } from "../../events/types/StreamCapture.ts"
import { fits, isOneLine, truncateJson, truncateList, truncateText } from "../../events/types/Truncate.ts"
import type { Attributes, Recording } from "../requests/Recording.ts"
import type { ProviderCall } from "./ProviderCall.ts"

const bodyText = (request: HttpClientRequest.HttpClientRequest): string => {
  const body = request.body
  return body._tag === "Uint8Array" ? body.text ?? Buffer.from(body.body).toString("utf8") : ""
}

const debugText = (text: string, json: Schema.Json | undefined, bound: number): string =>
  json === undefined ? truncateText(text, bound) : truncateJson(text, json, bound)

/** Short JSON on one line is shown as it stands; only what must be cut is parsed. */
const debugRequest = (request: HttpClientRequest.HttpClientRequest, text: string, bound: number): string => {
  const isJson = request.headers["content-type"] === "application/json"
  return isJson && fits(text, bound) && isOneLine(text) ? text : debugText(text, parse(text), bound)
}

/** What a debug payload has besides what it shows. */
const requestWrapper = "{\"request\":}".length
const responseWrapper = "{\"response\":}".length

type Headers = Readonly<Record<string, string>>

/** What ended a call, ready to be told. */
interface Outcome {
  readonly family: Family
  readonly base: Readonly<Record<string, unknown>>
  /** JSON text within a bound, without secrets. */
  readonly debug: (bound: number) => string
  readonly status: number | null
  readonly headers: Headers
  readonly content: string | Captured
}

export class CallRecord {
  readonly #recording: Recording
  readonly #call: ProviderCall
  readonly #attempt: number
  readonly #started: number
  readonly #requestEvent: string
  readonly #frames = new StreamCapture()
  #settled = false

  constructor(recording: Recording, call: ProviderCall, request: HttpClientRequest.HttpClientRequest) {
    this.#recording = recording
    this.#call = call
    this.#attempt = recording.nextAttempt()
    this.#started = recording.now
    this.#requestEvent = this.#requested(request)
  }

  #attributes(causationId: string): Attributes {
    return { causationId, attempt: this.#attempt, provider: this.#call.provider }
  }

  #requested(request: HttpClientRequest.HttpClientRequest): string {
    const { common, events, request: details } = this.#call
    const recording = this.#recording
    const id = recording.emit(events.request.base, { ...common, ...details }, this.#attributes(recording.origin))
    let body: string | undefined
    const text = () => body ??= bodyText(request)
    recording.emitMasked(
      events.request.debug,
      () => `{"request":${debugRequest(request, recording.mask(text()), recording.debugBytes - requestWrapper)}}`,
      this.#attributes(id)
    )
    recording.emitRequest(
      events.request.raw,
      () => ({ method: request.method, url: request.url, headers: request.headers, body: text() }),
      this.#attributes(id)
    )
    return id
  }

  /** A chunk of a streamed answer passed. */
  chunk(chunk: Uint8Array): void {
    this.#frames.add(chunk, this.#recording.now - this.#started)
  }

  /** A plain answer is complete. */
  answered(status: number, headers: Headers, body: string): void {
    const { common, events, summarize } = this.#call
    const json = parse(body)
    const failed = status >= 400
    const shown = () => this.#recording.mask(body)
    this.#settle({
      family: failed ? events.error : events.response,
      base: failed
        ? { ...common, status, error: { type: `http_${status}`, message: messageOf(shown()) } }
        : { ...common, status, time_to_first_chunk_ms: null, ...summarize({ status, json, frames: undefined }) },
      debug: (bound) => debugText(shown(), shown() === body ? json : parse(shown()), bound),
      status,
      headers,
      content: body
    })
  }

  /** A streamed answer is complete. */
  streamed(status: number, headers: Headers): void {
    const { common, events, summarize } = this.#call
    const captured = this.#frames.finish()
    this.#recording.captured = captured
    const summary = summarize({ status, json: undefined, frames: captured.frames })
    this.#settle({
      family: events.response,
      base: { ...common, status, time_to_first_chunk_ms: this.#frames.firstOffset, ...summary },
      debug: (bound) => this.#debugFrames(captured, bound),
      status,
      headers,
      content: captured
    })
  }

  /** The call ended without a complete answer; what came of it is recorded. */
  failed(type: string, message: string, answer?: { readonly status: number; readonly headers: Headers }): void {
    if (this.#settled) return
    const captured = this.#frames.finish()
    const status = answer?.status ?? null
    this.#settle({
      family: this.#call.events.error,
      base: { ...this.#call.common, status, error: { type, message } },
      debug: (bound) => this.#debugFrames(captured, bound),
      status,
      headers: answer?.headers ?? {},
      content: captured
    })
  }

  #debugFrames(captured: Captured, bound: number): string {
    const { frames } = this.#recording.shown(captured)
    return frames.length === 0 ? "null" : truncateList(frames.map(([, frame]) => frame), bound)
  }

  #settle({ base, content, debug, family, headers, status }: Outcome): void {
    if (this.#settled) return
    this.#settled = true
    const recording = this.#recording
    const duration_ms = recording.now - this.#started
    const id = recording.emit(family.base, { ...base, duration_ms }, this.#attributes(this.#requestEvent))
    const attributes = this.#attributes(id)
    const bound = recording.debugBytes - responseWrapper
    recording.emitMasked(family.debug, () => `{"response":${debug(bound)}}`, attributes)
    recording.emitAnswer(family.raw, { status, headers }, content, attributes)
  }
}

/** The message of a vendor's error body, wherever it keeps it. */
const messageOf = (body: string): string => {
  const found = /"message"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(body)
  const message = found === null ? undefined : parse(found[1]!)
  return typeof message === "string" ? message : body.slice(0, 200)
}
