/** Why no text was made of a file. */
import { Schema } from "effect"

/**
 * unsupported_type: nobody here reads such files; no_text: there is none in it; encrypted: it asks for a password; broken: it
 * is not what it claims to be; too_large: a limit was reached; timed_out: it took too long; processor_failed: what reads it
 * broke; busy: too many wait for it.
 */
export const reasons = [
  "unsupported_type",
  "no_text",
  "encrypted",
  "broken",
  "too_large",
  "timed_out",
  "processor_failed",
  "busy"
] as const

export type FileUnreadableReason = typeof reasons[number]

export class FileUnreadable extends Schema.TaggedError<FileUnreadable>()("FileUnreadable", {
  reason: Schema.Literals(reasons),
  /** What is wrong with the file, and what to do. */
  message: Schema.String
}) {}
