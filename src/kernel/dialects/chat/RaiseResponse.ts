/** A chat completion in the canonical model. */
import { Result, Schema, Struct } from "effect"
import { nullable, openStruct } from "../../../events/types/OpenSchema.ts"
import type { ChatResponse } from "../../messages/ChatResponse.ts"
import { optionsOf } from "../../messages/ProviderOptions.ts"
import { NotOfDialect } from "../NotOfDialect.ts"
import * as FinishReason from "./FinishReason.ts"
import { blocks, restOf } from "./RaiseMessage.ts"
import * as WireUsage from "./WireUsage.ts"

/** No more than is needed: vendors leave out what OpenAI requires. */
const Read = openStruct({
  choices: Schema.NonEmptyArray(openStruct({ message: Schema.JsonObject, finish_reason: nullable(Schema.String) }))
})

const decode = Schema.decodeUnknownResult(Read)

const headFields = ["id", "model", "created"] as const

const saysNothing = (value: Schema.Json | undefined): boolean => value == null || value === "" || value === 0

/** What the vendor says of the answer in the canonical words. */
export const metadataOf = (body: Schema.JsonObject): Schema.JsonObject =>
  Struct.pick(body, headFields.filter((name) => !saysNothing(body[name])))

const isEmpty = (value: object): boolean => Object.keys(value).length === 0

const canonical = (body: typeof Read.Type, producer: string | undefined): ChatResponse => {
  const [{ finish_reason, index: _, message, ...choice }] = body.choices
  const usage = WireUsage.usageIn(body)
  const rest = restOf(message)
  const reason = FinishReason.raise(finish_reason)
  return {
    content: blocks(message, producer === undefined ? {} : { producer_model: producer }, true),
    finish_reason: reason,
    usage: usage === undefined ? null : WireUsage.raise(usage),
    metadata: metadataOf(body as Schema.JsonObject),
    ...optionsOf("chat", {
      ...Struct.omit(body, ["choices", "usage", "object", ...headFields]) as Schema.JsonObject,
      ...(isEmpty(rest) ? {} : { message: rest }),
      ...(isEmpty(choice) ? {} : { choice: choice as Schema.JsonObject }),
      ...(finish_reason == null || finish_reason === reason ? {} : { finish_reason })
    })
  }
}

/** The first choice: others are answers to the same question. */
export const raise = (body: unknown, producer?: string): Result.Result<ChatResponse, NotOfDialect> =>
  decode(body).pipe(
    Result.map((read) => canonical(read, producer)),
    Result.mapError(({ message }) => new NotOfDialect({ dialect: "chat", detail: message }))
  )
