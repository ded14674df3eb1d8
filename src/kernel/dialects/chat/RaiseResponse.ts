/** A chat completion in the canonical model. */
import { Result, Schema, Struct } from "effect"
import { nullable, openStruct } from "../../../events/types/OpenSchema.ts"
import type { ChatResponse } from "../../messages/ChatResponse.ts"
import { NotOfDialect } from "../NotOfDialect.ts"
import { blockFields, blocks } from "./RaiseMessage.ts"
import * as WireUsage from "./WireUsage.ts"

/** No more than is needed: vendors leave out what OpenAI requires. */
const Read = openStruct({
  choices: Schema.NonEmptyArray(openStruct({ message: Schema.JsonObject, finish_reason: nullable(Schema.String) }))
})

const decode = Schema.decodeUnknownResult(Read)

const isEmpty = (value: object): boolean => Object.keys(value).length === 0

const canonical = (body: typeof Read.Type, producer: string | undefined): ChatResponse => {
  const [{ finish_reason, message }] = body.choices
  const usage = WireUsage.usageIn(body)
  const rest = Struct.omit(message, ["role", ...blockFields])
  return {
    content: blocks(message, producer === undefined ? {} : { producer_model: producer }),
    finish_reason: finish_reason ?? null,
    usage: usage === undefined ? null : WireUsage.raise(usage),
    metadata: { ...Struct.omit(body, ["choices", "usage"]), ...(isEmpty(rest) ? {} : { message: rest }) }
  }
}

/** The first choice: others are answers to the same question. */
export const raise = (body: unknown, producer?: string): Result.Result<ChatResponse, NotOfDialect> =>
  decode(body).pipe(
    Result.map((read) => canonical(read, producer)),
    Result.mapError(({ message }) => new NotOfDialect({ dialect: "chat", detail: message }))
  )
