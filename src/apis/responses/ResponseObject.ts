/** The response that a client gets: what it asked, how it stands, and what came of it. Every field of the document is there. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { isFields, objectsIn, saying, textOrNull, without } from "../../events/types/JsonAccess.ts"
import type { ResponseEnd } from "./ResponseEvents.ts"

type Fields = Schema.JsonObject

/** What is kept of a request: all but its conversation. */
export interface Asked {
  readonly id: string
  readonly created_at: number
  /** Without input, as the client sent it; no tool has what authenticates. */
  readonly request: Fields
  readonly previous: string | null
  readonly conversation: string | null
}

/** The fields of a request that say something of the response; no secret is among them. */
const asked = [
  "model",
  "instructions",
  "background",
  "stream",
  "store",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "max_tool_calls",
  "max_output_tokens",
  "temperature",
  "top_p",
  "top_logprobs",
  "presence_penalty",
  "frequency_penalty",
  "text",
  "reasoning",
  "truncation",
  "metadata",
  "service_tier",
  "safety_identifier",
  "prompt_cache_key",
  "prompt",
  "include",
  "user"
] as const

/** A tool without what authenticates at its server. */
const withoutKeys = (tool: Fields): Fields =>
  tool["type"] === "mcp" ? without(tool, ["headers", "authorization"]) : tool

/** What of a request is kept. */
export const requestOf = (body: Fields): Fields => {
  const given: Fields = saying(body, asked)
  return "tools" in given ? { ...given, tools: objectsIn(given["tools"]).map(withoutKeys) } : given
}

const tool = (given: Fields): Fields =>
  given["type"] === "function"
    ? {
      ...given,
      description: given["description"] ?? null,
      parameters: given["parameters"] ?? null,
      strict: given["strict"] ?? null
    }
    : given

const textOf = (given: Schema.Json | undefined): Fields => {
  const text = isFields(given) ? given : {}
  const format = isFields(text["format"]) ? text["format"] : { type: "text" }
  return {
    ...text,
    format: format["type"] === "json_schema"
      ? { ...format, description: format["description"] ?? null, strict: format["strict"] ?? false }
      : format
  }
}

const reasoningOf = (given: Schema.Json | undefined): Fields | null =>
  isFields(given) ? { ...given, effort: given["effort"] ?? null, summary: given["summary"] ?? null } : null

const nothing: Omit<ResponseEnd, "status"> = {
  output: [],
  usage: null,
  error: null,
  incomplete_details: null,
  completed_at: null
}

/** `end`: undefined while it is made. */
export const make = (
  { conversation, created_at, id, previous, request }: Asked,
  end: ResponseEnd | undefined,
  status: string = end?.status ?? "in_progress"
): Fields => {
  const numberOf = (name: string, standard: number) => Predicate.isNumber(request[name]) ? request[name] : standard
  const { completed_at, error, incomplete_details, output, usage } = end ?? nothing
  return {
    id,
    object: "response",
    created_at,
    status,
    background: request["background"] === true,
    completed_at,
    error,
    incomplete_details,
    instructions: textOrNull(request["instructions"]),
    max_output_tokens: request["max_output_tokens"] ?? null,
    max_tool_calls: request["max_tool_calls"] ?? null,
    model: textOrNull(request["model"]) ?? "",
    output,
    parallel_tool_calls: request["parallel_tool_calls"] !== false,
    previous_response_id: previous,
    ...conversation === null ? {} : { conversation: { id: conversation } },
    ...request["prompt"] === undefined ? {} : { prompt: request["prompt"] },
    prompt_cache_key: request["prompt_cache_key"] ?? null,
    reasoning: reasoningOf(request["reasoning"]),
    safety_identifier: request["safety_identifier"] ?? null,
    service_tier: request["service_tier"] === "auto" ? "default" : request["service_tier"] ?? "default",
    store: request["store"] !== false,
    temperature: numberOf("temperature", 1),
    text: textOf(request["text"]),
    tool_choice: request["tool_choice"] ?? "auto",
    tools: objectsIn(request["tools"]).map(tool),
    top_logprobs: numberOf("top_logprobs", 0),
    top_p: numberOf("top_p", 1),
    presence_penalty: numberOf("presence_penalty", 0),
    frequency_penalty: numberOf("frequency_penalty", 0),
    truncation: request["truncation"] ?? "disabled",
    usage,
    ...request["user"] === undefined ? {} : { user: request["user"] },
    metadata: request["metadata"] ?? {}
  }
}
