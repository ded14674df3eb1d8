/**
 * Calls of tools that are no functions, and what came of them: a custom tool's text, a shell's commands, a patch. To every
 * other dialect they are calls of a tool and its results; in this one they are again what they were.
 */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { isFields, textOrNull, without } from "../../../events/types/JsonAccess.ts"
import type { ContentBlock, ToolCallBlock, ToolResultBlock } from "../../messages/ContentBlock.ts"
import * as CustomCall from "../../messages/CustomCall.ts"
import { optionsFor, optionsOf } from "../../messages/ProviderOptions.ts"
import * as ImageUrl from "../chat/ImageUrl.ts"
import { output } from "./LowerPart.ts"
import { meaningful, parts } from "./RaisePart.ts"

type Item = Schema.JsonObject

/** A call of a tool that takes text. */
export const custom = "custom_tool_call"
const computer = "computer_call"

/** Where what came of a call stands in its item. */
const outputFields: ReadonlyMap<string, string> = new Map([
  [custom, "output"],
  ["local_shell_call", "output"],
  ["shell_call", "output"],
  ["apply_patch_call", "output"],
  [computer, "output"],
  ["tool_search_call", "tools"]
])

const typeOf = ({ type }: Item): string => textOrNull(type) ?? ""

/** Undefined for an item that is no such call. */
export const raiseCall = (item: Item): ContentBlock | undefined => {
  const [type, id] = [typeOf(item), textOrNull(item["call_id"])]
  if (!outputFields.has(type) || id === null) return undefined
  if (type !== custom) {
    const { id: itemId, status, ...input } = without(item, ["type", "call_id"])
    const name = type.slice(0, -"_call".length)
    const options = meaningful({ type, id: itemId ?? null, status: status ?? null })
    return { type: "tool_call", id, name, input, ...optionsOf("responses", options) }
  }
  const { input, name, ...rest } = without(item, ["call_id"])
  if (!Predicate.isString(input) || !Predicate.isString(name)) return undefined
  return { type: "tool_call", id, name, input: CustomCall.inputOf(input), ...optionsOf("responses", meaningful(rest)) }
}

/** Undefined for a call of a function. `fields`: of a call that came in another dialect, for who reads it. */
export const lowerCall = (block: ToolCallBlock, fields: Item = {}): Item | undefined => {
  const { id: call_id, input, name } = block
  const { type = block.custom === true ? custom : undefined, ...options } = optionsFor("responses", block)
  if (!Predicate.isString(type) || !outputFields.has(type)) return undefined
  return type === custom
    ? { type, ...(block.custom === true ? fields : {}), call_id, name, input: CustomCall.textOf(block), ...options }
    : { type, call_id, ...input, ...options }
}

/** A picture of a screen is a picture. */
const screenshot = (given: Schema.Json): Schema.Json => {
  const url = isFields(given) ? textOrNull(given["image_url"]) : null
  if (url === null || !isFields(given)) return given
  const more = without(given, ["image_url"])
  const image = { type: "image", source: ImageUrl.sourceOf(url), ...optionsOf("responses", { screenshot: more }) }
  return [image as Schema.JsonObject]
}

const suffix = "_output"

const callTypeOf = (item: Item): string => {
  const type = typeOf(item)
  return type === "tool_search_output" ? "tool_search_call" : type.endsWith(suffix) ? type.slice(0, -suffix.length) : ""
}

/** Undefined for an item that is no such result. */
export const raiseResult = (item: Item): ToolResultBlock | undefined => {
  const call = callTypeOf(item)
  const name = outputFields.get(call)
  // A local shell's result is named as its call.
  const id = textOrNull(item["call_id"]) ?? (call === "local_shell_call" ? textOrNull(item["id"]) : null)
  if (name === undefined || id === null) return undefined
  const given = item[name]
  const rest = meaningful(without(item, ["call_id", name, ...item["call_id"] == null ? ["id"] : []]))
  const content = given ?? item["status"] ?? ""
  return {
    type: "tool_result",
    tool_call_id: id,
    output: call === custom
      ? (parts(content, "tool") as Schema.Json | undefined) ?? content
      : call === computer
      ? screenshot(content)
      : content,
    ...optionsOf("responses", {
      ...rest,
      ...(given == null ? { silent: true } : {}),
      ...(item["call_id"] == null ? { named: "id" } : {})
    })
  }
}

const asScreenshot = (given: Schema.Json): Schema.Json => {
  const [image] = Array.isArray(given) ? given as ReadonlyArray<Schema.Json> : []
  if (!isFields(image) || !isFields(image["source"])) return given
  const { screenshot: more } = optionsFor("responses", image as Pick<ToolResultBlock, "provider_options">)
  const url = ImageUrl.urlOf(image["source"])
  return isFields(more) && url !== undefined ? { ...more, image_url: url } : given
}

/** Undefined for a result of a function. */
export const lowerResult = (block: ToolResultBlock): Item | undefined => {
  const { named, silent, type, ...options } = optionsFor("responses", block)
  if (!Predicate.isString(type)) return undefined
  const call = callTypeOf({ type })
  const name = outputFields.get(call)
  if (name === undefined) return undefined
  const content = call === custom
    ? output(block.output)
    : call === computer
    ? asScreenshot(block.output)
    : block.output
  return {
    type,
    [named === "id" ? "id" : "call_id"]: block.tool_call_id,
    ...options,
    ...(silent === true ? {} : { [name]: content })
  }
}
