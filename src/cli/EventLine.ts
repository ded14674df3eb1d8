/** An event as one line for a terminal. */
import type { Schema } from "effect"
import type { Envelope, LiveEnvelope } from "../events/types/Envelope.ts"

/** Characters of a payload that are shown. */
const longest = 160

const short = (payload: Schema.Json): string => {
  const text = JSON.stringify(payload)
  return text.length <= longest ? text : `${text.slice(0, longest)}…`
}

export const text = ({ payload, position, time, type }: Envelope | LiveEnvelope): string =>
  `${String(position ?? "live").padStart(6)}  ${time.slice(11, 23)}  ${type.padEnd(20)}  ${short(payload)}`
