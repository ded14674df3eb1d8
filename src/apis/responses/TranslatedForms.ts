/**
 * What of a request has a value that can't be translated into another dialect. Where the vendor has Responses itself such a
 * value passes: what is open in the dialect is for the vendor to judge.
 */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { asText, isFields, objectsIn, textOrNull } from "../../events/types/JsonAccess.ts"
import * as FileBlocks from "../../kernel/dialects/FileBlocks.ts"
import * as DataUrl from "../../kernel/messages/DataUrl.ts"
import * as OpaqueState from "../../kernel/messages/OpaqueState.ts"
import * as ChosenTools from "./ChosenTools.ts"
import type { ResponseInvalid } from "./ResponseErrors.ts"
import { invalid } from "./ResponseErrors.ts"

type Fields = Schema.JsonObject
type Values = ReadonlySet<Schema.Json>

const unsupported = "unsupported_value"

const missing = (param: string, what: string) =>
  invalid(param, `${param}: missing: ${what}.`, "missing_required_parameter")

const noneOf = (param: string, value: unknown, values: Values) =>
  invalid(
    param,
    `${param}: ${(JSON.stringify(value) ?? "").slice(0, 80)} is none of ${
      [...values].join(", ")
    }: send one of these, or ` +
      "leave it out.",
    "invalid_value"
  )

/** What a field may say where it says something. */
const unlessAmong = (values: Values) => (param: string, value: Schema.Json | undefined): ResponseInvalid | undefined =>
  value == null || values.has(value) ? undefined : noneOf(param, value, values)

const formatTypes: Values = new Set(["text", "json_object", "json_schema"])
const ofVerbosity = unlessAmong(new Set(["low", "medium", "high"]))
const ofSummary = unlessAmong(new Set(["auto", "concise", "detailed"]))

const textProblem = (text: Schema.Json | undefined): ResponseInvalid | undefined => {
  if (!isFields(text)) return undefined
  const { format, verbosity } = text
  if (isFields(format) && !formatTypes.has(asText(format["type"]))) {
    return format["type"] == null
      ? missing("text.format.type", `say which it is: ${[...formatTypes].join(", ")}`)
      : noneOf("text.format.type", format["type"], formatTypes)
  }
  return ofVerbosity("text.verbosity", verbosity)
}

/** As OpenAI's document has them. */
const included = unlessAmong(
  new Set([
    "file_search_call.results",
    "web_search_call.results",
    "web_search_call.action.sources",
    "message.input_image.image_url",
    "message.output_text.logprobs",
    "computer_call_output.output.image_url",
    "code_interpreter_call.outputs",
    "reasoning.encrypted_content"
  ])
)

const includeProblem = (include: Schema.Json | undefined): ResponseInvalid | undefined => {
  for (const [at, each] of (Array.isArray(include) ? include : []).entries()) {
    const problem = included(`include[${at}]`, each)
    if (problem !== undefined) return problem
  }
  return undefined
}

const modes: Values = new Set(["none", "auto", "required"])
const allowedModes: Values = new Set(["auto", "required"])

const choiceTypes: Values = new Set([
  "allowed_tools",
  "function",
  "mcp",
  "custom",
  "file_search",
  "web_search",
  "web_search_preview",
  "code_interpreter",
  "computer",
  "image_generation",
  "apply_patch",
  "shell"
])
const otherChoiceTypes: Values = new Set(["web_search_preview_2025_03_11", "computer_use", "computer_use_preview"])

/** What can be chosen from. */
interface Offered {
  readonly keys: ReadonlySet<string>
  /** Which tools their servers have is not asked yet. */
  readonly hasServers: boolean
}

const chosenProblem = (param: string, chosen: Fields, { hasServers, keys }: Offered): ResponseInvalid | undefined => {
  const type = textOrNull(chosen["type"]) ?? ""
  const name = ChosenTools.nameFields[type]
  if (name !== undefined && (textOrNull(chosen[name]) ?? "") === "") {
    return missing(`${param}.${name}`, `name the ${type === "mcp" ? "MCP server" : "tool"}`)
  }
  if (keys.has(ChosenTools.keyOf(chosen)) || (type === "function" && hasServers)) return undefined
  const named = name === undefined ? type : `${type} ${JSON.stringify(chosen[name]).slice(0, 80)}`
  return invalid(param, `${param}: ${named} is not among tools: name it there, or choose another.`, "invalid_value")
}

