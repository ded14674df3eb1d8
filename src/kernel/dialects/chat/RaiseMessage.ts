/** The blocks of a message in a chat completion or its request. */
import { Predicate, Struct } from "effect"
import type { Schema } from "effect"
import { field, parse, textOrNull } from "../../../events/types/JsonAccess.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import { unknownBlock } from "../../messages/ContentBlock.ts"

/** What every block of a message says of where it comes from. */
export interface Origin {
  readonly producer_model?: string
}

export const isFields = (value: unknown): value is Schema.JsonObject =>
  Predicate.isObject(value) && !Array.isArray(value)

/** Where vendors put what a model thought; a block remembers where. */
export const thoughtFields = ["reasoning_content", "reasoning"] as const

/** The fields of a message that become blocks. */
export const blockFields = ["content", "tool_calls", ...thoughtFields] as const

const thoughts = (message: Schema.JsonObject, origin: Origin): ReadonlyArray<ContentBlock> => {
  const name = thoughtFields.find((name) => Predicate.isString(message[name]) && message[name] !== "")
  return name === undefined ? [] : [{ type: "thinking", thinking: String(message[name]), field: name, ...origin }]
}

const dataUrl = /^data:([^;,]+);base64,(.*)$/s

const imageSource = (url: string): Schema.JsonObject => {
  const [, media_type, data] = dataUrl.exec(url) ?? []
  return media_type === undefined || data === undefined ? { type: "url", url } : { type: "base64", media_type, data }
}

const part = (value: unknown, origin: Origin): ContentBlock => {
  const fields = isFields(value) ? value : { value: value as Schema.Json }
  const type = textOrNull(fields["type"]) ?? ""
  if (type === "text" && Predicate.isString(fields["text"])) {
    return { ...fields, type: "text", text: fields["text"], ...origin }
  }
  const image = fields["image_url"]
  const url = textOrNull(field(image, "url"))
  if (type === "image_url" && isFields(image) && url !== null) {
    const { type: _, image_url: __, ...rest } = fields
    return { ...rest, type: "image", source: { ...Struct.omit(image, ["url"]), ...imageSource(url) }, ...origin }
  }
  // A name of the canonical model's own may stand for something else here.
  return unknownBlock("chat_part", { part: fields, ...origin })
}

const parts = (content: unknown, origin: Origin): ReadonlyArray<ContentBlock> => {
  if (Array.isArray(content)) return content.map((each: unknown) => part(each, origin))
  return Predicate.isString(content) && content !== "" ? [{ type: "text", text: content, ...origin }] : []
}

const call = (value: unknown, origin: Origin): ContentBlock => {
  const [id, called] = [textOrNull(field(value, "id")), field(value, "function")]
  const [name, text] = [textOrNull(field(called, "name")), field(called, "arguments")]
  if (!isFields(value) || !isFields(called) || name === null) {
    return unknownBlock("chat_tool_call", { call: value as Schema.Json, ...origin })
  }
  const input = Predicate.isString(text) ? parse(text === "" ? "{}" : text) : text
  const isObject = isFields(input)
  const more = Struct.omit(called, ["name", "arguments"])
  return {
    ...Struct.omit(value, ["id", "type", "function"]),
    ...(Object.keys(more).length === 0 ? {} : { function: more }),
    // What is no object, or written in another way, goes back as it came.
    ...(isObject && JSON.stringify(input) === text ? {} : { arguments: text as Schema.Json ?? null }),
    type: "tool_call",
    id: id ?? "",
    name,
    input: isObject ? input : {},
    ...origin
  }
}

const calls = (value: unknown, origin: Origin): ReadonlyArray<ContentBlock> =>
  Array.isArray(value) ? value.map((each: unknown) => call(each, origin)) : []

/** In the order in which a model makes them: thought, text, calls. */
export const blocks = (message: Schema.JsonObject, origin: Origin): ReadonlyArray<ContentBlock> => [
  ...thoughts(message, origin),
  ...parts(message["content"], origin),
  ...calls(message["tool_calls"], origin)
]
