/** A request of the Responses dialect in the canonical model. */
import { Predicate, Result, Schema } from "effect"
import { isFields, objectsIn, saying, without } from "../../../events/types/JsonAccess.ts"
import { ChatRequest } from "../../messages/ChatRequest.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import { optionsOf } from "../../messages/ProviderOptions.ts"
import { NotOfDialect } from "../NotOfDialect.ts"
import * as OtherCalls from "./OtherCalls.ts"
import { addAnswer, isMessage, isResult, message, result } from "./RaiseItem.ts"
import { ResponsesRequest } from "./Wire.ts"

const decodeWire = Schema.decodeUnknownResult(ResponsesRequest)
const decodeCanonical = Schema.decodeUnknownResult(ChatRequest)

type Fields = Record<string, Schema.Json>

/** What the model answered, item by item, is one message until somebody else speaks. */
const conversation = (input: Schema.Json | undefined): ReadonlyArray<Schema.JsonObject> => {
  if (Predicate.isString(input)) return [{ role: "user", content: input }]
  const messages: Array<Schema.JsonObject> = []
  let answer: Array<ContentBlock> | undefined
  for (const item of objectsIn(input)) {
    if (isMessage(item) || isResult(item)) {
      answer = undefined
      messages.push(isMessage(item) ? message(item) : result(item))
      continue
    }
    if (answer === undefined) {
      answer = []
      messages.push({ role: "assistant", content: answer as unknown as Schema.JsonArray })
    }
    const call = OtherCalls.raiseCall(item)
    if (call === undefined) addAnswer(answer, item, {})
    else answer.push(call)
  }
  return messages
}

const isFunction = ({ name, type }: Schema.JsonObject): boolean => type === "function" && Predicate.isString(name)

/** Without a word on strictness it is the vendor's default, which other dialects have otherwise. */
const toolSpec = ({ description, name, parameters, strict, ...rest }: Schema.JsonObject) => ({
  name: name!,
  parameters: parameters ?? {},
  ...(description == null ? {} : { description }),
  strict: strict ?? null,
  ...optionsOf("responses", without(rest, ["type"]))
})

/** The vendor's own tools, each with its place among all. */
const otherTools = (tools: ReadonlyArray<Schema.JsonObject>): ReadonlyArray<Schema.JsonObject> =>
  tools.flatMap((tool, at) => isFunction(tool) ? [] : [{ at, tool }])

const choices: ReadonlySet<unknown> = new Set(["auto", "none", "required"])

/** Undefined for a choice that no other dialect has, such as one among some tools. */
const toolChoice = (choice: Schema.Json | undefined): Schema.Json | undefined => {
  if (choices.has(choice)) return choice
  return isFields(choice) && choice["type"] === "function" && Object.keys(choice).length === 2
    ? { name: choice["name"]! }
    : undefined
}

const formats: ReadonlySet<unknown> = new Set(["text", "json_object", "json_schema"])

const responseFormat = (format: Schema.JsonObject): Schema.JsonObject => {
  const { schema, type, ...rest } = format
  if (type === "json_object") return { type: "json" }
  return type === "text" ? { type } : { ...rest, type: "json_schema", json_schema: schema ?? {} }
}

/** Fields with a place in the canonical model; all others are the dialect's own. */
const canonicalFields = [
  "model",
  "parallel_tool_calls",
  "max_output_tokens",
  "temperature",
  "top_p",
  "stream",
  "user",
  "metadata",
  "frequency_penalty",
  "presence_penalty"
] as const

const translated = ["input", "instructions", "tools", "tool_choice", "text", "reasoning", ...canonicalFields] as const

/** What has another form on the way, or none: restored as it came. */
const ownOptions = (wire: Schema.JsonObject): Schema.JsonObject => {
  const own: Fields = { ...without(wire, translated) }
  const { frequency_penalty, presence_penalty, reasoning, text, tool_choice } = wire
  const others = otherTools(objectsIn(wire["tools"]))
  if (others.length > 0) own["tools"] = others
  if (tool_choice != null && toolChoice(tool_choice) === undefined) own["tool_choice"] = tool_choice
  const kept = {
    text: isFields(text) && formats.has(formatOf(text)["type"]) ? without(text, ["format"]) : text,
    reasoning: isFields(reasoning) ? without(reasoning, ["effort"]) : reasoning,
    frequency_penalty,
    presence_penalty
  }
  for (const [name, value] of Object.entries(kept)) {
    if (value != null && !(isFields(value) && Object.keys(value).length === 0)) own[name] = value
  }
  return own
}

const formatOf = (text: Schema.Json | undefined): Schema.JsonObject => {
  const format = isFields(text) ? text["format"] : undefined
  return isFields(format) ? format : {}
}

const asked = "message.output_text.logprobs"

/** What chat completions have under a name of their own: their vendors get it, too. */
const chatOptions = ({ include, service_tier, text, top_logprobs }: Schema.JsonObject): Schema.JsonObject => {
  const verbosity = isFields(text) ? text["verbosity"] : null
  const hasLogprobs = Array.isArray(include) && include.includes(asked)
  return {
    ...(verbosity == null ? {} : { verbosity }),
    ...(service_tier == null || service_tier === "auto" ? {} : { service_tier }),
    ...(hasLogprobs ? { logprobs: true } : {}),
    ...(hasLogprobs && Predicate.isNumber(top_logprobs) && top_logprobs > 0 ? { top_logprobs } : {})
  }
}

const allOptions = (wire: Schema.JsonObject) => {
  const { provider_options: own } = optionsOf("responses", ownOptions(wire))
  const { provider_options: chat } = optionsOf("chat", chatOptions(wire))
  return own === undefined && chat === undefined ? {} : { provider_options: { ...own, ...chat } }
}

const canonical = (wire: Schema.JsonObject): Schema.JsonObject => {
  const { instructions, reasoning } = wire
  const tools = objectsIn(wire["tools"]).filter(isFunction).map(toolSpec)
  const choice = toolChoice(wire["tool_choice"])
  const format = formatOf(wire["text"])
  const effort = isFields(reasoning) ? reasoning["effort"] : null
  const user = wire["user"] ?? wire["safety_identifier"]
  return {
    ...saying(wire, canonicalFields),
    messages: [
      ...(Predicate.isString(instructions) ? [{ role: "system", content: instructions }] : []),
      ...conversation(wire["input"])
    ],
    ...(tools.length === 0 ? {} : { tools: tools as unknown as Schema.JsonArray }),
    ...(choice === undefined ? {} : { tool_choice: choice }),
    ...(formats.has(format["type"]) ? { response_format: responseFormat(format) } : {}),
    ...(effort == null ? {} : { reasoning_effort: effort }),
    ...(user == null ? {} : { user }),
    ...allOptions(wire)
  }
}

const failed = ({ message }: { readonly message: string }) =>
  new NotOfDialect({ dialect: "responses", detail: message })

export const raise = (body: unknown): Result.Result<ChatRequest, NotOfDialect> =>
  decodeWire(body).pipe(
    Result.flatMap((wire) => decodeCanonical(canonical(wire as unknown as Schema.JsonObject))),
    Result.mapError(failed)
  )
