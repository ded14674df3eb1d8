/** The events of one request: what was asked, and what the client got. */
import type { Schema } from "effect"
import type { IsOwn } from "../../events/redaction/JsonRanges.ts"
import * as Redaction from "../../events/redaction/Redaction.ts"
import * as JsonAccess from "../../events/types/JsonAccess.ts"
import type { Principal } from "../../events/types/Principal.ts"
import type { CapturedStream } from "../../events/types/StreamCapture.ts"
import { StreamCapture } from "../../events/types/StreamCapture.ts"
import type { StreamDialect } from "../bytes/StreamDialect.ts"
import type { WholeBody } from "../bytes/WholeBody.ts"
import { textOf } from "../bytes/WholeBody.ts"
import type { ErrorEnvelope } from "../http/HttpErrors.ts"
import * as ApiEvents from "./ApiEvents.ts"
import type { Recording } from "./Recording.ts"
import type { RequestInput } from "./RequestInput.ts"

interface Head {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly dialect?: StreamDialect
}

const byPayload = new WeakMap<Schema.Top, ReadonlyArray<string>>()

const fieldsOf = (schema: Schema.Top): ReadonlyArray<string> => {
  let fields = byPayload.get(schema)
  if (fields === undefined) byPayload.set(schema, fields = ApiEvents.summaryFields(schema))
  return fields
}

/** The scalar fields of a body that its Schema names. */
const summarize = (recording: Recording, schema: Schema.Top | undefined, body: string): Record<string, unknown> => {
  if (schema === undefined || body === "") return {}
  const fields = fieldsOf(schema)
  if (fields.length === 0) return {}
  const value = recording.parse(body)
  const summary: Record<string, unknown> = {}
  if (typeof value !== "object" || value === null || Array.isArray(value)) return summary
  for (const name of fields) {
    if (!Object.hasOwn(value, name)) continue
    const field = (value as Schema.JsonObject)[name]
    if (typeof field !== "object" || field === null) summary[name] = field
  }
  return summary
}

/** What a route says of its requests is no secret, whoever sent it as one. */
const isOwnOf = ({ operation }: RequestInput) => (word: string): boolean =>
  operation !== undefined &&
  (word === operation.id || word === operation.method ||
    [operation.payload, operation.success].some((schema) => schema !== undefined && fieldsOf(schema).includes(word)))

const errorOf = (json: unknown): ErrorEnvelope["error"] | null => {
  const error = JsonAccess.field(json, "error")
  if (typeof error === "string") return { message: error, type: "", param: null, code: null }
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
  readonly #input: RequestInput
  readonly #operation: string
  readonly #started: number
  /** Of a streamed answer, once it has begun or ended. */
  #captured: StreamCapture | undefined
  #settled = false
  readonly #isOwn: IsOwn

  constructor(recording: Recording, input: RequestInput) {
    this.recording = recording
    this.#input = input
    this.#operation = input.operation?.id ?? ApiEvents.unmatched
    this.#started = recording.now
    this.#isOwn = isOwnOf(input)
    this.#requested()
  }

  #requested(): void {
    const { recording } = this
    const { body, headers, method, operation, params, query, url } = this.#input
    const causationId = recording.emitText(
      ApiEvents.Request.base,
      JSON.stringify({
        operation: this.#operation,
        method,
        path: recording.redactor.url(url).split("?")[0],
        params,
        query: Object.keys(query).length === 0 ? query : Redaction.json(query),
        payload: summarize(recording, operation?.payload, textOf(body)),
        ...attributesOf(recording.options.principal)
      }),
      { isOwn: this.#isOwn }
    )
    recording.request(ApiEvents.Request, () => ({ method, url, headers, body }), { causationId })
  }

  get #frames(): StreamCapture {
    return this.#captured ??= new StreamCapture(this.recording.options.maxStreamBytes)
  }

  /** A chunk of a streamed answer goes out. */
  chunk(chunk: Uint8Array): void {
    this.#frames.add(chunk, this.recording.now - this.#started)
  }

  /** A plain answer is ready to go out. */
  answered(head: Head, body: WholeBody): void {
    this.#settle(head, head.status, body, undefined)
  }

  /** A streamed answer has reached its end. */
  streamed(head: Head): void {
    this.#settle(head, head.status, undefined, undefined)
  }

  /** The answer broke off: the client left (499), or its source failed. */
  broken(head: Head | undefined, status: number, error: ErrorEnvelope["error"]): void {
    this.#settle(head, status, undefined, error)
  }

  /** What a vendor said under the status of a success is a failure all the same. */
  #failureIn(head: Head | undefined, text: string | undefined, captured: CapturedStream | undefined): unknown {
    return head?.dialect?.failureIn?.({
      json: text === undefined ? undefined : this.recording.parse(text),
      frames: captured?.texts
    })
  }

  #settle(
    head: Head | undefined,
    status: number,
    body: WholeBody | undefined,
    error: ErrorEnvelope["error"] | undefined
  ): void {
    if (this.#settled) return
    this.#settled = true
    const { recording } = this
    const text = body === undefined ? undefined : textOf(body)
    const captured = body === undefined ? this.#frames.finish(recording.captured) : undefined
    const failure = error === undefined && status < 400 ? this.#failureIn(head, text, captured) : undefined
    const failed = error !== undefined || status >= 400 || failure !== undefined
    const common = { operation: this.#operation, status, duration_ms: recording.now - this.#started }
    const family = failed ? ApiEvents.Error : ApiEvents.Response
    const base = failed ? { ...common, error: error ?? errorOf(failure ?? recording.parse(text ?? "")) } : {
      ...common,
      content_type: head?.headers["content-type"] ?? null,
      stream: captured !== undefined,
      bytes: captured?.length ?? Buffer.byteLength(body ?? ""),
      ...text === undefined || recording.parse(text) === undefined
        ? {}
        : { payload: summarize(recording, this.#input.operation?.success, text) }
    }
    const causationId = recording.emitText(family.base, JSON.stringify(base), {
      causationId: recording.origin,
      isOwn: this.#isOwn
    })
    recording.answer(family, head ?? { status, headers: {} }, captured ?? body ?? "", { causationId })
  }
}
