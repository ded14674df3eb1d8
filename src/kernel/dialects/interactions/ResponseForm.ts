/** In which form a model is to answer: under `response_format`, which was a schema alone before it had types. */
import { Predicate } from "effect"
import { isDeepStrictEqual } from "node:util"
import { isFields } from "../../../events/types/JsonAccess.ts"
import type { ResponseFormat } from "../../messages/ResponseFormat.ts"
import type { Fields } from "./Steps.ts"

const json = "application/json"

/** The fields of a request that say it. */
export const fields = ["response_format", "response_mime_type"] as const

const typed = ({ mime_type, schema }: Fields): ResponseFormat | undefined => {
  if (isFields(schema)) return { type: "json_schema", json_schema: schema }
  return mime_type === json ? { type: "json" } : { type: "text" }
}

/** Undefined where nothing is said, and where it has no canonical form. */
export const raise = ({ response_format: given, response_mime_type: mime }: Fields): ResponseFormat | undefined => {
  if (given === undefined) return mime === json ? { type: "json" } : undefined
  const format = Array.isArray(given) && given.length === 1 ? given[0]! : given
  if (!isFields(format)) return undefined
  if (format["type"] === "text") return typed(format)
  const isSchema = Predicate.isString(format["type"]) && !["image", "audio", "video"].includes(format["type"])
  return isSchema || mime === json ? { type: "json_schema", json_schema: format } : undefined
}

export const lower = (format: ResponseFormat | null | undefined, own: Fields): Fields => {
  const written = Object.fromEntries(fields.flatMap((name) => own[name] === undefined ? [] : [[name, own[name]]]))
  if (format == null || isDeepStrictEqual(raise(written), format)) return written
  switch (format.type) {
    case "text":
      return { response_format: { type: "text" } }
    case "json":
      return { response_format: { type: "text", mime_type: json } }
    case "json_schema":
      return { response_format: { type: "text", mime_type: json, schema: format.json_schema } }
  }
}
