/** A canonical request as a chat completion request. */
import { Predicate, Result } from "effect"
import type { Schema } from "effect"
import { addAll } from "../../../events/types/AddAll.ts"
import { isFields, saying, without } from "../../../events/types/JsonAccess.ts"
import type { ChatRequest } from "../../messages/ChatRequest.ts"
import type { Message } from "../../messages/Message.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import type { ResponseFormat } from "../../messages/ResponseFormat.ts"
import type { ToolChoice, ToolSpec } from "../../messages/Tools.ts"
import type { WireRequest } from "../Dialect.ts"
import { NotOfDialect } from "../NotOfDialect.ts"
import * as CustomTool from "./CustomTool.ts"
import type { Losses } from "./Losses.ts"
import * as LowerMessage from "./LowerMessage.ts"
import * as ReasoningEffort from "./ReasoningEffort.ts"

const tool = (spec: ToolSpec): Schema.JsonObject => {
  if (spec.custom != null) return CustomTool.lowerTool(spec, spec.custom)
  const { function: more, ...options } = optionsFor("chat", spec)
  return {
    type: "function",
    function: {
      name: spec.name,
      ...(spec.description == null ? {} : { description: spec.description }),
      parameters: spec.parameters,
      ...(spec.strict == null ? {} : { strict: spec.strict }),
      ...(isFields(more) ? more : {})
    },
    ...options
  }
}

/** The vendor's own tools stand where they stood. */
const allTools = (request: ChatRequest, own: Schema.Json | undefined): ReadonlyArray<Schema.Json> => {
  const tools: Array<Schema.Json> = (request.tools ?? []).map(tool)
  for (const each of Array.isArray(own) ? own : []) {
    if (isFields(each) && isFields(each["tool"])) tools.splice(Number(each["at"] ?? tools.length), 0, each["tool"])
  }
  return tools
}

const toolChoice = (choice: ToolChoice, { tools }: ChatRequest): Schema.Json => {
  if (Predicate.isString(choice) || !Predicate.isString(choice["name"]) || choice["type"] !== undefined) return choice
  const { name } = choice
  const isCustom = tools?.some((tool) => tool.name === name && tool.custom != null) === true
  return isCustom ? { type: "custom", custom: { name } } : { type: "function", function: { name } }
}

const responseFormat = (format: ResponseFormat): Schema.JsonObject => {
  switch (format.type) {
    case "text":
      return { type: "text" }
    case "json":
      return { type: "json_object" }
    case "json_schema": {
      const { json_schema: schema, name, type, ...rest } = format
      return { type, json_schema: { ...rest, name: name ?? "answer", schema } }
    }
  }
}

/** Of consecutive results the images follow behind the last: nothing may stand between a call's results. */
const messagesOf = (messages: ReadonlyArray<Message>, losses: Losses): ReadonlyArray<Schema.JsonObject> => {
  const written: Array<Schema.JsonObject> = []
  const waiting: Array<Schema.JsonObject> = []
  const flush = () => {
    if (waiting.length > 0) written.push({ role: "user", content: waiting.splice(0) })
  }
  for (const given of messages) {
    const { images, messages, rest } = LowerMessage.message(given, losses)
    if (messages.length === 0) flush()
    addAll(written, messages)
    addAll(waiting, images)
    if (rest.length > 0) flush()
    addAll(written, rest)
  }
  flush()
  return written
}

/** Fields of the same name and form. */
const same = [
  "model",
  "top_p",
  "seed",
  "frequency_penalty",
  "presence_penalty",
  "stream",
  "parallel_tool_calls",
  "user",
  "metadata"
] as const

/** OpenAI's range; what others take beyond it came from no other dialect. */
const hottest = 2

const temperature = (given: number | null | undefined, losses: Losses): Schema.JsonObject => {
  if (given == null) return {}
  const value = Math.min(Math.max(given, 0), hottest)
  if (value !== given) {
    losses.degradations.push({
      requested: `temperature ${given}`,
      actual: `temperature ${value}`,
      reason: `the vendor takes 0 to ${hottest}`
    })
  }
  return { temperature: value }
}

const effort = ({ reasoning_budget_tokens, reasoning_effort }: ChatRequest, losses: Losses): Schema.JsonObject => {
  const budget = reasoning_budget_tokens == null ? undefined : ReasoningEffort.ofBudget(reasoning_budget_tokens)
  if (budget?.degradation !== undefined) losses.degradations.push(budget.degradation)
  const value = budget?.effort ?? reasoning_effort
  return value == null ? {} : { reasoning_effort: value }
}

/** The older name where a client used it, for vendors that know no other. */
const longest = ({ max_output_tokens }: ChatRequest, own: Schema.JsonObject): Schema.JsonObject =>
  max_output_tokens == null
    ? {}
    : { [own["max_tokens"] === undefined ? "max_completion_tokens" : "max_tokens"]: max_output_tokens }

const stops = ({ stop }: ChatRequest, own: Schema.JsonObject): Schema.JsonObject => {
  if (stop == null || stop.length === 0) return {}
  return { stop: stop.length === 1 && own["stop"] === stop[0] ? stop[0]! : stop }
}

const translated = ["tools", "max_tokens", "stop"] as const

const bodyOf = (request: ChatRequest, losses: Losses): Schema.JsonObject => {
  const own = optionsFor("chat", request)
  const { messages, response_format, tool_choice, top_k } = request
  const tools = allTools(request, own["tools"])
  if (top_k != null && own["top_k"] === undefined) {
    losses.degradations.push({ requested: `top_k ${top_k}`, actual: "no top_k", reason: "OpenAI's dialect has none" })
  }
  return {
    ...without(own, translated),
    ...saying(request, same),
    ...temperature(request.temperature, losses),
    ...effort(request, losses),
    ...longest(request, own),
    ...stops(request, own),
    messages: messagesOf(messages, losses),
    ...(tools.length === 0 ? {} : { tools }),
    ...(tool_choice == null ? {} : { tool_choice: toolChoice(tool_choice, request) }),
    ...(response_format == null ? {} : { response_format: responseFormat(response_format) })
  }
}

/** A chunk with the usage comes where it is asked for alone. */
export const withUsage = (body: Schema.JsonObject): Schema.JsonObject => {
  const { stream_options: own } = body
  return { ...body, stream_options: { ...(isFields(own) ? own : {}), include_usage: true } }
}

export const lower = (request: ChatRequest): Result.Result<WireRequest, NotOfDialect> => {
  const losses: Losses = { degradations: [], impossible: [] }
  const body = bodyOf(request, losses)
  const [first] = losses.impossible
  return first === undefined
    ? Result.succeed({ body, degradations: losses.degradations })
    : Result.fail(new NotOfDialect({ dialect: "chat", detail: `${first} can't be sent`, param: "messages" }))
}