const choiceProblem = ({ tool_choice: choice, tools }: Fields): ResponseInvalid | undefined => {
  const given = objectsIn(tools)
  if (choice === "required" && given.length === 0) {
    return invalid("tool_choice", "tool_choice: required, and there is none: name some in tools, or leave it out.")
  }
  if (!isFields(choice)) return choice == null || modes.has(choice) ? undefined : noneOf("tool_choice", choice, modes)
  const { mode, type } = choice
  if (!choiceTypes.has(asText(type)) && !otherChoiceTypes.has(asText(type))) {
    return type == null
      ? missing("tool_choice.type", `say which it is: ${[...choiceTypes].join(", ")}`)
      : noneOf("tool_choice.type", type, choiceTypes)
  }
  const offered = { keys: ChosenTools.keysOf(given), hasServers: given.some((tool) => tool["type"] === "mcp") }
  if (type !== "allowed_tools") return chosenProblem("tool_choice", choice, offered)
  if (mode == null) return missing("tool_choice.mode", "say whether one of them must be called: auto, required")
  if (!allowedModes.has(mode)) return noneOf("tool_choice.mode", mode, allowedModes)
  if (!Array.isArray(choice["tools"]) || choice["tools"].length === 0) {
    return missing("tool_choice.tools", "name the tools that may be called")
  }
  for (const [at, chosen] of choice["tools"].entries()) {
    const param = `tool_choice.tools[${at}]`
    const problem = isFields(chosen) && Predicate.isString(chosen["type"])
      ? chosenProblem(param, chosen, offered)
      : missing(`${param}.type`, "say which tool it is: {\"type\": \"function\", \"name\"}, for one")
    if (problem !== undefined) return problem
  }
  return undefined
}

const roles: Values = new Set(["user", "assistant", "system", "developer"])

const itemTypes: Values = new Set([
  "message",
  "reasoning",
  "compaction",
  "compaction_summary",
  "item_reference",
  "function_call",
  "function_call_output",
  "custom_tool_call",
  "custom_tool_call_output",
  "mcp_list_tools",
  "mcp_approval_request",
  "mcp_approval_response",
  "mcp_call",
  "tool_search_call",
  "tool_search_output",
  "image_generation_call",
  "file_search_call",
  "web_search_call",
  "code_interpreter_call",
  "computer_call",
  "computer_call_output",
  "local_shell_call",
  "local_shell_call_output",
  "shell_call",
  "shell_call_output",
  "apply_patch_call",
  "apply_patch_call_output"
])

const callRemedy = "it says which call it belongs to"

/** What an item must say, by its type, and what for. */
const required: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  function_call: { call_id: callRemedy, name: "it says which function is called" },
  function_call_output: { call_id: callRemedy },
  custom_tool_call: { call_id: callRemedy, name: "it says which tool is called" },
  custom_tool_call_output: { call_id: callRemedy }
}

const callOutputs: Values = new Set(["function_call_output", "custom_tool_call_output"])

const textParts: Values = new Set(["input_text", "output_text", "text"])

/** What the vendor that is asked can do. */
export interface Vendor {
  /** It fetches files that are named by their address. */
  readonly takesFileUrls: boolean
}

/** A part that no other dialect has a form for. */
const partProblem = (part: Schema.Json, param: string, { takesFileUrls }: Vendor): ResponseInvalid | undefined => {
  if (!isFields(part)) {
    return invalid(param, `${param}: send a part with its type: input_text, input_image.`, "invalid_type")
  }
  const { file_id, image_url, refusal, text, type } = part
  if (type == null) return missing(`${param}.type`, "say which part it is: input_text, input_image")
  if (textParts.has(type)) return Predicate.isString(text) ? undefined : missing(`${param}.text`, "send the text")
  if (type === "refusal" && Predicate.isString(refusal)) return undefined
  if (type === "input_image") {
    if ((textOrNull(image_url) ?? "") !== "") {
      return DataUrl.isDataUrl(image_url) && DataUrl.read(image_url) === undefined
        ? invalid(`${param}.image_url`, `${param}.image_url: it ${DataUrl.unreadable}`, "invalid_value")
        : undefined
    }
    return file_id == null
      ? missing(`${param}.image_url`, "send the image's address, or the image as a data: URL")
      : invalid(
        `${param}.file_id`,
        `${param}.file_id: the model's vendor can't be sent an image by a file's id: send it as image_url, ` +
          "an address or a data: URL.",
        unsupported
      )
  }
  if (type === "input_file" && file_id == null && part["file_data"] != null) {
    const field = `${param}.file_data`
    if (FileBlocks.inData(part["file_data"], textOrNull(part["filename"])) !== undefined) return undefined
    return DataUrl.isDataUrl(part["file_data"])
      ? invalid(field, `${field}: it ${DataUrl.unreadable}`, "invalid_value")
      : invalid(field, `${field}: send what the file holds as a data: URL with its type, in base64.`, unsupported)
  }
  if (type === "input_file" && file_id == null && part["file_url"] != null) {
    const field = `${param}.file_url`
    if (!takesFileUrls) {
      const why =
        "the model's vendor fetches no files, and nobody does here: send what it holds as file_data, or its file_id."
      return invalid(field, `${field}: ${why}`, unsupported)
    }
    return FileBlocks.isWebUrl(part["file_url"])
      ? undefined
      : invalid(
        field,
        `${field}: send an address that begins with https://, or what the file holds as file_data.`,
        "invalid_value"
      )
  }
  const field = type === "input_file" && file_id != null ? `${param}.file_id` : `${param}.type`
  return invalid(
    field,
    `${field}: the model's vendor can't be sent ${JSON.stringify(type).slice(0, 80)}: send what it says as ` +
      "input_text, search it with the tool file_search, or ask a model whose vendor has Responses.",
    unsupported
  )
}

