/** Items as a conversation keeps them: with an id, a status and parts, as OpenAI gives them back. */
import { Effect, Predicate, Schema } from "effect"
import type { Item } from "../../kernel/dialects/responses/Wire.ts"
import { DocumentInvalid } from "../../kernel/documents/DocumentErrors.ts"
import * as DocumentId from "../../kernel/documents/DocumentId.ts"

/** An item as who adds it gives it. */
export type GivenItem = typeof Item.Type

/** What is in a conversation: an item with its id. */
export const StoredItem = Schema.StructWithRest(
  Schema.Struct({
    type: Schema.String.annotate({ description: "`message`, `function_call` …", examples: ["message"] }),
    id: Schema.String.annotate({ description: "The item's id within its conversation.", examples: ["msg_6f0a1c"] })
  }),
  [Schema.Record(Schema.String, Schema.Json)]
).annotate({
  identifier: "ConversationItem",
  description: "An item of a conversation: a message, a call of a tool, its result, reasoning …"
})
export type StoredItem = typeof StoredItem.Type

const prefixes: Readonly<Record<string, string>> = {
  message: "msg_",
  reasoning: "rs_",
  compaction: "cmp_",
  function_call: "fc_",
  function_call_output: "fco_",
  custom_tool_call: "ctc_",
  custom_tool_call_output: "ctco_",
  file_search_call: "fs_",
  web_search_call: "ws_",
  image_generation_call: "ig_",
  code_interpreter_call: "ci_",
  computer_call: "cu_",
  mcp_call: "mcp_",
  mcp_list_tools: "mcpl_",
  mcp_approval_request: "mcpr_",
  mcp_approval_response: "mcpa_"
}

/** What the ids of items of a type begin with. */
export const prefixOf = (type: string): string => Object.hasOwn(prefixes, type) ? prefixes[type]! : "item_"

/** Ids of others are kept, but for those that are no names. */
const keptId = /^[\w.:-]{1,128}$/

const bears = /(^message|_call|_output)$/

const invalid = (field: string, message: string) => new DocumentInvalid({ type: "conversation_item", field, message })

const textPart = (role: string, text: string): Schema.JsonObject =>
  role === "assistant" ? { type: "output_text", text, annotations: [], logprobs: [] } : { type: "input_text", text }

/** What OpenAI's document requires of a part, where it is left out. */
const partDefaults: Readonly<Record<string, Schema.JsonObject>> = {
  output_text: { annotations: [], logprobs: [] },
  input_image: { detail: "auto" }
}

const isJsonObject = (value: Schema.Json | undefined): value is Schema.JsonObject =>
  Predicate.isObject(value) && !Array.isArray(value)

const partOf = (part: Schema.Json): Schema.Json => {
  const type = isJsonObject(part) ? part["type"] : undefined
  return isJsonObject(part) && typeof type === "string" && Object.hasOwn(partDefaults, type)
    ? { ...partDefaults[type], ...part }
    : part
}

const message = Effect.fnUntraced(
  function*(item: GivenItem, field: string): Effect.fn.Return<GivenItem, DocumentInvalid> {
    const { content, role } = item
    if (typeof role !== "string" || role === "") {
      return yield* invalid(`${field}.role`, "A message says who speaks: send role, such as \"user\" or \"assistant\".")
    }
    if (typeof content === "string") return { ...item, content: [textPart(role, content)] }
    if (Array.isArray(content)) return { ...item, content: content.map(partOf) }
    return yield* invalid(`${field}.content`, "A message has content: send a text, or a list of parts.")
  }
)

/** `field`: where it stands in the request. */
export const make = Effect.fnUntraced(function*(
  item: GivenItem,
  field: string
): Effect.fn.Return<StoredItem, DocumentInvalid> {
  const type = item.type ?? "message"
  if (type === "item_reference") {
    return yield* invalid(
      `${field}.type`,
      "A conversation keeps items themselves, and no references to them: send the item that it stands for."
    )
  }
  const whole = type === "message" ? yield* message(item, field) : item
  const given = whole["id"]
  const id = typeof given === "string" && keptId.test(given) ? given : yield* DocumentId.make(prefixOf(type))
  const status = bears.test(type) ? { status: whole["status"] ?? "completed" } : {}
  return { ...whole, type, id, ...status }
})

/** Fields that are given where they are asked for, by what `include` calls them. */
const withoutField: Readonly<Record<string, (item: StoredItem) => StoredItem>> = {
  "reasoning.encrypted_content": (item) => without(item, "reasoning", "encrypted_content"),
  "file_search_call.results": (item) => without(item, "file_search_call", "results"),
  "code_interpreter_call.outputs": (item) => item.type === "code_interpreter_call" ? { ...item, outputs: null } : item,
  "web_search_call.action.sources": (item) => {
    const { action } = item
    if (item.type !== "web_search_call" || !isJsonObject(action)) return item
    const { sources: _, ...rest } = action
    return { ...item, action: rest }
  },
  "message.output_text.logprobs": (item) => {
    const { content } = item
    if (item.type !== "message" || !Array.isArray(content)) return item
    return {
      ...item,
      content: content.map((part: Schema.Json) =>
        isJsonObject(part) && part["type"] === "output_text" ? { ...part, logprobs: [] } : part
      )
    }
  }
}

const without = (item: StoredItem, type: string, field: string): StoredItem => {
  if (item.type !== type || !(field in item)) return item
  const { [field]: _, ...rest } = item
  return rest as StoredItem
}

/** The item as it is answered. */
export const visible = (item: StoredItem, include: ReadonlyArray<string>): StoredItem =>
  Object.entries(withoutField).reduce((each, [name, leave]) => include.includes(name) ? each : leave(each), item)
