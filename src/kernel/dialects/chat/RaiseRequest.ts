/** A chat completion request in the canonical model. */
import { Predicate, Result, Schema, Struct } from "effect"
import { field } from "../../../events/types/JsonAccess.ts"
import { ChatRequest } from "../../messages/ChatRequest.ts"
import { NotOfDialect } from "../NotOfDialect.ts"
import { blockFields, blocks, isFields } from "./RaiseMessage.ts"
import { ChatCompletionRequest } from "./Wire.ts"

const decodeWire = Schema.decodeUnknownResult(ChatCompletionRequest)
const decodeCanonical = Schema.decodeUnknownResult(ChatRequest)

const message = (given: Schema.JsonObject): Schema.JsonObject => {
  const { content, role, tool_call_id } = given
  if (role === "tool" && Predicate.isString(tool_call_id)) {
    const output = content ?? ""
    return { ...Struct.omit(given, blockFields), content: [{ type: "tool_result", tool_call_id, output }] }
  }
  const raised = blocks(given, {})
  const plain = Predicate.isString(content) && raised.length <= 1 && raised.every(({ type }) => type === "text")
  return { ...Struct.omit(given, blockFields), content: plain ? content : raised }
}

const isFunction = (tool: Schema.JsonObject): boolean => tool["type"] === "function" && isFields(tool["function"])

const toolSpec = ({ function: given, ...rest }: Schema.JsonObject): Schema.JsonObject => ({
  parameters: {},
  ...Struct.omit(rest, ["type"]),
  ...given as Schema.JsonObject
})

const toolChoice = (choice: Schema.Json): Schema.Json => {
  const name = field(field(choice, "function"), "name")
  return Predicate.isString(name) ? { name } : choice
}

const responseFormat = (format: Schema.JsonObject): Schema.JsonObject => {
  if (format["type"] === "json_object") return { ...format, type: "json" }
  const given = format["json_schema"]
  if (format["type"] !== "json_schema" || !isFields(given)) return format
  return { type: "json_schema", ...Struct.omit(given, ["schema"]), json_schema: given["schema"] ?? {} }
}

/** Fields that have another form here. */
const translated = [
  "messages",
  "tools",
  "tool_choice",
  "response_format",
  "max_tokens",
  "max_completion_tokens",
  "stop"
] as const

const listOf = (value: unknown): ReadonlyArray<Schema.JsonObject> => Array.isArray(value) ? value.filter(isFields) : []

const canonical = (wire: Schema.JsonObject): Schema.JsonObject => {
  const { response_format, stop, tool_choice } = wire
  const [tools, others] = [
    listOf(wire["tools"]).filter(isFunction),
    listOf(wire["tools"]).filter((each) => !isFunction(each))
  ]
  const longest = wire["max_completion_tokens"] ?? wire["max_tokens"]
  return {
    ...Struct.omit(wire, translated),
    messages: listOf(wire["messages"]).map(message),
    ...(tools.length === 0 ? {} : { tools: tools.map(toolSpec) }),
    ...(others.length === 0 ? {} : { provider_tools: others }),
    ...(tool_choice == null ? {} : { tool_choice: toolChoice(tool_choice) }),
    ...(isFields(response_format) ? { response_format: responseFormat(response_format) } : {}),
    ...(longest == null ? {} : { max_output_tokens: longest }),
    ...(stop == null ? {} : { stop: Predicate.isString(stop) ? [stop] : stop })
  }
}

const failed = ({ message }: { readonly message: string }) => new NotOfDialect({ dialect: "chat", detail: message })

export const raise = (body: unknown): Result.Result<ChatRequest, NotOfDialect> =>
  decodeWire(body).pipe(
    Result.flatMap((wire) => decodeCanonical(canonical(wire as unknown as Schema.JsonObject))),
    Result.mapError(failed)
  )
