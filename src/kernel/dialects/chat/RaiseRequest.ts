/** A chat completion request in the canonical model. */
import { Predicate, Result, Schema, Struct } from "effect"
import { field, isFields, objectsIn, saying, without } from "../../../events/types/JsonAccess.ts"
import { ChatRequest } from "../../messages/ChatRequest.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import { optionsOf } from "../../messages/ProviderOptions.ts"
import { NotOfDialect } from "../NotOfDialect.ts"
import * as CustomTool from "./CustomTool.ts"
import { blocks, parts, restOf } from "./RaiseMessage.ts"
import { ChatCompletionRequest } from "./Wire.ts"

const decodeWire = Schema.decodeUnknownResult(ChatCompletionRequest)
const decodeCanonical = Schema.decodeUnknownResult(ChatRequest)

const named = (given: Schema.JsonObject): Schema.JsonObject =>
  saying(given, ["role", "name", "tool_call_id"]) as Schema.JsonObject

/** Text stays text, any other content is blocks; images are remembered to have stood in the result itself. */
const result = (given: Schema.JsonObject): Schema.JsonObject => {
  const { cache_control, content, tool_call_id } = given
  const output = Array.isArray(content) ? parts(content, {}) : content ?? ""
  const hasImages = Array.isArray(output) && output.some((block: ContentBlock) => block.type !== "text")
  const mark = isFields(cache_control) ? { cache_control } : {}
  const block = {
    type: "tool_result",
    tool_call_id: tool_call_id!,
    output: output as Schema.Json,
    ...mark,
    ...optionsOf("chat", { ...restOf(given), ...(hasImages ? { whole: true } : {}) })
  }
  return { ...named(given), content: [block as Schema.JsonObject] }
}

/** A mark on the whole message is one on its last block. */
const marked = (given: ReadonlyArray<ContentBlock>, mark: Schema.Json | undefined): ReadonlyArray<ContentBlock> =>
  isFields(mark) ? [...given.slice(0, -1), ...given.slice(-1).map((last) => ({ ...last, cache_control: mark }))] : given

const message = (given: Schema.JsonObject): Schema.JsonObject => {
  const { cache_control, content, role, tool_call_id } = given
  if (role === "tool" && Predicate.isString(tool_call_id)) return result(given)
  const raised = marked(blocks(given, {}), cache_control)
  const isPlain = Predicate.isString(content) && raised.length <= 1 &&
    raised.every(({ type, ...rest }) => type === "text" && Object.keys(rest).length === 1)
  return {
    ...named(given),
    content: isPlain ? content : raised as ReadonlyArray<unknown> as Schema.JsonArray,
    ...optionsOf("chat", restOf(given))
  }
}

const isFunction = (tool: Schema.JsonObject): boolean => tool["type"] === "function" && isFields(tool["function"])

const isSpec = (tool: Schema.JsonObject): boolean => isFunction(tool) || CustomTool.isTool(tool)

const specFields = ["name", "description", "parameters", "strict"] as const

/** The mark of a cache stands beside the function, or within it. */
const toolSpec = (tool: Schema.JsonObject): Schema.JsonObject => {
  if (!isFunction(tool)) return CustomTool.raiseTool(tool)
  const rest = without(tool, ["type", "function"])
  const { parameters = {}, ...spec } = tool["function"] as Schema.JsonObject
  const more = without(spec, specFields)
  const mark = [rest["cache_control"], more["cache_control"]].find(isFields)
  return {
    ...Struct.pick(spec, specFields.filter((name) => name in spec)),
    parameters,
    ...(mark === undefined ? {} : { cache_control: mark }),
    ...optionsOf("chat", { ...rest, ...(Object.keys(more).length === 0 ? {} : { function: more }) })
  }
}

/** Tools that are the vendor's, each with its place among all. */
const otherTools = (tools: ReadonlyArray<Schema.JsonObject>): ReadonlyArray<Schema.JsonObject> =>
  tools.flatMap((tool, at) => isSpec(tool) ? [] : [{ at, tool }])

const toolChoice = (choice: Schema.Json): Schema.Json | undefined => {
  const name = field(field(choice, "function") ?? field(choice, "custom"), "name")
  return Predicate.isString(name) ? { name } : Predicate.isString(choice) ? choice : undefined
}

const responseFormat = (format: Schema.JsonObject): Schema.JsonObject | undefined => {
  const given = format["json_schema"]
  if (format["type"] === "text") return { type: "text" }
  if (format["type"] === "json_object") return { type: "json" }
  if (format["type"] !== "json_schema" || !isFields(given)) return undefined
  return { ...without(given, ["schema"]), type: "json_schema", json_schema: given["schema"] ?? {} }
}

/** Fields with a place in the canonical model, by the same name. */
const same = [
  "model",
  "temperature",
  "top_p",
  "seed",
  "frequency_penalty",
  "presence_penalty",
  "stream",
  "parallel_tool_calls",
  "reasoning_effort",
  "user",
  "metadata"
] as const

/** Fields that have another form here. */
const translated = [
  "messages",
  "tools",
  "tool_choice",
  "response_format",
  "max_completion_tokens",
  "stop",
  ...same
] as const

/** What no other dialect has, and what has another form on its way back. */
const ownOptions = (wire: Schema.JsonObject): Schema.JsonObject => {
  const { response_format, stop, tool_choice } = wire
  const others = otherTools(objectsIn(wire["tools"]))
  return {
    ...Object.fromEntries(Object.entries(without(wire, translated)).filter(([, value]) => value !== null)),
    ...(others.length === 0 ? {} : { tools: others }),
    ...(tool_choice == null || toolChoice(tool_choice) !== undefined ? {} : { tool_choice }),
    ...(isFields(response_format) && responseFormat(response_format) === undefined ? { response_format } : {}),
    ...(Predicate.isString(stop) ? { stop } : {})
  }
}

const canonical = (wire: Schema.JsonObject): Schema.JsonObject => {
  const { max_completion_tokens, max_tokens, response_format, stop, tool_choice, top_k } = wire
  const tools = objectsIn(wire["tools"]).filter(isSpec)
  const longest = max_completion_tokens ?? max_tokens
  const choice = tool_choice == null ? undefined : toolChoice(tool_choice)
  const format = isFields(response_format) ? responseFormat(response_format) : undefined
  return {
    ...saying(wire, same),
    messages: objectsIn(wire["messages"]).map(message),
    ...(tools.length === 0 ? {} : { tools: tools.map(toolSpec) }),
    ...(choice === undefined ? {} : { tool_choice: choice }),
    ...(format === undefined ? {} : { response_format: format }),
    ...(longest == null ? {} : { max_output_tokens: longest }),
    ...(Predicate.isNumber(top_k) ? { top_k } : {}),
    ...(stop == null ? {} : { stop: Predicate.isString(stop) ? [stop] : stop }),
    ...optionsOf("chat", ownOptions(wire))
  }
}

const failed = ({ message }: { readonly message: string }) => new NotOfDialect({ dialect: "chat", detail: message })

export const raise = (body: unknown): Result.Result<ChatRequest, NotOfDialect> =>
  decodeWire(body).pipe(
    Result.flatMap((wire) => decodeCanonical(canonical(wire as unknown as Schema.JsonObject))),
    Result.mapError(failed)
  )
