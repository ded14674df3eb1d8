/** Reads recordings off a log's events of provider calls, in order: a call counts when its answer is there. */
import * as EmbeddingEvents from "../../../apis/inference/EmbeddingEvents.ts"
import * as RerankEvents from "../../../apis/inference/RerankEvents.ts"
import type { Redactor } from "../../../events/redaction/Redactor.ts"
import type { RecordedEvent } from "../../../events/types/Envelope.ts"
import { payloadOf } from "../../../events/types/Envelope.ts"
import * as EventIds from "../../../events/types/EventIds.ts"
import { field, textOrNull } from "../../../events/types/JsonAccess.ts"
import { isOfCall } from "../../../kernel/calls/CallEvents.ts"
import * as LlmEvents from "../../../kernel/calls/LlmEvents.ts"
import * as RequestKey from "../../../kernel/replay/RequestKey.ts"
import * as RecordedValue from "./RecordedValue.ts"
import * as RecordedWire from "./RecordedWire.ts"
import type { Recorded, ReplayIndex } from "./ReplayIndex.ts"

/** What of a log is read. */
export const types = [LlmEvents, EmbeddingEvents, RerankEvents].flatMap(({ Error, Request, Response }) => [
  Request.raw.type,
  Response.raw.type,
  Error.base.type,
  Error.raw.type
])

/** Where answers come from that were not sent by a vendor. */
export const replayedScheme = "recording:"

/** Calls that wait for their answer; those of a process that broke off wait in vain. */
const maxWaiting = 10_000

export interface Options {
  /** True where all recordings of the log are those of one source, whoever made them. */
  readonly oneSource: boolean
  /** The events that say where an instance began to record anew. */
  readonly starts: ReadonlyArray<RecordedEvent>
  /** Requests are looked for as they would be stored now, also those that were stored before a mask was known. */
  readonly redactor?: Redactor
}

interface Waiting {
  readonly recorded: Omit<Recorded, "answered" | "failed">
  readonly features: ReadonlyArray<string>
  failed: number | undefined
}

/** True for a failure that is no answer: nobody was reached, or the call was given up. */
const isNoAnswer = (event: RecordedEvent): boolean => {
  const payload = payloadOf(event)
  return field(payload, "status") === null || field(field(payload, "error"), "type") === "interrupted"
}

const idOf = ({ attempt, id, requestId }: RecordedEvent) => `${requestId}/${EventIds.sequenceOf(id)}/${attempt}`

export class ReplayReader {
  readonly #index: ReplayIndex
  readonly #options: Options
  readonly #waiting = new Map<string, Waiting>()

  constructor(index: ReplayIndex, options: Options) {
    this.#index = index
    this.#options = options
  }

  take(event: RecordedEvent): void {
    if (isOfCall(event, "request", "raw")) return this.#asked(event)
    if (isOfCall(event, "error", "default")) return this.#failed(event)
    return this.#answered(event)
  }

  #asked(event: RecordedEvent): void {
    const payload = payloadOf(event)
    const [url, body] = [textOrNull(field(payload, "url")), textOrNull(field(payload, "body"))]
    // Other calls of the same provider have other answers.
    const path = url === null ? undefined : RecordedWire.pathIn(url) ?? RecordedValue.pathIn(url)
    if (url === null || body === null || path === undefined) return
    const replayed = url.startsWith(replayedScheme)
    if (replayed && !this.#options.oneSource) return
    const { features, key, model } = RequestKey.outline(this.#options.redactor?.text(body) ?? body)
    const recorded = {
      key: RecordedWire.keyOf(path, key),
      sessionId: this.#options.oneSource ? "" : event.sessionId ?? "",
      requestId: event.requestId ?? "",
      attempt: event.attempt ?? 0,
      model: model === "" ? RecordedWire.modelIn(path) || RecordedValue.modelIn(url) : model,
      asked: event.position,
      run: this.#runOf(event),
      replayed
    }
    this.#waiting.set(idOf(event), { recorded, features, failed: undefined })
    const [oldest] = this.#waiting.keys()
    if (this.#waiting.size > maxWaiting && oldest !== undefined) this.#waiting.delete(oldest)
  }

  #runOf({ position, provider }: RecordedEvent): number {
    return this.#options.starts.filter((start) => start.provider === provider && start.position < position).length
  }

  #failed(event: RecordedEvent): void {
    const waiting = this.#waiting.get(idOf(event))
    if (waiting === undefined) return
    if (isNoAnswer(event)) this.#waiting.delete(idOf(event))
    else waiting.failed = event.position
  }

  #answered(event: RecordedEvent): void {
    const waiting = this.#waiting.get(idOf(event))
    this.#waiting.delete(idOf(event))
    if (waiting === undefined || event.prunedAt !== undefined) return
    const { failed, features, recorded } = waiting
    this.#index.add({ ...recorded, answered: event.position, failed }, features)
  }
}
