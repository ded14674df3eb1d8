/** What happens in a turn as the dialect's events and items: what the model says, and calls of MCP tools with their approvals. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { addAll } from "../../events/types/AddAll.ts"
import { asText, field, textOrNull } from "../../events/types/JsonAccess.ts"
import * as LowerResponse from "../../kernel/dialects/responses/LowerResponse.ts"
import { StreamWriter } from "../../kernel/dialects/responses/StreamWriter.ts"
import * as Translation from "../../kernel/dialects/Translation.ts"
import type { ContentBlock } from "../../kernel/messages/ContentBlock.ts"
import type { Message } from "../../kernel/messages/Message.ts"
import { blocksOf } from "../../kernel/messages/Message.ts"
import type { StreamPart } from "../../kernel/messages/StreamPart.ts"
import type { Approval } from "../../kernel/turn/TurnState.ts"
import type { TurnUpdate } from "../../kernel/turn/TurnUpdate.ts"
import { annotated, FileCitations } from "./FileCitations.ts"
import * as FileSearch from "./FileSearch.ts"
import * as WebSearch from "./WebSearch.ts"

export type Event = Schema.JsonObject

/** The server that has a tool, and what the server calls it. */
export interface ToolPlace {
  readonly label: string
  readonly tool: string
}

/** Of a call, by the name that the model has for the tool. */
type ServerOf = (name: string) => ToolPlace | undefined

interface McpCall {
  readonly place: number
  readonly item: Event
}

const textOf = (block: Schema.Json): string =>
  Predicate.isObject(block) && "text" in block && Predicate.isString(block["text"])
    ? block["text"]
    : JSON.stringify(block)

/** What came of a tool as one text. */
const outputOf = (output: Schema.Json): string => {
  if (Predicate.isString(output)) return output
  return Array.isArray(output) ? output.map(textOf).join("\n") : JSON.stringify(output)
}

/** What was searched, and whether items show what was found. */
interface Searching {
  readonly searches: FileSearch.FileSearches
  readonly hasResults: boolean
  readonly web: WebSearch.WebSearches
  readonly hasSources: boolean
}

export class ResponseWriter {
  readonly #names: LowerResponse.ItemNames
  readonly #writer: StreamWriter
  readonly #serverOf: ServerOf
  readonly #isAnswered: (callId: string) => boolean
  /** Blocks of the answer that grows which are calls of MCP tools, or may be. */
  readonly #hidden = new Set<number>()
  readonly #calls = new Map<string, McpCall>()
  /** Of texts that grow: what they cite. */
  readonly #citing = new Map<number, FileCitations>()
  readonly #search: Searching
  /** Calls that wait for an approval, by the request for it. */
  readonly waiting = new Map<string, string>()

  /** `isAnswered`: whether a call is one that was asked about in an earlier response: its id is that of the request. */
  constructor(
    id: string,
    serverOf: ServerOf,
    isAnswered: (callId: string) => boolean,
    search: Searching = {
      searches: new FileSearch.FileSearches(),
      hasResults: false,
      web: new WebSearch.WebSearches(),
      hasSources: false
    }
  ) {
    this.#search = search
    this.#names = LowerResponse.itemNames(id)
    this.#writer = new StreamWriter(this.#names)
    this.#serverOf = serverOf
    this.#isAnswered = isAnswered
  }

  /** The items that have ended, in order. */
  get output(): ReadonlyArray<Event> {
    return this.#writer.output.filter((item) => item !== undefined)
  }

  update(update: TurnUpdate, isStreamed: boolean): ReadonlyArray<Event> {
    switch (update.type) {
      case "parts":
        return this.#parts(update.parts)
      case "message":
        return isStreamed ? [] : this.#message(update.message)
      case "approval_required":
        return this.#approval(update.approval, update.arguments)
      case "tool_started":
        return this.#started(update.call.id, update.call.name, update.call.arguments)
      case "tool_completed":
        return this.#completed(update)
      default:
        return []
    }
  }

