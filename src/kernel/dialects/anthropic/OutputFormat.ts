/** In which form a model answers: a schema in `output_config`, or where the beta had it. */
import { Struct } from "effect"
import type { Schema } from "effect"
import { isFields } from "../../../events/types/JsonAccess.ts"
import type { ResponseFormat } from "../../messages/ResponseFormat.ts"

export interface Raised {
  readonly format: ResponseFormat
  /** What else it says. */
  readonly rest: Schema.JsonObject
}

/** Undefined for a format that is not known here. */
export const raise = (format: unknown): Raised | undefined => {
  if (!isFields(format) || format["type"] !== "json_schema" || !isFields(format["schema"])) return undefined
  return {
    format: { type: "json_schema", json_schema: format["schema"] },
    rest: Struct.omit(format, ["type", "schema"])
  }
}

/** Undefined for text, which is what a model gives by itself. */
export const lower = (format: ResponseFormat | null | undefined): Schema.JsonObject | undefined =>
  format?.type === "json_schema" ? { type: "json_schema", schema: format.json_schema } : undefined
