/** The JSON value that a captured frame carries: several ask for those of the last frames, and each is parsed once. */
import type { Schema } from "effect"
import { parse } from "../../../events/types/JsonAccess.ts"
import type { Frame } from "../../../events/types/Traffic.ts"
import { dataOf } from "./SseFrame.ts"

const values = new WeakMap<Frame, { readonly json: Schema.Json | undefined }>()

/** Undefined where it is none, as of `[DONE]` or a comment. */
export const of = (frame: Frame): Schema.Json | undefined => {
  let value = values.get(frame)
  if (value === undefined) values.set(frame, value = { json: parse(dataOf(frame[1]) ?? "") })
  return value.json
}
