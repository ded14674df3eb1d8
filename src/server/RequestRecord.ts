/** The events of one HTTP request: what was asked, and what the client got. */
import type { HttpServerRequest, HttpServerResponse } from "effect/http"
import * as Redaction from "../events/redaction/Redaction.ts"
import * as JsonAccess from "../events/types/JsonAccess.ts"
import type { Principal } from "../events/types/Principal.ts"
import { StreamCapture } from "../events/types/StreamCapture.ts"
import type { Dialect } from "../kernel/dialects/Dialect.ts"
import * as Dialects from "../kernel/dialects/Dialects.ts"
import type { ErrorEnvelope } from "../kernel/http/HttpErrors.ts"
import type { Operation } from "../kernel/http/Operations.ts"
import * as ApiEvents from "../kernel/requests/ApiEvents.ts"
import type { Recording } from "../kernel/requests/Recording.ts"
import type { Match } from "./OperationFinder.ts"

/** The client left before the answer was complete. */
export const clientClosed = 499

const summaryFields = new WeakMap<Operation, ReadonlyArray<string>>()

const summarize = (match: Match, body: string): Record<string, unknown> => {
  const { operation } = match
  let fields = summaryFields.get(operation)
  if (fields === undefined) summaryFields.set(operation, fields = ApiEvents.summaryFields(operation.payload))
  if (fields.length === 0 || body === "") return {}
  const value = JsonAccess.parse(body)
  const summary: Record<string, unknown> = {}
  for (const name of fields) {
    const field = JsonAccess.field(value, name)
    if (field !== undefined && (typeof field !== "object" || field === null)) summary[name] = field
  }
  return summary
}

const errorOf = (text: string): ErrorEnvelope["error"] | null => {
  const error = JsonAccess.field(JsonAccess.parse(text), "error")
  const [message, type, param, code] = ["message", "type", "param", "code"].map((name) =>
    JsonAccess.textOrNull(JsonAccess.field(error, name))
  )
  return message === null || message === undefined
    ? null
    : { message, type: type ?? "", param: param ?? null, code: code ?? null }
}

const attributesOf = (principal: Principal | null | undefined) =>
  principal == null || Object.keys(principal.attributes).length === 0
    ? undefined
    : { principal_attributes: principal.attributes }

export class RequestRecord {
  readonly recording: Recording
  readonly #operation: string
  readonly #started: number
  readonly #frames = new StreamCapture()
  #settled = false

  constructor(
    recording: Recording,
    request: HttpServerRequest.HttpServerRequest,
    match: Match | undefined,
    body: string
  ) {
    this.recording = recording
    this.#operation = match?.operation.id ?? ApiEvents.unmatched
    this.#started = recording.now
    this.#requested(request, match, body)
  }

  #requested(request: HttpServerRequest.HttpServerRequest, match: Match | undefined, body: string): void {
    const recording = this.recording
    const url = recording.redactor.url(request.url)
    const id = recording.emitText(
      ApiEvents.Request.base,
      () =>
        JSON.stringify({
          operation: this.#operation,
          method: request.method,
          path: url.split("?")[0],
          params: match?.params ?? {},
          query: Redaction.json(match?.query ?? {}),
          payload: match === undefined ? {} : summarize(match, body),
          ...attributesOf(recording.options.principal)
        })
    )
    recording.emitRequest(
      ApiEvents.Request.raw,
      () => ({ method: request.method, url: request.url, headers: request.headers, body }),
      { causationId: id }
    )
  }

  /** What its answer is in; undefined: it carries no conversation. */
  get dialect(): Dialect | undefined {
    return Dialects.ofOperation(this.#operation)
  }

  /** A chunk of a streamed answer goes out. */
  chunk(chunk: Uint8Array): void {
    this.#frames.add(chunk, this.recording.now - this.#started)
  }

  /** A plain answer is ready to go out. */
  answered(response: HttpServerResponse.HttpServerResponse, body: string): void {
    this.#settle(response, response.status, body, undefined)
  }

  /** A streamed answer has reached its end. */
  streamed(response: HttpServerResponse.HttpServerResponse): void {
    this.#settle(response, response.status, undefined, undefined)
  }

  /** The answer broke off: the client left (499), or its source failed. */
  broken(
    response: HttpServerResponse.HttpServerResponse | undefined,
    status: number,
    error: ErrorEnvelope["error"]
  ): void {
    this.#settle(response, status, undefined, error)
  }

  #settle(
    response: HttpServerResponse.HttpServerResponse | undefined,
    status: number,
    body: string | undefined,
    error: ErrorEnvelope["error"] | undefined
  ): void {
    if (this.#settled) return
    this.#settled = true
    const failed = error !== undefined || status >= 400
    const recording = this.recording
    const captured = body === undefined ? this.#frames.finish(recording.captured) : undefined
    const common = { operation: this.#operation, status, duration_ms: recording.now - this.#started }
    const family = failed ? ApiEvents.Error : ApiEvents.Response
    const base = failed ? { ...common, error: error ?? errorOf(body ?? "") } : {
      ...common,
      content_type: response?.headers["content-type"] ?? null,
      stream: captured !== undefined,
      bytes: captured?.bytes.length ?? Buffer.byteLength(body ?? "")
    }
    const causationId = recording.emitText(family.base, JSON.stringify(base), { causationId: recording.origin })
    const answer = { status: response?.status ?? status, headers: response?.headers ?? {} }
    recording.emitAnswer(family.raw, answer, captured ?? body ?? "", { causationId })
  }
}
