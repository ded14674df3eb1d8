/** JSON as a text that is the same for what is equal, whatever the order of its names: to find it among many. */
import type { Schema } from "effect"
import { isFields } from "../../events/types/JsonAccess.ts"

const sorted = (_: string, value: unknown): unknown =>
  isFields(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => one < other ? -1 : 1))
    : value

export const of = (value: Schema.Json): string => JSON.stringify(value, sorted)
