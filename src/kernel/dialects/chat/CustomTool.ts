/** Tools that take text, as chat completions have them, and calls of them. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { isFields, without } from "../../../events/types/JsonAccess.ts"
import type { ToolCallBlock } from "../../messages/ContentBlock.ts"
import * as CustomCall from "../../messages/CustomCall.ts"
import { optionsFor, optionsOf } from "../../messages/ProviderOptions.ts"
import type { ToolSpec } from "../../messages/Tools.ts"

type Fields = Schema.JsonObject

/** A grammar stands in an object of its own here, and in the format itself in Responses. */
const raiseFormat = (format: Fields): Fields => {
  const { grammar, ...rest } = format
  return isFields(grammar) ? { ...rest, ...grammar } : format
}

const lowerFormat = (format: Fields): Fields => {
  const { type, ...grammar } = format
  return type === "grammar" ? { type, grammar } : format
}

export const isTool = ({ custom, type }: Fields): boolean =>
  type === "custom" && isFields(custom) && Predicate.isString(custom["name"]) &&
  (custom["format"] == null || isFields(custom["format"]))

const specFields = ["name", "description", "format"] as const

/** Of what `isTool` takes. */
export const raiseTool = (tool: Fields): Fields => {
  const custom = tool["custom"] as Fields
  const { description, format, name } = custom
  const [rest, more] = [without(tool, ["type", "custom"]), without(custom, specFields)]
  return {
    name: name!,
    ...(Predicate.isString(description) ? { description } : {}),
    parameters: CustomCall.parameters,
    custom: isFields(format) ? raiseFormat(format) : {},
    ...optionsOf("chat", { ...rest, ...(Object.keys(more).length === 0 ? {} : { custom: more }) })
  }
}

export const lowerTool = (spec: ToolSpec, format: Fields): Fields => {
  const { custom: more, ...options } = optionsFor("chat", spec)
  return {
    type: "custom",
    custom: {
      name: spec.name,
      ...(spec.description == null ? {} : { description: spec.description }),
      ...(Object.keys(format).length === 0 ? {} : { format: lowerFormat(format) }),
      ...(isFields(more) ? more : {})
    },
    ...options
  }
}

/** What a call says of its tool; undefined for a call of a function. */
export const raiseCall = ({ custom, type }: Fields) => {
  if (type !== "custom" || !isFields(custom)) return undefined
  const { input, name, ...more } = custom
  return Predicate.isString(name) && Predicate.isString(input)
    ? { name, input: CustomCall.inputOf(input), custom: true, more }
    : undefined
}

export const lowerCall = (block: ToolCallBlock, more: unknown): Fields => ({
  type: "custom",
  custom: { name: block.name, input: CustomCall.textOf(block), ...(isFields(more) ? more : {}) }
})
