/** Items of a conversation: as they are kept, each with an id, and as a model gets them. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { asText, isFields, objectsIn, textOrNull, without } from "../../events/types/JsonAccess.ts"
import * as OpaqueState from "../../kernel/messages/OpaqueState.ts"
import * as ToolNames from "../../kernel/tools/ToolNames.ts"
import * as FileSearch from "./FileSearch.ts"
import { idOf, typeOf } from "./ItemIds.ts"

export type Item = Schema.JsonObject

/** As it was sent, in the form it has in a list. */
export const given = (input: Schema.Json | undefined): ReadonlyArray<Item> =>
  Predicate.isString(input) ? [{ type: "message", role: "user", content: input }] : objectsIn(input)

const contentOf = ({ content, role }: Item): Schema.Json => {
  if (!Predicate.isString(content)) return content ?? []
  return role === "assistant"
    ? [{ type: "output_text", text: content, annotations: [], logprobs: [] }]
    : [{ type: "input_text", text: content }]
}

/** As a client gets it back: with an id, a status where the document wants one, and content in parts. */
export const kept = (item: Item, responseId: string, index: number): Item => {
  const type = typeOf(item)
  const id = textOrNull(item["id"]) ?? idOf(item, responseId, index)
  const rest = without(item, ["id"])
  if (type === "message") return { ...rest, type, id, status: item["status"] ?? "completed", content: contentOf(item) }
  return type === "function_call" || type === "function_call_output"
    ? { ...rest, id, status: item["status"] ?? "completed" }
    : { ...rest, id }
}

/** The response that made an item, by the item's id; undefined: it is none of ours. */
export const responseOf = (id: string): string | undefined => /^[a-z]+_(resp_[0-9a-f]+)_(?:in)?\d+$/.exec(id)?.[1]

const textsOf = (output: Schema.Json | undefined): string =>
  Predicate.isString(output) ? output : JSON.stringify(output ?? "")

const callOf = (item: Item): Item => ({
  type: "function_call",
  call_id: item["id"] ?? "",
  name: ToolNames.plain(textOrNull(item["name"]) ?? "", ToolNames.ofModels),
  arguments: item["arguments"] ?? "{}"
})

const outputOf = (call_id: Schema.Json, output: string): Item => ({ type: "function_call_output", call_id, output })

/** What a model learns of a call of an MCP tool: a call of a function, and its result. */
const mcpCall = (item: Item): ReadonlyArray<Item> => {
  const approval = textOrNull(item["approval_request_id"])
  const error = item["error"]
  const output = outputOf(approval ?? item["id"] ?? "", textsOf(error ?? item["output"]))
  // The request for the approval was the call.
  return approval === null ? [callOf(item), output] : [output]
}

/** What a model learns of a search: where the item says what came of it, a call of a function and its result. */
const fileSearchCall = (item: Item): ReadonlyArray<Item> => {
  const results = item["results"]
  if (!Array.isArray(results)) return []
  const queries = JSON.stringify({ queries: item["queries"] ?? [] })
  return [
    callOf({ id: item["id"] ?? "", name: FileSearch.toolName, arguments: queries }),
    outputOf(item["id"] ?? "", FileSearch.outputOf(objectsIn(results)))
  ]
}

/** What is sealed in a compaction: a summary, or nothing where somebody else made it. */
const summaryOf = (item: Item): ReadonlyArray<Item> => {
  const summary = textOrNull(OpaqueState.open(textOrNull(item["encrypted_content"]) ?? "")?.fields["summary"])
  return summary === null ? [item] : [{ type: "message", role: "user", content: summary }]
}

/** As the dialect's `raise` takes it; ids and states are Strata's, and no vendor's. */
const asSent = (item: Item): ReadonlyArray<Item> => {
  switch (typeOf(item)) {
    case "message":
    case "function_call":
    case "function_call_output":
      return [without(item, ["id", "status"])]
    case "mcp_list_tools":
      return []
    case "mcp_approval_request":
      return [callOf(item)]
    case "mcp_approval_response":
      return item["approve"] === false
        ? [outputOf(item["approval_request_id"] ?? "", `The call was denied${denial(item)}. It was not made.`)]
        : []
    case "mcp_call":
      return mcpCall(item)
    case "file_search_call":
      return fileSearchCall(item)
    case "web_search_call":
      // What a search of ours came to stands in the answer that cites it.
      return responseOf(textOrNull(item["id"]) ?? "") === undefined ? [item] : []
    case "custom_tool_call":
      // The name that it has here is none of the vendor's.
      return [responseOf(textOrNull(item["id"]) ?? "") === undefined ? item : without(item, ["id", "status"])]
    case "compaction":
    case "compaction_summary":
      return summaryOf(item)
    default:
      return [item]
  }
}

const denial = ({ reason }: Item): string => Predicate.isString(reason) && reason !== "" ? `: ${reason}` : ""

/** As a vendor of the dialect gets them. */
export const forVendor = (items: ReadonlyArray<Item>): ReadonlyArray<Item> => items.flatMap(asSent)

const calls: ReadonlySet<unknown> = new Set(["function_call", "custom_tool_call"])
const outputs: ReadonlySet<unknown> = new Set([...calls].map((type) => `${asText(type)}_output`))

/** Calls of the client's functions and custom tools that items leave without a result. */
export const openCalls = (items: ReadonlyArray<Item>): ReadonlyArray<Item & { readonly call_id: string }> => {
  const given = items.filter((item): item is Item & { readonly call_id: string } => Predicate.isString(item["call_id"]))
  const answered = new Set(given.flatMap(({ call_id, type }) => outputs.has(type) ? [call_id] : []))
  return given.filter(({ call_id, type }) => calls.has(type) && !answered.has(call_id))
}

/** Requests for approvals that items leave without an answer, by their ids. */
export const openApprovals = (items: ReadonlyArray<Item>): ReadonlyMap<string, Item> => {
  const open = new Map<string, Item>()
  for (const item of items) {
    if (item["type"] === "mcp_approval_request") open.set(asText(item["id"]), item)
    if (item["type"] === "mcp_approval_response") open.delete(asText(item["approval_request_id"]))
    if (item["type"] === "mcp_call") open.delete(asText(item["approval_request_id"]))
  }
  return open
}

/** Tools of an MCP server, as a conversation has listed them; undefined: it has not. */
export const listedTools = (items: ReadonlyArray<Item>, label: string): ReadonlyArray<Item> | undefined => {
  const list = items.findLast((item) =>
    item["type"] === "mcp_list_tools" && item["server_label"] === label && item["error"] == null
  )
  return list === undefined ? undefined : objectsIn(list["tools"]).filter(isFields)
}
