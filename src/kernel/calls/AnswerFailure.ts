/** What is wrong with an answer that came whole over its wire: only who knows its dialect sees it. */
import type { Framing } from "../../events/types/Framing.ts"
import type { Answer, Call } from "./Call.ts"

/**
 * `vendor_error`: the vendor says so within an answer of another status. `cut_off`: the stream lacks its end.
 * `invalid_answer`: it is not what was asked for, such as fewer vectors than texts.
 */
export interface AnswerFailure {
  readonly type: "vendor_error" | "cut_off" | "invalid_answer"
  readonly message: string
}

/** Of a stream that ended before it was whole, to a client and in the log. */
export const cutOff: AnswerFailure = { type: "cut_off", message: "the stream ended before the answer was complete" }

const types: ReadonlySet<string> = new Set<AnswerFailure["type"]>(["vendor_error", "cut_off", "invalid_answer"])

/** True for a failure that whoever reads the answer again finds again. */
export const isInAnswer = ({ type }: { readonly type: string }): boolean => types.has(type)

/** Knows a dialect. */
export interface AnswerJudge {
  /** What the default event of the call says of the answer, instead of what the call itself would say. */
  readonly summarize?: Call<never>["summarize"]
  readonly failureOf: (answer: Answer) => AnswerFailure | undefined
  readonly isLastFrame: (frame: string) => boolean
  /** How its streams are cut into frames; absent: they are server-sent events. */
  readonly framing?: Framing
}
