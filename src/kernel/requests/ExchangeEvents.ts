/** A request and its answer as events, each at default, debug and raw level: what is shown is masked, cut and digested. */
import type { Family } from "../../events/types/Event.ts"
import type { CapturedStream } from "../../events/types/StreamCapture.ts"
import { headSha256 } from "../../events/types/Traffic.ts"
import { truncateJson, truncateList, truncateText } from "../../events/types/Truncate.ts"
import type { Attributes, Recording } from "./Recording.ts"

type Headers = Readonly<Record<string, string>>

/** A request as it goes out or comes in. */
export interface SentRequest {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  readonly body: string
}

/** The head of an answer; its status is null where there was none. */
export interface AnswerHead {
  readonly status: number | null
  readonly headers: Headers
}

/** What a debug payload has besides what it shows. */
const requestWrapper = "{\"request\":}".length
const responseWrapper = "{\"response\":}".length

/** A body as debug shows it: JSON on one line stands as it is where it is short enough. */
const debugText = (recording: Recording, body: string, bound: number): string => {
  const text = recording.mask(body)
  const json = recording.parse(text)
  if (json === undefined) return truncateText(text, bound)
  return truncateJson(text, json, bound)
}

const bodyFields = (recording: Recording, body: string): string => {
  const masked = recording.mask(body)
  return `"body":${JSON.stringify(masked)},"encoding":"utf-8","sha256":"${recording.digest(masked)}"`
}

const headOf = (recording: Recording, { headers, status }: AnswerHead): string => {
  const named = recording.redactor.headers(headers)
  const written = JSON.stringify(named)
  const text = recording.redactor.text(written)
  const digest = headSha256(status, text === written ? named : JSON.parse(text))
  return `"status":${status},"headers":${text},"head_sha256":"${digest}"`
}

const framesText = (recording: Recording, captured: CapturedStream, bound: number): string => {
  const { frames } = recording.maskStream(captured)
  return frames.length === 0 ? "null" : truncateList(frames.map(([, frame]) => frame), bound)
}

/** Adds a request at its debug and its raw level, behind its default event. */
export const addRequest = (
  recording: Recording,
  { debug, raw }: Family,
  request: () => SentRequest,
  attributes: Attributes
): void => {
  recording.emitMasked(
    debug,
    () => `{"request":${debugText(recording, request().body, recording.debugBytes - requestWrapper)}}`,
    attributes
  )
  recording.emitMasked(raw, () => {
    const { body, headers, method, url } = request()
    const { redactor } = recording
    const head = JSON.stringify({ method, url: redactor.url(url), headers: redactor.headers(headers) })
    return `${redactor.text(head).slice(0, -1)},${bodyFields(recording, body)}}`
  }, attributes)
}

/** Adds an answer at its debug and its raw level: its body, or what was captured of its stream. */
export const addAnswer = (
  recording: Recording,
  { debug, raw }: Family,
  head: AnswerHead,
  content: string | CapturedStream,
  attributes: Attributes
): void => {
  const bound = recording.debugBytes - responseWrapper
  recording.emitMasked(
    debug,
    () =>
      `{"response":${
        typeof content === "string"
          ? debugText(recording, content, bound)
          : framesText(recording, content, bound)
      }}`,
    attributes
  )
  recording.emitMasked(
    raw,
    () =>
      `{${headOf(recording, head)},${
        typeof content === "string" ? bodyFields(recording, content) : recording.maskStream(content).json
      }}`,
    attributes
  )
}
