/** What came of a function call: text, JSON, or text and images in order. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { isDeepStrictEqual } from "node:util"
import { asText, isFields, listOf } from "../../../events/types/JsonAccess.ts"
import type { ImageBlock, ToolResultBlock } from "../../messages/ContentBlock.ts"
import { optionsFor, optionsOf } from "../../messages/ProviderOptions.ts"
import * as CallIds from "./CallIds.ts"
import * as Images from "./Images.ts"
import type { Fields } from "./ProtoNames.ts"
import { isEmpty } from "./ProtoNames.ts"

interface Outcome {
  readonly output: Schema.Json
  readonly is_error?: true
}

const isOnly = (fields: Fields, name: string): boolean =>
  Object.hasOwn(fields, name) && Object.keys(fields).length === 1

/** Google takes `output` and `error` for what they are, and anything else as a whole. */
const unwrapped = (response: unknown): Outcome => {
  if (!isFields(response)) return { output: response as Schema.Json ?? {} }
  if (isOnly(response, "error")) return { output: response["error"]!, is_error: true }
  return { output: isOnly(response, "output") ? response["output"]! : response }
}

const refOf = (value: unknown): unknown => isFields(value) && isOnly(value, "$ref") ? value["$ref"] : undefined

const text = (value: Schema.Json): ReadonlyArray<Schema.Json> =>
  value === "" ? [] : [{ type: "text", text: Predicate.isString(value) ? value : JSON.stringify(value) }]

/** Images stand where the output names them; others behind it. */
const withImages = (output: Schema.Json, images: ReadonlyMap<string, Fields>): Schema.Json => {
  const left = new Map(images)
  const place = (value: Schema.Json): Schema.Json => {
    const name = refOf(value)
    const image = Predicate.isString(name) ? left.get(name) : undefined
    if (image === undefined) return value
    left.delete(asText(name))
    return image
  }
  const placed = Array.isArray(output) ? output.map(place) : text(output)
  return [...placed, ...left.values()]
}

const imagesOf = (parts: unknown): ReadonlyMap<string, Fields> =>
  new Map(
    listOf(parts).flatMap((part, index) => {
      const block = isFields(part) ? Images.raise(part) : undefined
      if (block === undefined) return []
      const name = Images.displayName(part)
      return [[name ?? `image_${index}`, { type: "image", source: block.source }] as const]
    })
  )

const outcomeOf = ({ parts, response }: { readonly parts?: unknown; readonly response?: unknown }): Outcome => {
  const outcome = unwrapped(response)
  const images = imagesOf(parts)
  return images.size === 0 ? outcome : { ...outcome, output: withImages(outcome.output, images) }
}

const isImage = (value: Schema.Json): value is Schema.Json & ImageBlock =>
  isFields(value) && value["type"] === "image" && isFields(value["source"])

const isText = (value: Schema.Json): value is { readonly type: "text"; readonly text: string } =>
  isFields(value) && value["type"] === "text" && Predicate.isString(value["text"])

interface Written {
  readonly response: Fields
  readonly parts?: ReadonlyArray<Fields>
}

const wrapped = ({ is_error, output }: Pick<ToolResultBlock, "is_error" | "output">): Fields => {
  if (is_error === true) return { error: output }
  return !isFields(output) || isOnly(output, "output") || isOnly(output, "error") ? { output } : output
}

const writtenOf = ({ is_error, output }: Pick<ToolResultBlock, "is_error" | "output">): Written => {
  const given = is_error == null ? {} : { is_error }
  if (!Array.isArray(output)) return { response: wrapped({ ...given, output }) }
  const parts: Array<Fields> = []
  const list = output.map((value: Schema.Json): Schema.Json => {
    if (isText(value)) return { type: "text", text: value.text }
    if (!isImage(value)) return value
    const displayName = `image_${parts.length}`
    parts.push(Images.lower({ type: "image", source: value.source }, displayName))
    return { $ref: displayName }
  })
  return { response: wrapped({ ...given, output: list }), ...(parts.length === 0 ? {} : { parts }) }
}

/** `rest`: the other fields of the part. */
export const raise = (functionResponse: Fields, rest: Fields): ToolResultBlock => {
  const { id, parts, response, ...others } = functionResponse
  const outcome = outcomeOf({ parts, response })
  const given = { ...(isFields(response) ? { response } : {}), ...(Array.isArray(parts) ? { parts } : {}) }
  const own = { ...others, ...(isDeepStrictEqual(writtenOf(outcome), given) || response === undefined ? {} : given) }
  return {
    type: "tool_result",
    tool_call_id: asText(id),
    ...outcome,
    ...optionsOf("gemini", { ...rest, ...(isEmpty(own) ? {} : { functionResponse: own }) })
  }
}

/** `name`: of the function; undefined where nobody knows it. */
export const lower = (block: ToolResultBlock, name: string | undefined): Fields => {
  const { functionResponse, ...rest } = optionsFor("gemini", block)
  const { parts, response, ...others } = isFields(functionResponse) ? functionResponse : {}
  const before = outcomeOf({ parts, response })
  const isUnchanged = response !== undefined &&
    isDeepStrictEqual(before.output, block.output) && (before.is_error === true) === (block.is_error === true)
  const written = isUnchanged ? { response, ...(parts === undefined ? {} : { parts }) } : writtenOf(block)
  return {
    ...rest,
    functionResponse: {
      ...CallIds.onWire(block.tool_call_id),
      ...(name === undefined ? {} : { name }),
      ...others,
      ...written
    } as Fields
  }
}
