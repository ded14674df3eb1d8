/** Tools, and which of them must be called. The vendor's own tools are kept whole, in their places. */
import { Predicate, Struct } from "effect"
import type { Schema } from "effect"
import { isFields, objectsIn } from "../../../events/types/JsonAccess.ts"
import type { ChatRequest } from "../../messages/ChatRequest.ts"
import { optionsFor, optionsOf } from "../../messages/ProviderOptions.ts"
import type { ToolChoice, ToolSpec } from "../../messages/Tools.ts"
import { given, isEmpty } from "../anthropic/WireFields.ts"
import * as CachePoints from "./CachePoints.ts"
import { dialect } from "./Wire.ts"

type Fields = Schema.JsonObject

const specOf = ({ toolSpec, ...rest }: Fields): Fields | undefined => {
  const { description, inputSchema, name, strict, ...more } = isFields(toolSpec) ? toolSpec : {}
  const { json, ...others } = isFields(inputSchema) ? inputSchema : {}
  if (!Predicate.isString(name) || !isFields(json) || !isEmpty(others)) return undefined
  return {
    name,
    parameters: json,
    ...(Predicate.isString(description) ? { description } : {}),
    ...(Predicate.isBoolean(strict) ? { strict } : {}),
    ...optionsOf(dialect, { ...rest, ...(isEmpty(more) ? {} : { toolSpec: more }) })
  }
}

const words: ReadonlyMap<string, string> = new Map([["auto", "auto"], ["any", "required"]])

/** Undefined for a choice that has no canonical word. */
const choiceIn = (choice: unknown): Schema.Json | undefined => {
  if (!isFields(choice)) return undefined
  const [kind = "", ...others] = Object.keys(choice)
  const value = choice[kind]
  if (others.length > 0 || !isFields(value)) return undefined
  if (kind === "tool" && Predicate.isString(value["name"]) && isEmpty(Struct.omit(value, ["name"]))) {
    return { name: value["name"] }
  }
  return isEmpty(value) ? words.get(kind) : undefined
}

export interface Raised {
  readonly canonical: Fields
  /** `tools`: those of the vendor's own, each with its place among all. */
  readonly options: Fields
}

export const raise = ({ toolChoice, tools, ...rest }: Fields): Raised => {
  const specs: Array<Fields> = []
  const own: Array<Fields> = []
  for (const [at, tool] of objectsIn(tools).entries()) {
    const [mark, last, spec] = [CachePoints.raise(tool), specs.at(-1), specOf(tool)]
    if (spec !== undefined) specs.push(spec)
    else if (mark !== undefined && last !== undefined && own.length === 0 && last["cache_control"] === undefined) {
      specs[specs.length - 1] = { ...last, cache_control: mark }
    } else own.push({ at, tool })
  }
  const choice = choiceIn(toolChoice)
  return {
    canonical: {
      ...(specs.length === 0 ? {} : { tools: specs }),
      ...(choice === undefined ? {} : { tool_choice: choice })
    },
    options: {
      ...rest,
      ...(own.length === 0 ? {} : { tools: own }),
      ...(toolChoice == null || choice !== undefined ? {} : { toolChoice })
    }
  }
}

const tool = (marks: boolean) => (spec: ToolSpec): ReadonlyArray<Fields> => {
  const { toolSpec: more, ...options } = optionsFor(dialect, spec)
  const { cache_control, description, name, parameters, strict } = spec
  const toolSpec = {
    ...(isFields(more) ? more : {}),
    name,
    ...given("description", description === "" ? undefined : description),
    inputSchema: { json: { ...parameters, type: parameters["type"] ?? "object" } },
    ...given("strict", strict)
  }
  return [{ ...options, toolSpec }, ...(cache_control == null || !marks ? [] : [CachePoints.lower(cache_control)])]
}

const types: ReadonlyMap<unknown, string> = new Map([["auto", "auto"], ["required", "any"]])

/** Undefined for a choice that this wire has no word for. */
export const choiceOf = (choice: ToolChoice): Fields | undefined => {
  const type = types.get(choice)
  if (type !== undefined) return { [type]: {} }
  const name = Predicate.isString(choice) ? undefined : choice["name"]
  return Predicate.isString(name) ? { tool: { name } } : undefined
}

/** `marks`: whether marks of the cache are sent. Nothing where there are no tools. */
export const lower = (request: ChatRequest, marks: boolean): Fields => {
  const own = optionsFor(dialect, request)["toolConfig"]
  const { toolChoice, tools: others, ...rest } = isFields(own) ? own : {}
  const tools: Array<Fields> = (request.tools ?? []).flatMap(tool(marks))
  for (const { at, tool } of objectsIn(others)) {
    if (isFields(tool)) tools.splice(Predicate.isNumber(at) ? at : tools.length, 0, tool)
  }
  if (tools.length === 0) return {}
  const { tool_choice } = request
  const choice = tool_choice == null || tool_choice === "none" ? toolChoice : choiceOf(tool_choice)
  return { toolConfig: { ...rest, tools, ...given("toolChoice", choice) } }
}
