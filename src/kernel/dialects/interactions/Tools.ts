/** Functions, and the tools of Google's own between them. */
import { Predicate, Struct } from "effect"
import type { Schema } from "effect"
import { asText, isFields, objectsIn } from "../../../events/types/JsonAccess.ts"
import { optionsFor, optionsOf } from "../../messages/ProviderOptions.ts"
import type { ToolSpec } from "../../messages/Tools.ts"
import type { Fields } from "./Steps.ts"

const isFunction = ({ name, parameters, type }: Fields): boolean =>
  type === "function" && Predicate.isString(name) && (parameters === undefined || isFields(parameters))

const specOf = (tool: Fields): ToolSpec => {
  const { description, name, parameters, ...others } = tool
  const rest = Struct.omit(others, ["type"]) as Fields
  return {
    name: asText(name),
    parameters: isFields(parameters) ? parameters : {},
    ...(Predicate.isString(description) ? { description } : {}),
    ...optionsOf("interactions", parameters === undefined ? { ...rest, without: "parameters" } : rest)
  }
}

export interface Raised {
  readonly functions: ReadonlyArray<ToolSpec>
  /** Google's own, with the place where each stood. */
  readonly others: ReadonlyArray<Fields>
}

export const raise = (tools: unknown): Raised => {
  const all = objectsIn(tools)
  return {
    functions: all.filter(isFunction).map(specOf),
    others: all.flatMap((tool, at) => isFunction(tool) ? [] : [{ at, tool }])
  }
}

const functionOf = (spec: ToolSpec): Fields => {
  const { without, ...rest } = optionsFor("interactions", spec)
  const isEmpty = Object.keys(spec.parameters).length === 0
  return {
    type: "function",
    name: spec.name,
    ...(spec.description == null ? {} : { description: spec.description }),
    ...(without === "parameters" && isEmpty ? {} : { parameters: spec.parameters }),
    ...rest
  }
}

export const lower = (functions: ReadonlyArray<ToolSpec>, others: unknown): ReadonlyArray<Schema.Json> => {
  const tools: Array<Schema.Json> = functions.map(functionOf)
  for (const { at, tool } of objectsIn(others)) {
    if (isFields(tool)) tools.splice(Predicate.isNumber(at) ? at : tools.length, 0, tool)
  }
  return tools
}
