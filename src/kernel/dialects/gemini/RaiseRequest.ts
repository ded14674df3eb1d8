/** A request of the wire in the canonical model. */
import { Predicate, Result, Schema, Struct } from "effect"
import { isDeepStrictEqual } from "node:util"
import { isFields } from "../../../events/types/JsonAccess.ts"
import { ChatRequest } from "../../messages/ChatRequest.ts"
import { optionsOf } from "../../messages/ProviderOptions.ts"
import { NotOfDialect } from "../NotOfDialect.ts"
import * as GenerationConfig from "./GenerationConfig.ts"
import type { Fields } from "./ProtoNames.ts"
import { fieldsOf, isEmpty, named, whereAny } from "./ProtoNames.ts"
import * as RaiseContents from "./RaiseContents.ts"
import { GenerateContentRequest } from "./Wire.ts"
import * as WireTools from "./WireTools.ts"

const decodeWire = Schema.decodeUnknownResult(GenerateContentRequest)
const decodeCanonical = Schema.decodeUnknownResult(ChatRequest)

/** Fields that have another form here. */
const translated = ["contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "model"] as const

/** What of the choice of tools the canonical one does not say. */
const toolConfigBesides = (config: Fields, choice: unknown): Fields => {
  const { functionCallingConfig, ...rest } = config
  const isWhole = choice !== undefined && isFields(functionCallingConfig) &&
    isDeepStrictEqual(WireTools.lowerChoice(choice as string), named(functionCallingConfig))
  return isWhole || functionCallingConfig === undefined ? rest : config
}

const canonical = (wire: Fields): Fields => {
  const { contents, generationConfig, model, systemInstruction, toolConfig, tools } = wire
  const config = GenerationConfig.raise(fieldsOf(generationConfig))
  const { functions, others } = WireTools.raise(tools)
  const wireChoice = fieldsOf(toolConfig)
  const choice = WireTools.raiseChoice(fieldsOf(wireChoice["functionCallingConfig"]))
  return {
    ...config.canonical,
    messages: [...RaiseContents.system(systemInstruction), ...RaiseContents.raise(contents as ReadonlyArray<Fields>)],
    ...(Predicate.isString(model) ? { model } : {}),
    ...(functions.length === 0 ? {} : { tools: functions }),
    ...(choice === undefined ? {} : { tool_choice: choice }),
    ...optionsOf("gemini", {
      ...Struct.omit(wire, translated) as Fields,
      ...whereAny("generationConfig", config.generationConfig),
      ...(config.responseSchema === undefined ? {} : { responseSchema: config.responseSchema }),
      ...whereAny("toolConfig", toolConfigBesides(wireChoice, choice)),
      ...(others.length === 0 ? {} : { tools: others })
    })
  } as unknown as Fields
}

const failed = ({ message }: { readonly message: string }) => new NotOfDialect({ dialect: "gemini", detail: message })

export const raise = (body: unknown): Result.Result<ChatRequest, NotOfDialect> =>
  decodeWire(isFields(body) && !isEmpty(body) ? named(body) : body).pipe(
    Result.flatMap((wire) => decodeCanonical(canonical(wire as unknown as Fields))),
    Result.mapError(failed)
  )
