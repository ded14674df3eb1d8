/** What is wrong with an answer that came whole over its wire: only who knows its dialect sees it. */
import type { Answer } from "./Call.ts"

/** `vendor_error`: the vendor says so within an answer of another status. `cut_off`: the stream lacks its end. */
export interface AnswerFailure {
  readonly type: "vendor_error" | "cut_off"
  readonly message: string
}

const types: ReadonlySet<string> = new Set<AnswerFailure["type"]>(["vendor_error", "cut_off"])

/** True for a failure that whoever reads the answer again finds again. */
export const isInAnswer = ({ type }: { readonly type: string }): boolean => types.has(type)

/** Knows a dialect. */
export interface AnswerJudge {
  readonly failureOf: (answer: Answer) => AnswerFailure | undefined
  readonly isLastFrame: (frame: string) => boolean
}
