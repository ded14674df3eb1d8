/** A canonical request as one of the Responses dialect. */
import { Predicate, Result } from "effect"
import type { Schema } from "effect"
import { isFields, without } from "../../../events/types/JsonAccess.ts"
import type { ChatRequest } from "../../messages/ChatRequest.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import type { ResponseFormat } from "../../messages/ResponseFormat.ts"
import type { ToolChoice, ToolSpec } from "../../messages/Tools.ts"
import type { Losses } from "../chat/Losses.ts"
import type { WireRequest } from "../Dialect.ts"
import { NotOfDialect } from "../NotOfDialect.ts"
import * as CustomTool from "./CustomTool.ts"
import * as EncryptedReasoning from "./EncryptedReasoning.ts"
import * as Limits from "./Limits.ts"
import * as LowerMessage from "./LowerMessage.ts"

/** Where nothing is said on strictness, other vendors are not strict, and this one is. */
const tool = (spec: ToolSpec): Schema.JsonObject =>
  spec.custom != null ? CustomTool.lower(spec, spec.custom) : {
    type: "function",
    name: spec.name,
    ...(spec.description == null ? {} : { description: spec.description }),
    parameters: spec.parameters,
    strict: spec.strict === undefined ? false : spec.strict,
    ...optionsFor("responses", spec)
  }

/** The vendor's own tools stand where they stood. */
const allTools = (request: ChatRequest, own: Schema.Json | undefined): ReadonlyArray<Schema.Json> => {
  const tools: Array<Schema.Json> = (request.tools ?? []).map(tool)
  for (const each of Array.isArray(own) ? own : []) {
    if (isFields(each) && isFields(each["tool"])) tools.splice(Number(each["at"] ?? tools.length), 0, each["tool"])
  }
  return tools
}

const words: ReadonlySet<unknown> = new Set(["auto", "none", "required"])

/** Undefined for a choice in the words of another dialect. */
const toolChoice = (choice: ToolChoice, { tools }: ChatRequest): Schema.Json | undefined => {
  if (Predicate.isString(choice)) return words.has(choice) ? choice : undefined
  const { name, type } = choice
  if (!Predicate.isString(name) || type !== undefined) return undefined
  const isCustom = tools?.some((tool) => tool.name === name && tool.custom != null) === true
  return { type: isCustom ? "custom" : "function", name }
}

const format = (given: ResponseFormat): Schema.JsonObject => {
  switch (given.type) {
    case "text":
      return { type: "text" }
    case "json":
      return { type: "json_object" }
    case "json_schema": {
      const { json_schema: schema, name, strict, type } = given
      const description = given["description"]
      return {
        type,
        name: name ?? "answer",
        schema,
        ...(strict == null ? {} : { strict }),
        ...(Predicate.isString(description) ? { description } : {})
      }
    }
  }
}

/** OpenAI's metadata are texts. */
const metadata = (given: Schema.JsonObject): Schema.JsonObject =>
  Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, Predicate.isString(value) ? value : JSON.stringify(value)])
  )

/** Where the vendor keeps nothing, a model's reasoning comes back with the answer, encrypted. */
const include = (own: Schema.Json | undefined, isAsked: boolean): ReadonlyArray<Schema.Json> => {
  const given: ReadonlyArray<Schema.Json> = Array.isArray(own) ? own : []
  const { encrypted } = EncryptedReasoning
  return !isAsked || given.includes(encrypted) ? given : [...given, encrypted]
}

const joined = (own: Schema.Json | undefined, fields: Schema.JsonObject): Schema.JsonObject => ({
  ...(isFields(own) ? own : {}),
  ...fields
})

const present = (fields: Readonly<Record<string, Schema.Json | null | undefined>>): Schema.JsonObject =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      value == null || (isFields(value) && Object.keys(value).length === 0) ? [] : [[name, value]]
    )
  )

const translated = ["tools", "text", "reasoning", "include", "store", "tool_choice"] as const

/** What the request is about elsewhere: a conversation, or an answer, that the vendor keeps. */
const keptElsewhere = ["previous_response_id", "conversation", "prompt"] as const

const bodyOf = (request: ChatRequest, { values }: Limits.Limited, losses: Losses): Schema.JsonObject => {
  const own = optionsFor("responses", request)
  const { parallel_tool_calls, reasoning_effort, response_format, stream, tool_choice, user } = request
  const isStored = own["store"] === true
  const { input, instructions } = LowerMessage.lower(request.messages, isStored, losses)
  const choice = tool_choice == null ? undefined : toolChoice(tool_choice, request)
  if (tool_choice != null && choice === undefined && own["tool_choice"] === undefined) {
    losses.degradations.push({
      requested: `tool_choice ${JSON.stringify(tool_choice)}`,
      actual: "the vendor's default",
      reason: "the dialect responses has no such choice"
    })
  }
  const { reasoning_budget_tokens: effort = reasoning_effort, ...limited } = values
  const tools = allTools(request, own["tools"])
  const isEncrypted = !isStored && EncryptedReasoning.isAsked(request, { input, reasoning: own["reasoning"] })
  return {
    ...without(own, translated),
    ...present({
      model: request.model,
      parallel_tool_calls,
      stream,
      user: user === own["safety_identifier"] ? null : user,
      metadata: request.metadata == null ? null : metadata(request.metadata),
      tools: tools.length === 0 ? null : tools,
      tool_choice: choice ?? own["tool_choice"],
      text: joined(own["text"], response_format == null ? {} : { format: format(response_format) }),
      reasoning: joined(own["reasoning"], effort == null ? {} : { effort }),
      ...limited
    }),
    ...(instructions === undefined ? {} : { instructions }),
    ...(input.length === 0 && keptElsewhere.some((name) => own[name] != null) ? {} : { input }),
    store: isStored,
    ...present({ include: nonEmpty(include(own["include"], isEncrypted)) })
  }
}

const nonEmpty = (list: ReadonlyArray<Schema.Json>) => list.length === 0 ? null : list

const impossible = (detail: string, param: string) =>
  Result.fail(new NotOfDialect({ dialect: "responses", detail, param }))

export const lower = (request: ChatRequest): Result.Result<WireRequest, NotOfDialect> => {
  const limited = Limits.apply(request)
  if (limited.impossible !== undefined) {
    return impossible(`the vendor has no ${limited.impossible}, and would answer otherwise`, limited.impossible)
  }
  const losses: Losses = { degradations: [], impossible: [] }
  const body = bodyOf(request, limited, losses)
  const [first] = losses.impossible
  if (first !== undefined) return impossible(`${first} can't be sent`, "messages")
  const { input } = body
  if (Array.isArray(input) && input.length === 0) return impossible("there is no message to answer", "messages")
  return Result.succeed({ body, degradations: [...limited.degradations, ...losses.degradations] })
}
