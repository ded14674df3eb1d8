/** A message's blocks as chat completions have them: results of tools are messages of their own. */
import { Predicate, Struct } from "effect"
import type { Schema } from "effect"
import type {
  ContentBlock,
  ImageBlock,
  TextBlock,
  ToolCallBlock,
  ToolResultBlock
} from "../../messages/ContentBlock.ts"
import { isModeled } from "../../messages/ContentBlock.ts"
import type { Message } from "../../messages/Message.ts"
import { blocksOf } from "../../messages/Message.ts"

type Fields = Record<string, Schema.Json>

const ours = ["visibility", "producer_model"] as const

const text = (block: TextBlock): Schema.JsonObject => ({ ...Struct.omit(block, ours), type: "text", text: block.text })

const image = ({ source, ...block }: ImageBlock): Schema.JsonObject => {
  const { data, media_type, type, url, ...rest } = source as Fields
  const address = type === "base64" ? `data:${String(media_type)};base64,${String(data)}` : url ?? ""
  return { ...Struct.omit(block, [...ours, "type"]), type: "image_url", image_url: { url: address, ...rest } }
}

const call = ({ arguments: given, function: more, id, input, name, ...block }: ToolCallBlock) => ({
  id,
  type: "function",
  function: { name, arguments: given ?? JSON.stringify(input), ...(Predicate.isObject(more) ? more as Fields : {}) },
  ...Struct.omit(block, [...ours, "type"])
})

const result = ({ output, tool_call_id }: ToolResultBlock): Schema.JsonObject => ({
  role: "tool",
  tool_call_id,
  content: Predicate.isString(output) || Array.isArray(output) ? output : JSON.stringify(output)
})

/** The fields of a message that blocks become. */
export interface Lowered {
  readonly parts: ReadonlyArray<Schema.JsonObject>
  readonly calls: ReadonlyArray<Schema.Json>
  readonly results: ReadonlyArray<Schema.JsonObject>
  readonly thoughts: Schema.JsonObject
}

/** A thought goes back only to vendors it came from in this dialect: those of others mean nothing here. */
export const blocks = (given: ReadonlyArray<ContentBlock>): Lowered => {
  const parts: Array<Schema.JsonObject> = []
  const calls: Array<Schema.Json> = []
  const results: Array<Schema.JsonObject> = []
  const thoughts: Fields = {}
  for (const block of given) {
    if (!isModeled(block)) {
      if (block["call"] !== undefined) calls.push(block["call"])
      else if (Predicate.isObject(block["part"])) parts.push(block["part"] as Schema.JsonObject)
      continue
    }
    switch (block.type) {
      case "text":
        parts.push(text(block))
        break
      case "image":
        parts.push(image(block))
        break
      case "tool_call":
        calls.push(call(block))
        break
      case "tool_result":
        results.push(result(block))
        break
      case "thinking": {
        const name = block["field"]
        if (Predicate.isString(name)) thoughts[name] = String(thoughts[name] ?? "") + block.thinking
      }
    }
  }
  return { parts, calls, results, thoughts }
}

/** One plain text is written as text; nothing is null beside tool calls. */
const contentOf = ({ calls, parts }: Lowered): Schema.Json => {
  const [first] = parts
  if (first === undefined) return calls.length > 0 ? null : ""
  const plain = parts.length === 1 && first["type"] === "text" && Object.keys(first).length === 2
  return plain ? first["text"] ?? "" : parts
}

/** What an assistant answers: content, tool calls, thoughts. */
export const assistantFields = (lowered: Lowered): Schema.JsonObject => ({
  content: contentOf(lowered),
  ...(lowered.calls.length === 0 ? {} : { tool_calls: lowered.calls }),
  ...lowered.thoughts
})

const canonical = ["role", "content", "name", "tool_call_id", "producer_model", "metadata"] as const

/** Results come first: they answer the message before. */
export const messages = (message: Message): ReadonlyArray<Schema.JsonObject> => {
  const { name, role, tool_call_id } = message
  const lowered = blocks(blocksOf(message))
  const { calls, parts, results } = lowered
  if (results.length > 0 && parts.length + calls.length === 0) {
    return results.map((result) => ({ ...Struct.omit(message, canonical), ...result }))
  }
  return [...results, {
    ...Struct.omit(message, canonical),
    role,
    ...assistantFields(lowered),
    ...(name == null ? {} : { name }),
    ...(tool_call_id == null ? {} : { tool_call_id })
  }]
}
