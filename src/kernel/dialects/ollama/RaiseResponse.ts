/** An answer of Ollama's in the canonical model. */
import { Predicate, Result, Schema, Struct } from "effect"
import { isFields, objectsIn } from "../../../events/types/JsonAccess.ts"
import type { ChatResponse } from "../../messages/ChatResponse.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import { optionsOf } from "../../messages/ProviderOptions.ts"
import { isEmpty } from "../anthropic/WireFields.ts"
import { NotOfDialect } from "../NotOfDialect.ts"
import { secondsOf } from "../TimeText.ts"
import * as DoneReason from "./DoneReason.ts"
import * as RaiseMessage from "./RaiseMessage.ts"
import { dialect, WireAnswer } from "./Wire.ts"
import * as WireUsage from "./WireUsage.ts"

type Fields = Schema.JsonObject

const decode = Schema.decodeUnknownResult(WireAnswer)

/** What an answer says of itself; of a stream, with its first line. */
export const metadataOf = ({ created_at, model }: Fields): Fields => {
  const created = secondsOf(created_at)
  return {
    ...(Predicate.isString(model) ? { model } : {}),
    ...(created === undefined ? {} : { created })
  }
}

/** What tells an answer from others: its time. */
export const placeOf = ({ created_at }: Fields): string => Predicate.isString(created_at) ? created_at : ""

const translated = ["message", "model", "done", "done_reason", ...WireUsage.counted] as const

const optionsIn = (answer: Fields, calls: boolean): Fields => {
  const { done, done_reason, message } = answer
  const rest = RaiseMessage.restOf(isFields(message) ? message : {})
  const reason = DoneReason.raise(done_reason, calls)
  return {
    ...Object.fromEntries(Object.entries(Struct.omit(answer, translated)).filter(([, value]) => value !== null)),
    ...(isEmpty(rest) ? {} : { message: rest }),
    ...(done === false ? { done } : {}),
    // Null, or no word.
    ...(done_reason === undefined || reason !== null && DoneReason.lower(reason) === done_reason ? {} : { done_reason })
  }
}

/** The same for an answer whose blocks are there already. */
export const withBlocks = (answer: Fields, content: ReadonlyArray<ContentBlock>): ChatResponse => {
  const calls = content.some(({ type }) => type === "tool_call")
  return {
    content,
    finish_reason: DoneReason.raise(answer["done_reason"], calls),
    usage: WireUsage.raise(answer),
    metadata: metadataOf(answer),
    ...optionsOf(dialect, optionsIn(answer, calls))
  }
}

export const raise = (body: unknown, producer?: string): Result.Result<ChatResponse, NotOfDialect> =>
  decode(body).pipe(
    Result.mapError(({ message }) => new NotOfDialect({ dialect, detail: message })),
    Result.map((read) => {
      const answer = read as unknown as Fields
      const message = objectsIn([answer["message"]])[0] ?? {}
      return withBlocks(answer, RaiseMessage.blocksOf(message, placeOf(answer), RaiseMessage.originOf(producer)))
    })
  )
