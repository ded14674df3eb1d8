/** The JSON values that a stream of server-sent events carries, in whatever dialect. */
import type { Schema } from "effect"
import { parse } from "../../../events/types/JsonAccess.ts"
import { eventsOf } from "./SseFrame.ts"

/** In order; comments, a last word such as `[DONE]` and what is not JSON are left out. */
export const valuesOf = (text: string): ReadonlyArray<Schema.Json> =>
  eventsOf(text).flatMap(({ data }) => {
    const value = parse(data)
    return value === undefined ? [] : [value]
  })
