/** A response in the canonical model. */
import { Result, Schema } from "effect"
import { asText, field, textOrNull, without } from "../../../events/types/JsonAccess.ts"
import { tableOf } from "../../../events/types/Table.ts"
import type { ChatResponse } from "../../messages/ChatResponse.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import { optionsOf } from "../../messages/ProviderOptions.ts"
import { NotOfDialect } from "../NotOfDialect.ts"
import { answer } from "./RaiseItem.ts"
import { errorIn } from "./ResponsesEnding.ts"
import { ReadResponse } from "./Wire.ts"
import * as WireUsage from "./WireUsage.ts"

const decode = Schema.decodeUnknownResult(ReadResponse)

const canonicalReasons = tableOf<string>({ max_output_tokens: "length", max_tokens: "length" })

const isCall = ({ type, ...block }: ContentBlock): boolean =>
  type === "tool_call" ||
  (type === "responses_block" && /^(custom_tool|function|local_shell|computer|shell)_call$/.test(
    asText(field(field(block, "block"), "type"))
  ))

/** Null while it is not at its end. */
const finishReason = ({ incomplete_details, status }: ReadResponse, content: ReadonlyArray<ContentBlock>) => {
  const ended = content.some(isCall) ? "tool_calls" : "stop"
  switch (status) {
    case "in_progress":
    case "queued":
      return null
    case "incomplete": {
      const reason = incomplete_details?.reason
      return reason == null ? "length" : canonicalReasons[reason] ?? reason
    }
    case "completed":
    case null:
    case undefined:
      return ended
    default:
      return status
  }
}

/** What a response says of itself at its beginning. */
export const metadataOf = (response: unknown): Schema.JsonObject => {
  const created = field(response, "created_at")
  const [id, model] = [textOrNull(field(response, "id")), textOrNull(field(response, "model"))]
  return {
    ...(id === null ? {} : { id }),
    ...(model === null ? {} : { model }),
    ...(typeof created === "number" ? { created } : {})
  }
}

const canonical = (body: ReadResponse, producer: string | undefined): ChatResponse => {
  const content = answer(body.output, producer === undefined ? {} : { producer_model: producer })
  const rest = without(body, ["id", "object", "model", "created_at", "output", "usage"])
  return {
    content,
    finish_reason: finishReason(body, content),
    usage: WireUsage.raise(body["usage"]),
    metadata: metadataOf(body),
    ...optionsOf("responses", rest)
  }
}

const notOfDialect = (detail: string) => new NotOfDialect({ dialect: "responses", detail })

/** A failed response is no answer. */
export const raise = (body: unknown, producer?: string): Result.Result<ChatResponse, NotOfDialect> => {
  const error = errorIn(body)
  if (error !== undefined) {
    return Result.fail(notOfDialect(textOrNull(field(error, "message")) ?? JSON.stringify(error)))
  }
  return decode(body).pipe(
    Result.map((read) => canonical(read, producer)),
    Result.mapError(({ message }) => notOfDialect(message))
  )
}
