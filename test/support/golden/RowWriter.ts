/**
 * The oracle: the row writer of the commit before facts (4f74eb5). Each event is a row of its own, made, masked, cut and
 * digested when it is emitted. It shares the event definitions, what masks (`Redactor`, `StreamRedaction`) and what cuts
 * (`Truncate`) with the code it stands beside. Ids, levels, frames, digests and payloads are its own; it knows no fact.
 */
import { createHash } from "node:crypto"
import * as OwnWords from "../../../src/events/redaction/OwnWords.ts"
import type { Redactor } from "../../../src/events/redaction/Redactor.ts"
import * as StreamRedaction from "../../../src/events/redaction/StreamRedaction.ts"
import type { EventDraft } from "../../../src/events/types/Envelope.ts"
import type { Definition, Family, Level } from "../../../src/events/types/Event.ts"
import { truncateJson, truncateList, truncateText } from "../../../src/events/types/Truncate.ts"
import * as RowFrames from "./RowFrames.ts"
import * as RowIds from "./RowIds.ts"

/** Whom a row belongs to. */
export interface RowOptions {
  readonly tenant: string
  readonly requestId: string
  readonly sessionId: string | null
  readonly parentSessionId: string | null
  readonly principal: string | null
  readonly level: Level
  readonly providerLevels: ReadonlyMap<string, Level>
  readonly debugBytes: number
  readonly redactor: Redactor
  readonly now: () => number
}

export interface RowCall {
  readonly path: string
  readonly attempt: number
  readonly provider: string
}

export interface RowAttributes {
  readonly causationId: string | null
  readonly provider: string | null
  /** Undefined: it is the request's own event. */
  readonly call: RowCall | undefined
  readonly isOwn?: ((word: string) => boolean) | undefined
}

export interface RowRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: RowBody
}

/** Bytes are no UTF-8: since `docs/decisions` had them kept, they are written in base64. */
export type RowBody = string | Uint8Array

export interface RowHead {
  readonly status: number | null
  readonly headers: Readonly<Record<string, string>>
}

const isStream = (content: RowBody | RowStream): content is RowStream =>
  typeof content !== "string" && !(content instanceof Uint8Array)

/** A stream as it passed: its bytes, and the milliseconds at which each of its frames had come. */
export interface RowStream {
  readonly bytes: Buffer
  readonly times: ReadonlyArray<number>
  /** Of bytes that are no text, how they were cut. */
  readonly chunks: ReadonlyArray<string>
}

const levels: ReadonlyArray<Level> = ["default", "debug", "raw"]

const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex")

const jsonOf = (text: string) => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const requestWrapper = "{\"request\":}".length
const responseWrapper = "{\"response\":}".length

export class RowWriter {
  readonly #options: RowOptions
  readonly #counts = new Map<string, number>()
  readonly #write: (row: EventDraft) => void

  constructor(options: RowOptions, write: (row: EventDraft) => void) {
    this.#options = options
    this.#write = write
  }

  /** An event of this text. It is masked where it is recorded. */
  text(definition: Definition, payload: string, attributes: RowAttributes): void {
    const isOwn = (word: string) => OwnWords.of(definition).has(word) || attributes.isOwn?.(word) === true
    this.masked(definition, () => this.#options.redactor.payload(payload, definition.level, isOwn), attributes)
  }

  /** An event whose text shows no secret. It has a number also where it is not recorded. */
  masked(definition: Definition, payload: () => string, { call, causationId, provider }: RowAttributes): void {
    const { level, now, parentSessionId, principal, providerLevels, requestId, sessionId, tenant } = this.#options
    const concerned = call?.provider ?? provider
    const id = this.#take(call)
    const most = (concerned === null ? undefined : providerLevels.get(concerned)) ?? level
    if (definition.durability !== "state" && levels.indexOf(definition.level) > levels.indexOf(most)) return
    this.#write({
      id,
      type: definition.type,
      level: definition.level,
      schemaVersion: definition.version,
      time: now(),
      tenant,
      sessionId,
      parentSessionId,
      requestId,
      attempt: call?.attempt ?? null,
      causationId,
      provider: concerned,
      principal,
      payload: payload()
    })
  }

  /** An event made elsewhere. */
  add(event: EventDraft): void {
    this.#write(event)
  }

  /** A request at its debug and its raw level. */
  request({ debug, raw }: Family, request: () => RowRequest, attributes: RowAttributes): void {
    const { debugBytes, redactor } = this.#options
    this.masked(debug, () => `{"request":${this.#shown(request().body, debugBytes - requestWrapper)}}`, attributes)
    this.masked(raw, () => {
      const { body, headers, method, url } = request()
      const head = JSON.stringify({ method, url: redactor.url(url), headers: redactor.headers(headers) })
      return `${redactor.text(head).slice(0, -1)},${this.#body(body)}}`
    }, attributes)
  }

  /** An answer at its debug and its raw level. */
  answer({ debug, raw }: Family, head: RowHead, content: RowBody | RowStream, attributes: RowAttributes): void {
    const bound = this.#options.debugBytes - responseWrapper
    this.masked(debug, () => {
      const shown = isStream(content) ? this.#shownFrames(content, bound) : this.#shown(content, bound)
      return `{"response":${shown}}`
    }, attributes)
    this.masked(raw, () => {
      const body = isStream(content) ? this.#frames(content) : this.#body(content)
      return `{${this.#head(head)},${body}}`
    }, attributes)
  }

  #take(call: RowCall | undefined): string {
    const path = call?.path ?? ""
    const count = (this.#counts.get(path) ?? 0) + 1
    this.#counts.set(path, count)
    return RowIds.nth(this.#options.requestId, path, count)
  }

  #shown(body: RowBody, bound: number): string {
    const text = this.#masked(body)
    const json = jsonOf(text)
    return json === undefined ? truncateText(text, bound) : truncateJson(text, json, bound)
  }

  #body(body: RowBody): string {
    const text = this.#masked(body)
    const encoding = typeof body === "string" ? "utf-8" : "base64"
    return `"body":${JSON.stringify(text)},"encoding":"${encoding}","sha256":"${sha256(text)}"`
  }

  #masked(body: RowBody): string {
    const { redactor } = this.#options
    if (typeof body === "string") return redactor.text(body)
    return StreamRedaction.frames([Buffer.from(body).toString("base64")], "base64", redactor).join("")
  }

  #head({ headers, status }: RowHead): string {
    const { redactor } = this.#options
    const text = redactor.text(JSON.stringify(redactor.headers(headers)))
    const sorted = Object.entries(JSON.parse(text) as Record<string, string>).sort()
    return `"status":${status},"headers":${text},"head_sha256":"${sha256(JSON.stringify([status, sorted]))}"`
  }

  #maskedFrames(stream: RowStream) {
    const { encoding, frames } = RowFrames.of(stream)
    return { encoding, frames: StreamRedaction.frames(frames, encoding, this.#options.redactor) }
  }

  #shownFrames(stream: RowStream, bound: number): string {
    const { frames } = this.#maskedFrames(stream)
    return frames.length === 0 ? "null" : truncateList(frames, bound)
  }

  #frames(stream: RowStream): string {
    const { encoding, frames } = this.#maskedFrames(stream)
    const timed = frames.map((frame, index) => [stream.times[index], frame])
    return `"frames":${JSON.stringify(timed)},"encoding":"${encoding}","sha256":"${sha256(frames.join(""))}"`
  }
}