  #message(message: Message): ReadonlyArray<Event> {
    return this.#parts(Translation.partsOf({ content: blocksOf(message) }))
  }

  #parts(parts: ReadonlyArray<StreamPart>): ReadonlyArray<Event> {
    const events: Array<Event> = []
    for (const part of parts) addAll(events, this.#part(part))
    return events
  }

  #part(part: StreamPart): ReadonlyArray<Event> {
    switch (part.type) {
      case "block_start":
        if (part.block === "tool_call" && (part.name === undefined || this.#serverOf(part.name) !== undefined)) {
          this.#hidden.add(part.index)
          return []
        }
        if (part.block === "text" && this.#mayCite) {
          const { searches, web } = this.#search
          this.#citing.set(
            part.index,
            new FileCitations((file) => searches.nameOf(file), (mark) => web.sourceOf(mark))
          )
        }
        return this.#writer.start(part)
      case "block_delta": {
        if (this.#hidden.has(part.index)) return []
        const citing = this.#citing.get(part.index)
        if (citing === undefined) return part.text === "" ? [] : this.#writer.grow(part.index, part.text, part.logprobs)
        const text = citing.grow(part.text)
        return text === "" ? [] : this.#writer.grow(part.index, text)
      }
      case "block_end": {
        const { block, index } = part
        this.#hidden.delete(index)
        const isMcp = block.type === "tool_call" && this.#serverOf(asText(block["name"])) !== undefined
        if (isMcp) return []
        const citing = this.#citing.get(index)
        this.#citing.delete(index)
        return citing === undefined || block.type !== "text"
          ? this.#writer.end(index, block)
          : this.#cited(index, citing, block)
      }
      default:
        return []
    }
  }

  /** Tools of a server are listed; `error`: why there are none. */
  tools(server_label: string, tools: ReadonlyArray<Schema.JsonObject>, error: string | null): ReadonlyArray<Event> {
    const output_index = this.#writer.take()
    const id = this.#names("mcpl")
    const item = { type: "mcp_list_tools", id, server_label, tools, ...error === null ? {} : { error } }
    this.#writer.output[output_index] = item
    const at = { output_index, item_id: id }
    return [
      {
        type: "response.output_item.added",
        output_index,
        item: { type: "mcp_list_tools", id, server_label, tools: [] }
      },
      { type: "response.mcp_list_tools.in_progress", ...at },
      { type: error === null ? "response.mcp_list_tools.completed" : "response.mcp_list_tools.failed", ...at },
      { type: "response.output_item.done", output_index, item }
    ]
  }

  /** A text ends, without the marks that cited files, and with what they say. */
  #cited(index: number, citing: FileCitations, block: ContentBlock): ReadonlyArray<Event> {
    const held = citing.end()
    const grown = held === "" ? [] : this.#writer.grow(index, held)
    const text = citing.whole(asText(block["text"]))
    const { citations } = citing
    const events = annotated(this.#writer.end(index, { ...block, text }), citations)
    const done = events.find(({ type }) => type === "response.output_item.done")
    if (done !== undefined && Predicate.isObject(done["item"])) {
      this.#writer.output[Number(done["output_index"])] = done["item"] as Event
    }
    return [...grown, ...events]
  }

  get #mayCite(): boolean {
    return this.#serverOf(FileSearch.toolName)?.label === FileSearch.label ||
      this.#serverOf(WebSearch.toolName)?.label === WebSearch.label
  }

  #webStarted(callId: string, given: Schema.JsonObject): ReadonlyArray<Event> {
    const place = this.#writer.take()
    const id = this.#names("ws")
    const action = WebSearch.actionOf(textOrNull(given["query"]) ?? "", undefined)
    const item = { type: "web_search_call", id, status: "in_progress", action }
    this.#calls.set(callId, { place, item })
    const at = { output_index: place, item_id: id }
    return [
      { type: "response.output_item.added", output_index: place, item },
      { type: "response.web_search_call.in_progress", ...at },
      { type: "response.web_search_call.searching", ...at }
    ]
  }

  #webCompleted({ item, place }: McpCall, callId: string, isError: boolean): ReadonlyArray<Event> {
    const { hasSources, web } = this.#search
    const query = textOrNull(field(item["action"], "query")) ?? ""
    const action = WebSearch.actionOf(query, hasSources && !isError ? web.resultsOf(callId) : undefined)
    const ended: Event = { ...item, status: isError ? "failed" : "completed", action }
    this.#writer.output[place] = ended
    return [
      {
        type: "response.web_search_call.completed",
        output_index: place,
        item_id: textOrNull(item["id"]) ?? ""
      },
      { type: "response.output_item.done", output_index: place, item: ended }
    ]
  }

  #searchStarted(callId: string, given: Schema.JsonObject): ReadonlyArray<Event> {
    const place = this.#writer.take()
    const id = this.#names("fs")
    const queries = FileSearch.queriesIn(given)
    const item = { type: "file_search_call", id, status: "in_progress", queries, results: null }
    this.#calls.set(callId, { place, item })
    const at = { output_index: place, item_id: id }
    return [
      { type: "response.output_item.added", output_index: place, item },
      { type: "response.file_search_call.in_progress", ...at },
      { type: "response.file_search_call.searching", ...at }
    ]
  }

  #searchCompleted({ item, place }: McpCall, callId: string, isError: boolean): ReadonlyArray<Event> {
    const { hasResults, searches } = this.#search
    const results = hasResults && !isError ? searches.resultsOf(callId).map(FileSearch.shapeOf) : null
    const ended: Event = { ...item, status: isError ? "failed" : "completed", results }
    this.#writer.output[place] = ended
    const item_id = textOrNull(item["id"]) ?? ""
    return [
      { type: "response.file_search_call.completed", output_index: place, item_id },
      { type: "response.output_item.done", output_index: place, item: ended }
    ]
  }

  #approval(
    { toolCallId, toolName: name }: Pick<Approval, "toolCallId" | "toolName">,
    given: Schema.JsonObject
  ): ReadonlyArray<Event> {
    const text = JSON.stringify(given)
    const id = this.#names("mcpr")
    this.waiting.set(id, toolCallId)
    return this.#writer.whole({
      type: "mcp_approval_request",
      id,
      ...this.#placeOf(name),
      arguments: text
    })
  }

  #placeOf(name: string): Schema.JsonObject {
    const { label, tool } = this.#serverOf(name) ?? { label: "", tool: name }
    return { server_label: label, name: tool }
  }

  #started(callId: string, name: string, given: Schema.JsonObject): ReadonlyArray<Event> {
    if (this.#serverOf(name)?.label === FileSearch.label) return this.#searchStarted(callId, given)
    if (this.#serverOf(name)?.label === WebSearch.label) return this.#webStarted(callId, given)
    const place = this.#writer.take()
    const id = this.#names("mcp")
    const text = JSON.stringify(given)
    const item = {
      type: "mcp_call",
      id,
      ...this.#placeOf(name),
      arguments: text,
      approval_request_id: this.#isAnswered(callId) ? callId : null,
      output: null,
      error: null,
      status: "in_progress"
    }
    this.#calls.set(callId, { place, item })
    const at = { output_index: place, item_id: id }
    return [
      { type: "response.output_item.added", output_index: place, item: { ...item, arguments: "" } },
      { type: "response.mcp_call.in_progress", ...at },
      { type: "response.mcp_call_arguments.delta", ...at, delta: text },
      { type: "response.mcp_call_arguments.done", ...at, arguments: text }
    ]
  }

  #completed(update: Extract<TurnUpdate, { readonly type: "tool_completed" }>): ReadonlyArray<Event> {
    const { is_error, output, tool_call_id, tool_name } = update
    // The client itself has answered: what it denied is in its input.
    if (!this.#calls.has(tool_call_id) && this.#isAnswered(tool_call_id)) return []
    const begun = this.#calls.has(tool_call_id) ? [] : this.#started(tool_call_id, tool_name, {})
    const call = this.#calls.get(tool_call_id)!
    if (this.#serverOf(tool_name)?.label === FileSearch.label) {
      return [...begun, ...this.#searchCompleted(call, tool_call_id, is_error)]
    }
    if (this.#serverOf(tool_name)?.label === WebSearch.label) {
      return [...begun, ...this.#webCompleted(call, tool_call_id, is_error)]
    }
    const { item, place } = call
    const text = outputOf(output)
    const ended = {
      ...item,
      ...is_error ? { error: text, status: "failed" } : { output: text, status: "completed" }
    }
    this.#writer.output[place] = ended
    const type = is_error ? "response.mcp_call.failed" : "response.mcp_call.completed"
    return [
      ...begun,
      { type, output_index: place, item_id: textOrNull(item["id"]) ?? "" },
      { type: "response.output_item.done", output_index: place, item: ended }
    ]
  }
}
