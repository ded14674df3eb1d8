/** The JSON values of a stream of server-sent events in OpenAI's dialect. */
import type { Schema } from "effect"
import * as JsonAccess from "../../../events/types/JsonAccess.ts"

const frameEnd = /\r\n\r\n|\n\n|\r\r/
const line = /\r\n|\n|\r/

const dataOf = (frame: string): string =>
  frame.split(line).filter((each) => each.startsWith("data:")).map((each) => each.slice(5).replace(/^ /, "")).join("\n")

/** In order; comments, `[DONE]` and what is not JSON are left out. */
export const parse = (text: string): ReadonlyArray<Schema.Json> =>
  text.split(frameEnd).flatMap((frame) => JsonAccess.parse(dataOf(frame)) ?? [])
