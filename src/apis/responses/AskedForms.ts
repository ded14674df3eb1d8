/** What of a request has a form that no model can be asked for, by the names that its client gave it. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { isFields, objectsIn } from "../../events/types/JsonAccess.ts"
import type { ResponseInvalid } from "./ResponseErrors.ts"
import { invalid } from "./ResponseErrors.ts"

type Fields = Schema.JsonObject

const missing = "missing_required_parameter"

const formatProblem = (text: Schema.Json | undefined): ResponseInvalid | undefined => {
  const format = isFields(text) ? text["format"] : undefined
  if (format == null) return undefined
  if (!isFields(format)) {
    return invalid("text.format", "text.format: send an object with its type: text, json_object or json_schema.")
  }
  if (format["type"] !== "json_schema") return undefined
  if (!Predicate.isString(format["name"]) || format["name"] === "") {
    return invalid("text.format.name", "text.format.name: missing: say what the format is called.", missing)
  }
  return isFields(format["schema"]) ? undefined : invalid(
    "text.format.schema",
    "text.format.schema: missing: send the JSON Schema of the answer, an object.",
    format["schema"] == null ? missing : null
  )
}

const toolProblem = (tools: Schema.Json | undefined): ResponseInvalid | undefined => {
  const at = objectsIn(tools).findIndex(({ parameters, type }: Fields) =>
    type === "function" && parameters != null && !isFields(parameters)
  )
  return at === -1 ? undefined : invalid(
    `tools[${at}].parameters`,
    `tools[${at}].parameters: send the JSON Schema of the function's arguments, an object, or leave it out.`
  )
}

/** The first of them; undefined: all of it can be asked for. */
export const problem = ({ text, tools }: Fields): ResponseInvalid | undefined =>
  formatProblem(text) ?? toolProblem(tools)
