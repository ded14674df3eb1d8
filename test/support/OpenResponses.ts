/**
 * What our own document says of Responses, and the public one of Open Responses where it is at hand: answers and frames of
 * tests are held against both.
 */
import { Schema } from "effect"
import { existsSync, readFileSync } from "node:fs"
import { field, isFields, listOf } from "../../src/events/types/JsonAccess.ts"
import * as Answers from "../../src/kernel/dialects/responses/described/Answers.ts"
import { event as describedEvent } from "../../src/kernel/dialects/responses/described/Events.ts"
import { checker } from "./JsonSchema.ts"

/** Beside the repository, or beside the folder of a worktree. */
const places = ["../../../", "../../../../"].map((up) =>
  new URL(`${up}shared/specs/openresponses-spec.json`, import.meta.url)
)
const file = places.find((place) => existsSync(place))

const check = file === undefined ? undefined : checker(JSON.parse(readFileSync(file, "utf8")))

/** What OpenAI has besides the document. */
const isBeyond = (value: unknown): boolean => /^mcp|^custom|compaction/.test(String(field(value, "type")))

/** A response without items and tools that only OpenAI has. */
const documented = (response: unknown): unknown =>
  isFields(response)
    ? {
      ...response,
      output: listOf(response["output"]).filter((item) => !isBeyond(item)),
      tools: listOf(response["tools"]).filter((tool) => !isBeyond(tool)),
      ...isBeyond(response["tool_choice"]) ? { tool_choice: "auto" } : {}
    }
    : response

const demand = (name: string, value: unknown): void => {
  const errors = check?.(`/components/schemas/${name}`, value) ?? []
  if (errors.length > 0) {
    throw new Error(
      `${name} is not as the document has it: ${JSON.stringify(errors.slice(0, 6))}\n${JSON.stringify(value)}`
    )
  }
}

export const checkResponse = (response: unknown): void => {
  Schema.decodeUnknownSync(Answers.response())(response)
  demand("ResponseResource", documented(response))
}

const names: Readonly<Record<string, string>> = {
  "response.created": "ResponseCreatedStreamingEvent",
  "response.queued": "ResponseQueuedStreamingEvent",
  "response.in_progress": "ResponseInProgressStreamingEvent",
  "response.completed": "ResponseCompletedStreamingEvent",
  "response.failed": "ResponseFailedStreamingEvent",
  "response.incomplete": "ResponseIncompleteStreamingEvent",
  "response.output_item.added": "ResponseOutputItemAddedStreamingEvent",
  "response.output_item.done": "ResponseOutputItemDoneStreamingEvent",
  "response.reasoning_summary_part.added": "ResponseReasoningSummaryPartAddedStreamingEvent",
  "response.reasoning_summary_part.done": "ResponseReasoningSummaryPartDoneStreamingEvent",
  "response.reasoning_summary_text.delta": "ResponseReasoningSummaryDeltaStreamingEvent",
  "response.reasoning_summary_text.done": "ResponseReasoningSummaryDoneStreamingEvent",
  "response.content_part.added": "ResponseContentPartAddedStreamingEvent",
  "response.content_part.done": "ResponseContentPartDoneStreamingEvent",
  "response.output_text.delta": "ResponseOutputTextDeltaStreamingEvent",
  "response.output_text.done": "ResponseOutputTextDoneStreamingEvent",
  "response.refusal.delta": "ResponseRefusalDeltaStreamingEvent",
  "response.refusal.done": "ResponseRefusalDoneStreamingEvent",
  "response.function_call_arguments.delta": "ResponseFunctionCallArgumentsDeltaStreamingEvent",
  "response.function_call_arguments.done": "ResponseFunctionCallArgumentsDoneStreamingEvent",
  error: "ErrorStreamingEvent"
}

const beyond = new Set([
  "response.mcp_list_tools.in_progress",
  "response.mcp_list_tools.completed",
  "response.mcp_list_tools.failed",
  "response.mcp_call.in_progress",
  "response.mcp_call.completed",
  "response.mcp_call.failed",
  "response.mcp_call_arguments.delta",
  "response.mcp_call_arguments.done",
  "response.custom_tool_call_input.delta",
  "response.custom_tool_call_input.done"
])

export const checkEvent = (event: unknown): void => {
  Schema.decodeUnknownSync(describedEvent())(event)
  const type = String(field(event, "type"))
  if (beyond.has(type) || isBeyond(field(event, "item"))) return
  const name = names[type]
  if (name === undefined) throw new Error(`nobody knows an event ${type}`)
  const response = field(event, "response")
  demand(name, isFields(event) && response !== undefined ? { ...event, response: documented(response) } : event)
}
