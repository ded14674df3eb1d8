/** How long a vendor may take, milliseconds, and how that is configured. */
import { Schema } from "effect"
import * as FieldPrompt from "../provider/FieldPrompt.ts"
import { maximumTimerMs, whole, wholeNumber } from "../provider/FieldSchema.ts"

export interface TimeLimits {
  /** Until there is a connection. */
  readonly connect: number
  /** From the sending of the request until the head of the answer is there. */
  readonly firstByte: number
  /** Between two pieces of the answer; not counted while nobody takes them. */
  readonly idle: number
  /** From the sending of the request until the end of the answer. */
  readonly total: number
}

/** Of a client whose instance says nothing about it. */
export const defaults: TimeLimits = { connect: 10_000, firstByte: Infinity, idle: Infinity, total: Infinity }

const answerMs = 600_000

/** The fields of a provider's configuration. `who` answers: `the vendor`. */
export const fields = (who: string) => ({
  timeout_ms: whole(1, maximumTimerMs, {
    description: `How long ${who} may take to begin its answer, milliseconds. Default ${answerMs}.`,
    default: answerMs
  }).pipe(FieldPrompt.annotate({
    displayName: "Timeout",
    prompt: `Milliseconds ${who} may take to begin its answer`
  })),
  connect_timeout_ms: whole(1, maximumTimerMs, {
    description: `How long a connection to ${who} may take, milliseconds. Default ${defaults.connect}.`,
    default: defaults.connect
  }).pipe(FieldPrompt.annotate({
    displayName: "Connect timeout",
    prompt: `Milliseconds a connection to ${who} may take`
  })),
  idle_timeout_ms: whole(1, maximumTimerMs, {
    description: `How long ${who} may be silent within an answer, milliseconds. Default ${answerMs}.`,
    default: answerMs
  }).pipe(FieldPrompt.annotate({
    displayName: "Idle timeout",
    prompt: `Milliseconds ${who} may be silent within an answer`
  })),
  total_timeout_ms: Schema.optionalKey(wholeNumber(1, maximumTimerMs, {
    description: `How long ${who} may take for a whole answer, milliseconds. Absent: as long as it goes on.`
  })).pipe(FieldPrompt.annotate({
    displayName: "Total timeout",
    prompt: `Milliseconds ${who} may take in all (empty: no limit)`
  }))
})

export interface Configured {
  readonly timeout_ms: number
  readonly connect_timeout_ms: number
  readonly idle_timeout_ms: number
  readonly total_timeout_ms?: number
}

export const of = (config: Configured): TimeLimits => ({
  connect: config.connect_timeout_ms,
  firstByte: config.timeout_ms,
  idle: config.idle_timeout_ms,
  total: config.total_timeout_ms ?? Infinity
})
