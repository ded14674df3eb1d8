/** A message of Anthropic's dialect in the canonical model. */
import { Result, Schema, Struct } from "effect"
import type { ChatResponse } from "../../messages/ChatResponse.ts"
import { optionsOf } from "../../messages/ProviderOptions.ts"
import { NotOfDialect } from "../NotOfDialect.ts"
import { raiseAll } from "./RaiseBlock.ts"
import * as StopReason from "./StopReason.ts"
import { AnthropicMessage } from "./Wire.ts"
import { dialect, given, isEmpty } from "./WireFields.ts"
import * as WireUsage from "./WireUsage.ts"

const decode = Schema.decodeUnknownResult(AnthropicMessage)

const translated = ["id", "type", "role", "model", "content", "stop_reason", "usage"] as const

/** What a message says besides: what it does not say is null on this wire. */
const optionsIn = (message: AnthropicMessage, finish: string | null): Schema.JsonObject => {
  const rest = Object.entries(Struct.omit(message, translated)).filter(([, value]) => value !== null)
  const { stop_reason, usage } = message
  const counters = WireUsage.rest(usage)
  return {
    ...Object.fromEntries(rest),
    ...given("stop_reason", finish !== null && StopReason.lower(finish) !== stop_reason ? stop_reason : undefined),
    ...given("usage", isEmpty(counters) ? undefined : counters)
  }
}

/** What it says of itself. */
export const metadataOf = ({ id, model }: Pick<AnthropicMessage, "id" | "model">): Schema.JsonObject => ({
  ...given("id", id),
  ...given("model", model)
})

const canonical = (message: AnthropicMessage, producer: string | undefined): ChatResponse => {
  const finish_reason = StopReason.raise(message.stop_reason)
  return {
    content: raiseAll(message.content, given("producer_model", producer)),
    usage: WireUsage.raise(message.usage),
    finish_reason,
    metadata: metadataOf(message),
    ...optionsOf(dialect, optionsIn(message, finish_reason))
  }
}

export const raise = (body: unknown, producer?: string): Result.Result<ChatResponse, NotOfDialect> =>
  decode(body).pipe(
    Result.map((message) => canonical(message, producer)),
    Result.mapError(({ message }) => new NotOfDialect({ dialect, detail: message }))
  )
