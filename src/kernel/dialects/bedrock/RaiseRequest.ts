/** A request of Converse in the canonical model. */
import { Predicate, Result, Schema, Struct } from "effect"
import { isFields, objectsIn } from "../../../events/types/JsonAccess.ts"
import { ChatRequest } from "../../messages/ChatRequest.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import { optionsOf } from "../../messages/ProviderOptions.ts"
import { isEmpty } from "../anthropic/WireFields.ts"
import { NotOfDialect } from "../NotOfDialect.ts"
import * as InferenceConfig from "./InferenceConfig.ts"
import * as RaiseBlock from "./RaiseBlock.ts"
import { dialect, WireRequest } from "./Wire.ts"
import * as WireTools from "./WireTools.ts"

type Fields = Schema.JsonObject

const decodeWire = Schema.decodeUnknownResult(WireRequest)
const decodeCanonical = Schema.decodeUnknownResult(ChatRequest)

const asJson = (blocks: ReadonlyArray<ContentBlock>) => blocks as ReadonlyArray<unknown> as Schema.JsonArray

/** Results of tools are messages of their own, before what else a turn says. */
const messagesOf = ({ content, role, ...rest }: Fields): ReadonlyArray<Fields> => {
  const blocks = RaiseBlock.raiseAll(objectsIn(content), {})
  const results = blocks.filter(({ type }) => type === "tool_result")
  const others = blocks.filter(({ type }) => type !== "tool_result")
  const options = optionsOf(dialect, rest)
  return [
    ...(results.length === 0 ? [] : [{ role: "tool", content: asJson(results) }]),
    ...(results.length > 0 && others.length === 0 ? [] : [{ role: role!, content: asJson(others), ...options }])
  ]
}

const systemOf = (blocks: ReadonlyArray<Fields>): ReadonlyArray<Fields> =>
  blocks.length === 0 ? [] : [{ role: "system", content: asJson(RaiseBlock.raiseAll(blocks, {})) }]

const canonical = (wire: Fields): Fields => {
  const { additionalModelRequestFields, inferenceConfig, messages, outputConfig, system, toolConfig, ...rest } = wire
  const config = InferenceConfig.raise(isFields(inferenceConfig) ? inferenceConfig : {})
  const format = InferenceConfig.raiseFormat(outputConfig)
  const tools = WireTools.raise(isFields(toolConfig) ? toolConfig : {})
  return {
    ...config.canonical,
    ...tools.canonical,
    ...format.canonical,
    messages: [...systemOf(objectsIn(system)), ...objectsIn(messages).flatMap(messagesOf)],
    ...(Predicate.isString(wire["model"]) ? { model: wire["model"] } : {}),
    ...optionsOf(dialect, {
      ...Object.fromEntries(Object.entries(Struct.omit(rest, ["model"])).filter(([, value]) => value !== null)),
      ...(isFields(additionalModelRequestFields) ? { additionalModelRequestFields } : {}),
      ...(isEmpty(config.options) ? {} : { inferenceConfig: config.options }),
      ...(isEmpty(tools.options) ? {} : { toolConfig: tools.options }),
      ...format.options
    })
  }
}

const failed = ({ message }: { readonly message: string }) => new NotOfDialect({ dialect, detail: message })

export const raise = (body: unknown): Result.Result<ChatRequest, NotOfDialect> =>
  decodeWire(body).pipe(
    Result.flatMap((wire) => decodeCanonical(canonical(wire as unknown as Fields))),
    Result.mapError(failed)
  )
