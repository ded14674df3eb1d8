/** Calls of the tool contract: how they are recorded, and answered again. */
import { Option, Schema } from "effect"
import type { Call, CallMethod } from "../../kernel/calls/Call.ts"
import { summary, ToolCallResult } from "../../kernel/tools/ToolCallResult.ts"
import { ProviderTool } from "../../kernel/tools/ToolDefinition.ts"
import type { ProviderToolFailure } from "../../kernel/tools/ToolFailure.ts"
import { ToolCallFailed, ToolNotFound } from "../../kernel/tools/ToolFailure.ts"
import * as ToolEvents from "./ToolEvents.ts"
import * as ToolListEvents from "./ToolListEvents.ts"

const error = Schema.Union([ToolNotFound, ToolCallFailed])

/** What a client sent for the tool's server with its request stands in no event. */
const invokeMethod: CallMethod<ProviderToolFailure> = {
  name: "tool_runtime.invoke",
  input: Schema.Struct({ name: Schema.String, group: Schema.String, arguments: Schema.JsonObject }),
  answer: ToolCallResult,
  element: undefined,
  error,
  events: ToolEvents
}

export const ToolList = Schema.Struct({ tools: Schema.Array(ProviderTool) })
export type ToolList = typeof ToolList.Type

const listMethod: CallMethod<ProviderToolFailure> = {
  name: "tool_runtime.list",
  input: Schema.Struct({ group: Schema.String }),
  answer: ToolList,
  element: undefined,
  error,
  events: ToolListEvents
}

const isResult = Schema.decodeUnknownOption(ToolCallResult)
const isList = Schema.decodeUnknownOption(ToolList)

const nothing: ToolCallResult = { content: [], is_error: false }

export interface Invoked {
  readonly provider: string
  readonly group: string
  readonly name: string
  readonly arguments: Schema.JsonObject
  readonly tool_call_id: string | undefined
}

export const invoke = (invoked: Invoked): Call<ProviderToolFailure> => {
  const { arguments: given, group, name, provider, tool_call_id = null } = invoked
  return {
    method: invokeMethod,
    provider,
    common: { provider, tool: name, group, operation: "execute_tool", tool_call_id },
    request: { argument_names: Object.keys(given) },
    input: () => JSON.stringify({ name, group, arguments: given }),
    summarize: ({ json }) => summary(Option.getOrElse(isResult(json), () => nothing))
  }
}

export const list = (provider: string, group: string): Call<ProviderToolFailure> => ({
  method: listMethod,
  provider,
  common: { provider, group, operation: "list_tools" },
  request: {},
  input: () => JSON.stringify({ group }),
  summarize: ({ json }) => {
    const listed = isList(json)
    return { tools: listed._tag === "Some" ? listed.value.tools.map(({ name }) => name) : [] }
  }
})
