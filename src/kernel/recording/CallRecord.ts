/** The events of one provider call: request, then response or error, each at default, debug and raw level. */
import type { Schema } from "effect"
import type { HttpClientRequest } from "effect/http"
import type { Family } from "../../events/Event.ts"
import type { Captured } from "../../events/FrameCapture.ts"
import { FrameCapture } from "../../events/FrameCapture.ts"
import { parse } from "../../events/LooseJson.ts"
import type { Attributes, Recording } from "../../events/Recording.ts"
import * as Redaction from "../../events/Redaction.ts"
import type { Frame } from "../../events/Traffic.ts"
import { isOneLine, truncateJson, truncateList, truncateText } from "../../events/Truncate.ts"
import type { ProviderCall } from "./ProviderCall.ts"

/** Characters of a debug payload. */
const debugBound = 2048

const bodyText = (request: HttpClientRequest.HttpClientRequest): string => {
  const body = request.body
  return body._tag === "Uint8Array" ? body.text ?? Buffer.from(body.body).toString("utf8") : ""
}

const debugText = (text: string, json: Schema.Json | undefined): string =>
  json === undefined ? truncateText(text, debugBound) : truncateJson(text, json, debugBound)

/** Short JSON on one line is shown as it stands; only what must be cut is parsed. */
const debugRequest = (request: HttpClientRequest.HttpClientRequest, text: string): string => {
  const short = text.length <= debugBound && request.headers["content-type"] === "application/json" && isOneLine(text)
  return short ? text : debugText(text, parse(text))
}

type Headers = Readonly<Record<string, string>>

/** What ended a call, ready to be told. */
interface Outcome {
  readonly family: Family
  readonly base: Readonly<Record<string, unknown>>
  readonly debug: () => string
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
  readonly #frames = new FrameCapture()
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
    if (!recording.records("debug")) return id
    const text = bodyText(request)
    recording.emitText(
      events.request.debug,
      `{"request":${debugRequest(request, recording.mask(text))}}`,
      this.#attributes(id)
    )
    if (!recording.records("raw")) return id
    recording.emit(events.request.raw, {
      method: request.method,
      url: Redaction.url(request.url),
      headers: Redaction.headers(request.headers),
      body: text,
      encoding: "utf-8",
      sha256: recording.digest(text)
    }, this.#attributes(id))
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
    const shown = this.#recording.mask(body)
    this.#settle({
      family: failed ? events.error : events.response,
      base: failed
        ? { ...common, status, error: { type: `http_${status}`, message: messageOf(shown) } }
        : { ...common, status, time_to_first_chunk_ms: null, ...summarize({ status, json, frames: undefined }) },
      debug: () => debugText(shown, shown === body ? json : parse(shown)),
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
      debug: () => this.#debugFrames(captured.frames),
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
      debug: () => this.#debugFrames(captured.frames),
      status,
      headers: answer?.headers ?? {},
      content: captured
    })
  }

  #debugFrames(frames: ReadonlyArray<Frame>): string {
    return frames.length === 0
      ? "null"
      : truncateList(frames.map(([, frame]) => this.#recording.mask(frame)), debugBound)
  }

  #settle({ base, content, debug, family, headers, status }: Outcome): void {
    if (this.#settled) return
    this.#settled = true
    const recording = this.#recording
    const duration_ms = recording.now - this.#started
    const id = recording.emit(family.base, { ...base, duration_ms }, this.#attributes(this.#requestEvent))
    const attributes = this.#attributes(id)
    if (recording.records("debug")) recording.emitText(family.debug, `{"response":${debug()}}`, attributes)
    recording.emitAnswer(family.raw, { status, headers }, content, attributes)
  }
}

/** The message of a vendor's error body, wherever it keeps it. */
const messageOf = (body: string): string => {
  const found = /"message"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(body)
  const message = found === null ? undefined : parse(found[1]!)
  return typeof message === "string" ? message : body.slice(0, 200)
}
