/** A request of the wire in the canonical model. */
import { Predicate, Result, Schema, Struct } from "effect"
import { isFields } from "../../../events/types/JsonAccess.ts"
import { ChatRequest } from "../../messages/ChatRequest.ts"
import { optionsOf } from "../../messages/ProviderOptions.ts"
import { NotOfDialect } from "../NotOfDialect.ts"
import * as GenerationConfig from "./GenerationConfig.ts"
import * as RaiseMessages from "./RaiseMessages.ts"
import * as ResponseForm from "./ResponseForm.ts"
import type { Fields } from "./Steps.ts"
import * as Steps from "./Steps.ts"
import * as Tools from "./Tools.ts"
import { CreateInteractionRequest } from "./Wire.ts"

const decodeWire = Schema.decodeUnknownResult(CreateInteractionRequest)
const decodeCanonical = Schema.decodeUnknownResult(ChatRequest)

/** Fields that have another form here. */
const translated = ["input", "model", "system_instruction", "tools", "generation_config", "stream"] as const

const canonical = (wire: Fields): Fields => {
  const { input, model, stream, system_instruction: instruction, tools } = wire
  const config = isFields(wire["generation_config"]) ? wire["generation_config"] : {}
  const { canonical: settings, rest } = GenerationConfig.raise(config)
  const { functions, others } = Tools.raise(tools)
  const format = ResponseForm.raise(wire)
  const messages = RaiseMessages.raise(Steps.ofInput(input))
  return {
    ...settings,
    messages: [...(Predicate.isString(instruction) ? [{ role: "system", content: instruction }] : []), ...messages],
    ...(model == null ? {} : { model }),
    ...(stream == null ? {} : { stream }),
    ...(functions.length === 0 ? {} : { tools: functions }),
    ...(format === undefined ? {} : { response_format: format }),
    ...optionsOf("interactions", {
      ...Struct.omit(wire, translated) as Fields,
      ...(Object.keys(rest).length === 0 ? {} : { generation_config: rest }),
      ...(others.length === 0 ? {} : { tools: others })
    })
  } as unknown as Fields
}

const failed = ({ message }: { readonly message: string }) =>
  new NotOfDialect({ dialect: "interactions", detail: message })

export const raise = (body: unknown): Result.Result<ChatRequest, NotOfDialect> =>
  decodeWire(body).pipe(
    Result.flatMap((wire) => decodeCanonical(canonical(wire as unknown as Fields))),
    Result.mapError(failed)
  )
