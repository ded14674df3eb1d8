/** An answer of Converse in the canonical model. */
import { Result, Schema, Struct } from "effect"
import { isFields, objectsIn } from "../../../events/types/JsonAccess.ts"
import type { ChatResponse } from "../../messages/ChatResponse.ts"
import { optionsOf } from "../../messages/ProviderOptions.ts"
import { isEmpty } from "../anthropic/WireFields.ts"
import { NotOfDialect } from "../NotOfDialect.ts"
import * as RaiseBlock from "./RaiseBlock.ts"
import * as StopReason from "./StopReason.ts"
import { dialect, WireAnswer } from "./Wire.ts"
import * as WireUsage from "./WireUsage.ts"

type Fields = Schema.JsonObject

const decode = Schema.decodeUnknownResult(WireAnswer)

const translated = ["output", "stopReason", "usage"] as const

const optionsIn = (answer: Fields): Fields => {
  const { output, stopReason, usage } = answer
  const { message, ...ofOutput } = isFields(output) ? output : {}
  const ofMessage = Struct.omit(isFields(message) ? message : {}, ["role", "content"])
  const reason = StopReason.raise(stopReason)
  const counters = WireUsage.rest(usage)
  return {
    ...Object.fromEntries(Object.entries(Struct.omit(answer, translated)).filter(([, value]) => value !== null)),
    ...(isEmpty(ofOutput) ? {} : { output: ofOutput }),
    ...(isEmpty(ofMessage) ? {} : { message: ofMessage }),
    ...(stopReason === undefined || (reason !== null && StopReason.lower(reason) === stopReason) ? {} : { stopReason }),
    ...(isEmpty(counters) ? {} : { usage: counters })
  }
}

const canonical = (answer: Fields, producer: string | undefined): ChatResponse => {
  const { output, stopReason, usage } = answer
  const message = isFields(output) ? output["message"] : undefined
  const blocks = isFields(message) ? objectsIn(message["content"]) : []
  return {
    content: RaiseBlock.raiseAll(blocks, RaiseBlock.originOf(producer)),
    finish_reason: StopReason.raise(stopReason),
    usage: WireUsage.raise(usage),
    metadata: {},
    ...optionsOf(dialect, optionsIn(answer))
  }
}

export const raise = (body: unknown, producer?: string): Result.Result<ChatResponse, NotOfDialect> =>
  decode(body).pipe(
    Result.mapError(({ message }) => new NotOfDialect({ dialect, detail: message })),
    Result.map((answer) => canonical(answer as unknown as Fields, producer))
  )
