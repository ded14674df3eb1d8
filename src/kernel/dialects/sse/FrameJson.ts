/** The JSON value that a captured frame carries: several ask for those of the last frames, and each is parsed once. */
import type { Schema } from "effect"
import { parse } from "../../../events/types/JsonAccess.ts"
import type { Frame } from "../../../events/types/Traffic.ts"
import { dataOf } from "./SseFrame.ts"

/** On the frame itself. A `WeakMap` would keep each, and its stream with it, until the next collection of all garbage. */
const read: unique symbol = Symbol.for("strata/kernel/dialects/sse/FrameJson/read")

type ReadFrame = Frame & { [read]?: { readonly json: Schema.Json | undefined } }

/** Undefined where it is none, as of `[DONE]` or a comment. */
export const of = (frame: ReadFrame): Schema.Json | undefined =>
  (frame[read] ??= { json: parse(dataOf(frame[1]) ?? "") }).json
