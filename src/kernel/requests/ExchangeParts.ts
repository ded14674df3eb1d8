/** A request and its answer as parts of a fact: from them their events at debug and at raw are made. */
import type { Body } from "../../events/facts/Fact.ts"
import type { Redactor } from "../../events/redaction/Redactor.ts"
import type { CapturedStream } from "../../events/types/StreamCapture.ts"

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

/** The fields of a raw payload that stand before its body; what is secret by its name is masked. */
const fieldsOf = (head: object): string => JSON.stringify(head).slice(1, -1)

export const requestHead = ({ headers, method, url }: SentRequest, redactor: Redactor): string =>
  fieldsOf({ method, url: redactor.url(url), headers: redactor.headers(headers) })

export const answerHead = ({ headers, status }: AnswerHead, redactor: Redactor): string =>
  fieldsOf({ status, headers: redactor.headers(headers) })

export const bodyOf = (content: string | CapturedStream): Body => {
  if (typeof content === "string") return { text: content, encoding: "utf-8", frames: null }
  const { encoding, lengths, text, times } = content
  return { text, encoding, frames: { lengths, times } }
}
