/**
 * Blocks that only the dialect they came in has a form for: files, sound. What a user, the system or a tool said is not left
 * out, for the answer would not be one to what was asked.
 */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { asText, isFields, listOf } from "../../events/types/JsonAccess.ts"
import type { ChatRequest } from "../messages/ChatRequest.ts"
import type { ContentBlock } from "../messages/ContentBlock.ts"
import { isModeled, wireTypeOf } from "../messages/ContentBlock.ts"
import type { Message } from "../messages/Message.ts"
import { NotOfDialect } from "./NotOfDialect.ts"
import * as RequestPath from "./RequestPath.ts"

interface Foreign {
  /** Whose words it stands in. */
  readonly of: string
  readonly block: ContentBlock
}

/** What a tool gave may be JSON of any form: a block that is kept whole has its dialect's name in its type. */
const isWhole = (value: unknown): value is ContentBlock =>
  isFields(value) && isFields(value["block"]) && /^[a-z]+_(block|part)$/.test(asText(value["type"]))

const isOf = ({ type }: ContentBlock, dialect: string): boolean => type.startsWith(`${dialect}_`)

const foreignIn = (message: Message, dialect: string): ReadonlyArray<Foreign> => {
  if (Predicate.isString(message.content) || message.role === "assistant") return []
  return message.content.flatMap((block): ReadonlyArray<Foreign> => {
    if (!isModeled(block)) return isWhole(block) && !isOf(block, dialect) ? [{ of: message.role, block }] : []
    return block.type === "tool_result"
      ? listOf(block.output).filter(isWhole).filter((each) => !isOf(each, dialect))
        .map((block) => ({ of: "tool", block }))
      : []
  })
}

const first = (
  { messages }: Pick<ChatRequest, "messages">,
  dialect: string,
  isAsked: (foreign: Foreign) => boolean
): Foreign | undefined => {
  for (const message of messages) {
    const foreign = foreignIn(message, dialect).find(isAsked)
    if (foreign !== undefined) return foreign
  }
  return undefined
}

/** Of the words of the system or of a tool; whether a user's can be sent the dialect itself says. */
export const problem = (request: Pick<ChatRequest, "messages">, dialect: string): NotOfDialect | undefined => {
  const foreign = first(request, dialect, ({ of }) => of !== "user")
  return foreign === undefined ? undefined : new NotOfDialect({
    dialect,
    detail: `the ${foreign.of}'s ${wireTypeOf(foreign.block)} can't be sent`,
    param: "messages"
  })
}

/** The same failure by the field of the client's own request. */
export const placed = (
  error: NotOfDialect,
  request: Pick<ChatRequest, "messages">,
  body: Schema.JsonObject
): NotOfDialect => {
  if (error.param !== "messages") return error
  const isNamed = ({ block }: Foreign) => error.detail.includes(wireTypeOf(block))
  const foreign = first(request, error.dialect, isNamed)
  const param = foreign === undefined ? undefined : RequestPath.to(body, foreign.block["block"])
  return param === undefined ? error : new NotOfDialect({ dialect: error.dialect, detail: error.detail, param })
}
