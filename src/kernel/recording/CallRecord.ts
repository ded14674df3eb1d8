/** The events of one provider call: request, then response or error, each at default, debug and raw level. */
import type { HttpClientRequest } from "effect/http"
import type { Family } from "../../events/Event.ts"
import { FrameCapture } from "../../events/FrameCapture.ts"
import type { Attributes, Recording } from "../../events/Recording.ts"
import * as Redaction from "../../events/Redaction.ts"
import type { Frame, ResponseTraffic } from "../../events/Traffic.ts"
import { sha256 } from "../../events/Traffic.ts"
import { truncate } from "../../events/Truncate.ts"
import type { ProviderCall } from "./ProviderCall.ts"

/** Characters of a debug payload. */
const debugBound = 4096

const bodyText = (request: HttpClientRequest.HttpClientRequest): string => {
  const body = request.body
  return body._tag === "Uint8Array" ? body.text ?? Buffer.from(body.body).toString("utf8") : ""
}

interface Outcome {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly frames?: ReadonlyArray<Frame>
  readonly encoding: ResponseTraffic["encoding"]
  readonly sha256: string
}

export class CallRecord {
  readonly #recording: Recording
  readonly #call: ProviderCall
  readonly #attempt: number
  readonly #started: number
  readonly #requestEvent: string
  readonly #frames = new FrameCapture()
  #settled = false

  constructor(
    recording: Recording,
    call: ProviderCall,
    request: HttpClientRequest.HttpClientRequest,
    causationId: string
  ) {
    this.#recording = recording
    this.#call = call
    this.#attempt = recording.nextAttempt()
    this.#started = recording.now
    this.#requestEvent = this.#requested(request, causationId)
  }

  #attributes(causationId: string): Attributes {
    return { causationId, attempt: this.#attempt, provider: this.#call.provider }
  }

  #requested(request: HttpClientRequest.HttpClientRequest, causationId: string): string {
    const { common, events, request: details } = this.#call
    const recording = this.#recording
    const id = recording.emit(events.request.base, { ...common, ...details }, this.#attributes(causationId))
    if (!recording.records("debug")) return id
    const text = bodyText(request)
    recording.emitText(events.request.debug, `{"request":${truncate(text, debugBound)}}`, this.#attributes(id))
    if (!recording.records("raw")) return id
    recording.emit(events.request.raw, {
      method: request.method,
      url: Redaction.url(request.url),
      headers: Redaction.headers(request.headers),
      body: text,
      encoding: "utf-8",
      sha256: sha256(text)
    }, this.#attributes(id))
    return id
  }

  /** A chunk of a streamed answer passed. */
  chunk(chunk: Uint8Array): void {
    this.#frames.add(chunk, this.#recording.now - this.#started)
  }

  /** A plain answer is complete. */
  answered(status: number, headers: Readonly<Record<string, string>>, body: string): void {
    this.#settle({ status, headers, body, encoding: "utf-8", sha256: sha256(body) })
  }

  /** A streamed answer is complete. */
  streamed(status: number, headers: Readonly<Record<string, string>>): void {
    this.#settle({ status, headers, ...this.#frames.finish() })
  }

  #settle(outcome: Outcome): void {
    if (this.#settled) return
    this.#settled = true
    const { common, events, summarize } = this.#call
    const { body, frames, headers, status, ...rest } = outcome
    const failed = status >= 400
    const details = failed
      ? { status, error: { type: `http_${status}`, message: messageOf(body) } }
      : { status, time_to_first_chunk_ms: this.#frames.firstOffset, ...summarize({ status, body, frames }) }
    this.#emit(failed ? events.error : events.response, { ...common, ...details }, body, frames, {
      status,
      headers: Redaction.headers(headers),
      ...(body === undefined ? {} : { body }),
      ...(frames === undefined ? {} : { frames }),
      ...rest
    })
  }

  /** The call ended without a complete answer; what came of it is recorded. */
  failed(
    type: string,
    message: string,
    answer?: { readonly status: number; readonly headers: Readonly<Record<string, string>> }
  ): void {
    if (this.#settled) return
    this.#settled = true
    const captured = this.#frames.finish()
    const status = answer?.status ?? null
    this.#emit(
      this.#call.events.error,
      { ...this.#call.common, status, error: { type, message } },
      undefined,
      captured.frames,
      {
        status,
        headers: Redaction.headers(answer?.headers ?? {}),
        ...captured
      }
    )
  }

  #emit(
    family: Family,
    base: Readonly<Record<string, unknown>>,
    body: string | undefined,
    frames: ReadonlyArray<Frame> | undefined,
    raw: unknown
  ): void {
    const recording = this.#recording
    const duration_ms = recording.now - this.#started
    const id = recording.emit(family.base, { ...base, duration_ms }, this.#attributes(this.#requestEvent))
    if (recording.records("debug")) {
      const text = body ?? framesText(frames ?? [])
      recording.emitText(family.debug, `{"response":${truncate(text, debugBound)}}`, this.#attributes(id))
    }
    if (recording.records("raw")) recording.emit(family.raw, raw, this.#attributes(id))
  }
}

/** Frames as a JSON array of their texts. */
export const framesText = (frames: ReadonlyArray<Frame>): string =>
  frames.length === 0 ? "null" : JSON.stringify(frames.map(([, frame]) => frame))

/** The message of a vendor's error body, wherever it keeps it. */
const messageOf = (body: string | undefined): string => {
  const found = /"message"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(body ?? "")
  return found === null ? (body ?? "").slice(0, 200) : JSON.parse(found[1]!)
}
