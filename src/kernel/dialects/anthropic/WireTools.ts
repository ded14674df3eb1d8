/** Tools, and which of them must be called. The vendor's own tools are kept whole, in their places. */
import { Predicate, Struct } from "effect"
import type { Schema } from "effect"
import { isFields, objectsIn } from "../../../events/types/JsonAccess.ts"
import type { ChatRequest } from "../../messages/ChatRequest.ts"
import { optionsFor, optionsOf } from "../../messages/ProviderOptions.ts"
import type { ToolChoice, ToolSpec } from "../../messages/Tools.ts"
import { dialect, given, isEmpty } from "./WireFields.ts"

const ofClient = (tool: Schema.JsonObject): ToolSpec | undefined => {
  const { cache_control, description, input_schema, name, strict, type } = tool
  if (!(type == null || type === "custom") || !Predicate.isString(name) || !isFields(input_schema)) return undefined
  const fields = {
    ...(Predicate.isString(description) ? { description } : {}),
    ...(Predicate.isBoolean(strict) ? { strict } : {}),
    ...(isFields(cache_control) ? { cache_control } : {})
  }
  const rest = Struct.omit(tool, ["name", "input_schema", ...Object.keys(fields)])
  return { name, parameters: input_schema, ...fields, ...optionsOf(dialect, rest) }
}

export interface RaisedTools {
  readonly tools: ReadonlyArray<ToolSpec>
  /** `vendor_tools`: each with its place among all. */
  readonly options: Schema.JsonObject
}

export const raise = (tools: ReadonlyArray<Schema.JsonObject>): RaisedTools => {
  const vendor_tools: Array<Schema.JsonObject> = []
  const specs = tools.flatMap((tool, at) => {
    const spec = ofClient(tool)
    if (spec === undefined) vendor_tools.push({ at, tool })
    return spec === undefined ? [] : [spec]
  })
  return { tools: specs, options: vendor_tools.length === 0 ? {} : { vendor_tools } }
}

const lowerTool = (spec: ToolSpec): Schema.JsonObject => ({
  ...optionsFor(dialect, spec),
  name: spec.name,
  ...given("description", spec.description),
  input_schema: { ...spec.parameters, type: spec.parameters["type"] ?? "object" },
  ...given("strict", spec.strict),
  ...given("cache_control", spec.cache_control)
})

export const lower = (request: ChatRequest): ReadonlyArray<Schema.JsonObject> => {
  const all = (request.tools ?? []).map(lowerTool)
  for (const { at, tool } of objectsIn(optionsFor(dialect, request)["vendor_tools"])) {
    if (isFields(tool)) all.splice(Predicate.isNumber(at) ? at : all.length, 0, tool)
  }
  return all
}

const words: ReadonlyMap<unknown, string> = new Map([["auto", "auto"], ["any", "required"], ["none", "none"]])
const types: ReadonlyMap<unknown, string> = new Map([["auto", "auto"], ["required", "any"], ["none", "none"]])

export interface RaisedChoice {
  readonly fields: Pick<ChatRequest, "tool_choice" | "parallel_tool_calls">
  readonly options: Schema.JsonObject
}

export const raiseChoice = (choice: unknown): RaisedChoice => {
  if (!isFields(choice)) return { fields: {}, options: {} }
  const { disable_parallel_tool_use: single, name, type, ...rest } = choice
  const tool_choice = type === "tool" && Predicate.isString(name) ? { name } : words.get(type)
  if (
    tool_choice === undefined || (name !== undefined && type !== "tool") ||
    !(single == null || Predicate.isBoolean(single))
  ) {
    return { fields: {}, options: { tool_choice: choice } }
  }
  return {
    fields: { tool_choice, ...(single == null ? {} : { parallel_tool_calls: !single }) },
    options: isEmpty(rest) ? {} : { tool_choice: rest }
  }
}

/** Undefined for a choice that this wire has no word for. */
export const choiceOf = (choice: ToolChoice): Schema.JsonObject | undefined => {
  const type = types.get(choice)
  if (type !== undefined) return { type }
  const name = Predicate.isString(choice) ? undefined : choice["name"]
  return Predicate.isString(name) ? { type: "tool", name } : undefined
}

/** Whether some tool must be called. */
export const isForced = (choice: ToolChoice | null | undefined): boolean =>
  choice != null && choice !== "auto" && choice !== "none"

/** Of a request that has tools. */
export const lowerChoice = (request: ChatRequest): Schema.JsonObject => {
  const option = optionsFor(dialect, request)["tool_choice"]
  if (isFields(option) && option["type"] !== undefined) return { tool_choice: option }
  const { parallel_tool_calls: parallel, tool_choice } = request
  if (tool_choice == null && parallel !== false) return {}
  const choice = choiceOf(tool_choice ?? "auto")
  if (choice === undefined) return {}
  const single = parallel == null || choice["type"] === "none" ? {} : { disable_parallel_tool_use: !parallel }
  return { tool_choice: { ...(isFields(option) ? option : {}), ...choice, ...single } }
}
