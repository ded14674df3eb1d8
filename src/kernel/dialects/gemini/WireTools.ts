/** Tools, and which of them the model is to call. */
import { Predicate, Struct } from "effect"
import type { Schema } from "effect"
import { isDeepStrictEqual } from "node:util"
import { isFields, listOf } from "../../../events/types/JsonAccess.ts"
import { tableOf } from "../../../events/types/Table.ts"
import { optionsFor, optionsOf } from "../../messages/ProviderOptions.ts"
import type { ToolChoice, ToolSpec } from "../../messages/Tools.ts"
import { jsonSchema } from "./OpenApiSchema.ts"
import type { Fields } from "./ProtoNames.ts"
import { fieldsOf, isEmpty, named } from "./ProtoNames.ts"

/** The wire has two places for a schema; as it stood in the other one, it is kept beside. */
const raiseTool = (declaration: Fields): ToolSpec => {
  const { description, name, parameters, parametersJsonSchema, ...rest } = named(declaration)
  const schema = parametersJsonSchema ?? (isFields(parameters) ? jsonSchema(parameters) : {})
  const written = parametersJsonSchema === undefined && parameters !== undefined ? { parameters } : {}
  return {
    name: Predicate.isString(name) ? name : "",
    parameters: isFields(schema) ? schema : {},
    ...(Predicate.isString(description) ? { description } : {}),
    ...optionsOf("gemini", { ...rest, ...written })
  }
}

export interface Tools {
  readonly functions: ReadonlyArray<ToolSpec>
  /** Google's own: search, code execution … */
  readonly others: ReadonlyArray<Fields>
}

export const raise = (tools: unknown): Tools => {
  const all = listOf(tools).map(fieldsOf)
  return {
    functions: all.flatMap((tool) => listOf(tool["functionDeclarations"]).filter(isFields)).map(raiseTool),
    others: all.map((tool) => Struct.omit(tool, ["functionDeclarations"]) as Fields).filter((tool) => !isEmpty(tool))
  }
}

/** JSON Schema goes where JSON Schema is read: Google's own Schema knows a piece of it alone. */
const lowerTool = (spec: ToolSpec): Fields => {
  const { parameters: written, ...rest } = optionsFor("gemini", spec)
  const isUnchanged = isFields(written) && isDeepStrictEqual(jsonSchema(written), spec.parameters)
  const schema = isUnchanged
    ? { parameters: written }
    : isEmpty(spec.parameters)
    ? {}
    : { parametersJsonSchema: spec.parameters }
  return {
    name: spec.name,
    ...(spec.description == null ? {} : { description: spec.description }),
    ...schema,
    ...rest
  }
}

export const lower = (functions: ReadonlyArray<ToolSpec>, others: unknown): ReadonlyArray<Fields> => [
  ...(functions.length === 0 ? [] : [{ functionDeclarations: functions.map(lowerTool) }]),
  ...listOf(others).filter(isFields)
]

const words = tableOf<string>({ AUTO: "auto", NONE: "none", ANY: "required", VALIDATED: "auto" })
const modes = tableOf<string>({ auto: "AUTO", none: "NONE", required: "ANY", any: "ANY" })

export const raiseChoice = (config: Fields): ToolChoice | undefined => {
  const { allowedFunctionNames, mode } = named(config)
  const allowed = listOf(allowedFunctionNames)
  if (mode === "ANY" && allowed.length === 1 && Predicate.isString(allowed[0])) return { name: allowed[0] }
  return Predicate.isString(mode) && Object.hasOwn(words, mode) ? words[mode] : undefined
}

/** Undefined for a choice that is not understood. */
export const lowerChoice = (choice: ToolChoice): Fields | undefined => {
  if (Predicate.isString(choice)) return Object.hasOwn(modes, choice) ? { mode: modes[choice]! } : undefined
  const name: Schema.Json | undefined = choice["name"]
  return Predicate.isString(name) ? { mode: "ANY", allowedFunctionNames: [name] } : undefined
}
