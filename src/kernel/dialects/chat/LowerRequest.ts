/** A canonical request as a chat completion request. */
import { Predicate, Result, Struct } from "effect"
import type { Schema } from "effect"
import type { ChatRequest } from "../../messages/ChatRequest.ts"
import type { ResponseFormat } from "../../messages/ResponseFormat.ts"
import type { ToolChoice, ToolSpec } from "../../messages/Tools.ts"
import type { WireRequest } from "../Dialect.ts"
import type { NotOfDialect } from "../NotOfDialect.ts"
import * as LowerMessage from "./LowerMessage.ts"

const tool = (spec: ToolSpec): Schema.JsonObject => ({ type: "function", function: spec })

const toolChoice = (choice: ToolChoice): Schema.Json =>
  Predicate.isString(choice) || !Predicate.isString(choice["name"]) || choice["type"] !== undefined
    ? choice
    : { type: "function", function: { name: choice["name"] } }

const responseFormat = (format: ResponseFormat): Schema.JsonObject => {
  switch (format.type) {
    case "text":
      return format
    case "json":
      return { ...format, type: "json_object" }
    case "json_schema": {
      const { json_schema: schema, name, type, ...rest } = format
      return { type, json_schema: { ...rest, name: name ?? "answer", schema } }
    }
  }
}

/** Fields that have another form on the wire, or none. */
const translated = [
  "messages",
  "tools",
  "provider_tools",
  "tool_choice",
  "response_format",
  "max_output_tokens",
  "timeout",
  "conversation_id"
] as const

const hasValue = ([, value]: readonly [string, unknown]): boolean => value !== null && value !== undefined

const bodyOf = (request: ChatRequest): Schema.JsonObject => {
  const { max_output_tokens, messages, response_format, tool_choice, tools } = request
  const others = request["provider_tools"]
  const all = [...(tools ?? []).map(tool), ...(Array.isArray(others) ? others as ReadonlyArray<Schema.Json> : [])]
  return {
    ...Object.fromEntries(Object.entries(Struct.omit(request, translated)).filter(hasValue)),
    messages: messages.flatMap(LowerMessage.messages),
    ...(all.length === 0 ? {} : { tools: all }),
    ...(tool_choice == null ? {} : { tool_choice: toolChoice(tool_choice) }),
    ...(response_format == null ? {} : { response_format: responseFormat(response_format) }),
    ...(max_output_tokens == null ? {} : { max_completion_tokens: max_output_tokens })
  }
}

export const lower = (request: ChatRequest): Result.Result<WireRequest, NotOfDialect> =>
  Result.succeed({ body: bodyOf(request), degradations: [] })
