/** Where a stream is cut into frames is no part of what it says: earlier versions cut at other line ends. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { field } from "../../events/types/JsonAccess.ts"

/** A frame of a raw event has its time before it; one of a debug event is the text. */
const textOf = (frame: unknown): string => String(Array.isArray(frame) ? frame[1] : frame)

/** `payload`: of the frames; each of those of bytes is written for itself. */
const joined = (frames: ReadonlyArray<unknown>, payload: unknown): string =>
  field(payload, "encoding") === "base64"
    ? Buffer.concat(frames.map((frame) => Buffer.from(textOf(frame), "base64"))).toString("base64")
    : frames.map(textOf).join("")

const isStream = (frames: unknown): frames is ReadonlyArray<Schema.Json> =>
  Array.isArray(frames) && frames.every((frame) => Predicate.isString(frame) || Array.isArray(frame))

/** The payload of a rerun cut as the recorded one is, where both say the same. */
export const cutAs = (recorded: unknown, rerun: unknown): unknown => {
  if (!Predicate.isObject(rerun)) return rerun
  for (const name of ["frames", "response"]) {
    const [before, now] = [field(recorded, name), field(rerun, name)]
    if (
      isStream(before) && isStream(now) && before.length !== now.length &&
      joined(before, recorded) === joined(now, rerun)
    ) {
      return { ...rerun, [name]: before }
    }
  }
  return rerun
}