const partsProblem = (
  parts: Schema.Json | undefined,
  param: string,
  vendor: Vendor
): ResponseInvalid | undefined => {
  for (const [at, part] of (Array.isArray(parts) ? parts as ReadonlyArray<Schema.Json> : []).entries()) {
    const problem = partProblem(part, `${param}[${at}]`, vendor)
    if (problem !== undefined) return problem
  }
  return undefined
}

/** Values of a stored prompt's variables are parts, too. */
const promptProblem = (prompt: Schema.Json | undefined, vendor: Vendor): ResponseInvalid | undefined => {
  const variables = isFields(prompt) && isFields(prompt["variables"]) ? prompt["variables"] : {}
  for (const [name, value] of Object.entries(variables)) {
    const problem = isFields(value) ? partProblem(value, `prompt.variables.${name}`, vendor) : undefined
    if (problem !== undefined) return problem
  }
  return undefined
}

const compactions: Values = new Set(["compaction", "compaction_summary"])

/** What another server has sealed is lost on whoever can't open it. */
const compactionProblem = ({ encrypted_content }: Fields, param: string): ResponseInvalid | undefined => {
  const opened = OpaqueState.open(textOrNull(encrypted_content) ?? "")
  return Predicate.isString(opened?.fields["summary"]) ? undefined : invalid(
    `${param}.encrypted_content`,
    `${param}.encrypted_content: the model's vendor can't read it, and it was not made here: send the conversation ` +
      "itself, or what POST /v1/responses/compact made of it here.",
    unsupported
  )
}

const itemProblem = (item: Fields, param: string, vendor: Vendor): ResponseInvalid | undefined => {
  const { content, role, type } = item
  const kind = type ?? "message"
  if (!itemTypes.has(kind)) return noneOf(`${param}.type`, type, itemTypes)
  if (kind === "message") {
    if (role == null) return missing(`${param}.role`, `say who speaks: ${[...roles].join(", ")}`)
    if (!roles.has(role)) return noneOf(`${param}.role`, role, roles)
    if (content == null) return role === "assistant" ? undefined : missing(`${param}.content`, "say what is said")
    return Predicate.isString(content)
      ? undefined
      : Array.isArray(content)
      ? partsProblem(content, `${param}.content`, vendor)
      : invalid(`${param}.content`, `${param}.content: send a text, or a list of parts.`, "invalid_type")
  }
  for (const [field, what] of Object.entries(required[asText(kind)] ?? {})) {
    if ((textOrNull(item[field]) ?? "") === "") return missing(`${param}.${field}`, what)
  }
  if (compactions.has(kind)) return compactionProblem(item, param)
  if (!callOutputs.has(kind)) return undefined
  return item["output"] == null
    ? missing(`${param}.output`, "send what the tool gave back: a text, or parts")
    : partsProblem(item["output"], `${param}.output`, vendor)
}

const inputProblem = (input: Schema.Json | undefined, vendor: Vendor): ResponseInvalid | undefined => {
  for (const [at, item] of objectsIn(input).entries()) {
    const problem = itemProblem(item, `input[${at}]`, vendor)
    if (problem !== undefined) return problem
  }
  return undefined
}

const contextProblem = (management: Schema.Json | undefined): ResponseInvalid | undefined =>
  management == null || (Array.isArray(management) && management.length === 0) ? undefined : invalid(
    "context_management",
    "context_management: the model's vendor does not manage its context: leave it out, and send truncation \"auto\", or " +
      "make the conversation shorter with POST /v1/responses/compact.",
    unsupported
  )

/** The first of them; undefined: all of it can be translated. */
export const problem = (body: Fields, vendor: Vendor): ResponseInvalid | undefined =>
  contextProblem(body["context_management"]) ?? textProblem(body["text"]) ??
    (isFields(body["reasoning"]) ? ofSummary("reasoning.summary", body["reasoning"]["summary"]) : undefined) ??
    choiceProblem(body) ?? includeProblem(body["include"]) ?? promptProblem(body["prompt"], vendor) ??
    inputProblem(body["input"], vendor)
