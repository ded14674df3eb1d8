/** A request of Anthropic's dialect in the canonical model. */
import { Predicate, Result, Schema, Struct } from "effect"
import { isFields } from "../../../events/types/JsonAccess.ts"
import type { ChatRequest } from "../../messages/ChatRequest.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import type { Message } from "../../messages/Message.ts"
import { optionsOf } from "../../messages/ProviderOptions.ts"
import { NotOfDialect } from "../NotOfDialect.ts"
import * as OutputFormat from "./OutputFormat.ts"
import { raiseAll } from "./RaiseBlock.ts"
import * as ThinkingConfig from "./ThinkingConfig.ts"
import { MessagesRequest } from "./Wire.ts"
import type { WireTurn } from "./Wire.ts"
import { dialect, given } from "./WireFields.ts"
import * as WireTools from "./WireTools.ts"

const decode = Schema.decodeUnknownResult(MessagesRequest)

const isResult = ({ type }: ContentBlock): boolean => type === "tool_result"

/** Results of tools are messages of the tools', before what the user says besides. */
const messagesOf = (turn: WireTurn): ReadonlyArray<Message> => {
  const { content, role, ...rest } = turn
  const options = optionsOf(dialect, { ...rest, ...(role === "system" ? { in_place: true } : {}) })
  if (Predicate.isString(content)) return [{ role, content, ...options }]
  const blocks = raiseAll(content, {})
  const results = role === "user" ? blocks.filter(isResult) : []
  if (results.length === 0) return [{ role, content: blocks, ...options }]
  const others = blocks.filter((block) => !isResult(block))
  return [
    { role: "tool", content: results, ...options },
    ...(others.length === 0 ? [] : [{ role, content: others } as const])
  ]
}

const systemOf = (system: MessagesRequest["system"]): ReadonlyArray<Message> =>
  system == null || system.length === 0
    ? []
    : [{ role: "system", content: Predicate.isString(system) ? system : raiseAll(system, {}) }]

/** What has a canonical place. */
const translated = [
  "model",
  "messages",
  "system",
  "max_tokens",
  "stop_sequences",
  "stream",
  "temperature",
  "top_p",
  "top_k",
  "tools",
  "tool_choice",
  "thinking",
  "output_config",
  "output_format",
  "metadata"
] as const

const restOf = (name: string, value: Schema.JsonObject | null | undefined, names: ReadonlyArray<string>) =>
  given(name, value == null ? undefined : ThinkingConfig.restOf(value, names))

const outputOf = ({ output_config: config, output_format: beta }: MessagesRequest) => {
  const [format, ofBeta] = [OutputFormat.raise(config?.["format"]), OutputFormat.raise(beta)]
  // One of the two is canonical; what else a format says stays with it.
  const isPlain = format !== undefined && Object.keys(format.rest).length === 0
  return {
    fields: isPlain
      ? { response_format: format.format }
      : ofBeta === undefined
      ? {}
      : { response_format: ofBeta.format },
    names: isPlain ? ["format"] : [],
    options: beta == null ? {} : { output_format: isPlain || ofBeta === undefined ? beta : ofBeta.rest }
  }
}

const canonical = (wire: MessagesRequest): ChatRequest => {
  const { max_tokens, metadata, model, output_config, stop_sequences, stream, temperature, top_k, top_p } = wire
  const thinking = ThinkingConfig.raise(wire.thinking, output_config?.["effort"])
  const output = outputOf(wire)
  const tools = WireTools.raise((wire.tools ?? []).filter(isFields))
  const choice = WireTools.raiseChoice(wire.tool_choice)
  const user = metadata?.["user_id"]
  const isUser = Predicate.isString(user)
  const effort = thinking.fields.reasoning_effort === undefined ? [] : ["effort"]
  return {
    messages: [...systemOf(wire.system), ...wire.messages.flatMap(messagesOf)],
    model,
    ...given("max_output_tokens", max_tokens),
    ...(tools.tools.length === 0 ? {} : { tools: tools.tools }),
    ...choice.fields,
    ...thinking.fields,
    ...output.fields,
    ...given("stop", stop_sequences),
    ...given("stream", stream),
    ...given("temperature", temperature),
    ...given("top_p", top_p),
    ...given("top_k", top_k),
    ...(isUser ? { user } : {}),
    ...optionsOf(dialect, {
      ...Struct.omit(wire, translated),
      ...thinking.options,
      ...output.options,
      ...tools.options,
      ...choice.options,
      ...restOf("output_config", output_config, [...effort, ...output.names]),
      ...restOf("metadata", metadata, isUser ? ["user_id"] : [])
    })
  }
}

export const raise = (body: unknown): Result.Result<ChatRequest, NotOfDialect> =>
  decode(body).pipe(
    Result.map(canonical),
    Result.mapError(({ message }) => new NotOfDialect({ dialect, detail: message }))
  )
