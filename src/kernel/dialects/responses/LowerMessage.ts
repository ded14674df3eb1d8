/** Messages as the items of an input, and the system's first words as instructions. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { isFields, without } from "../../../events/types/JsonAccess.ts"
import type { ContentBlock, ToolResultBlock } from "../../messages/ContentBlock.ts"
import { isModeled, wireTypeOf } from "../../messages/ContentBlock.ts"
import type { Message } from "../../messages/Message.ts"
import { blocksOf } from "../../messages/Message.ts"
import { optionsFor } from "../../messages/ProviderOptions.ts"
import type { Losses } from "../chat/Losses.ts"
import { dropped } from "../chat/Losses.ts"
import type { Reader } from "./LowerItem.ts"
import * as LowerItem from "./LowerItem.ts"
import { output, part } from "./LowerPart.ts"
import * as LowerReasoning from "./LowerReasoning.ts"
import * as OtherCalls from "./OtherCalls.ts"

const vendor = (losses: Losses, isStored: boolean): Reader => ({
  fieldsOf: () => ({}),
  thought: (block) => LowerReasoning.sent(block, isStored),
  signature: () => undefined,
  drop: (block) => losses.degradations.push(dropped(block, "responses")),
  fieldsOfText: undefined
})

/** That a tool failed stands in the words of its result: the dialect has no field for it. */
const result = (block: ToolResultBlock): Schema.JsonObject =>
  OtherCalls.lowerResult(block) ?? {
    type: "function_call_output",
    call_id: block.tool_call_id,
    output: output(block.output),
    ...optionsFor("responses", block)
  }

/** Results of tools, and what stood among them. */
const resultItem = (block: ContentBlock): Schema.JsonObject | undefined => {
  if (isModeled(block)) return block.type === "tool_result" ? result(block) : undefined
  const given = block["block"]
  return block.type === "responses_block" && isFields(given) ? given : undefined
}

/** Without an annotation of its own a text is text. */
const contentOf = (message: Message, rest: ReadonlyArray<ContentBlock>, losses: Losses): Schema.Json => {
  if (Predicate.isString(message.content)) return message.content
  return rest.flatMap((block) => {
    const written = part(block, message.role)
    if (written !== undefined) return [written]
    if (message.role === "user") losses.impossible.push(`the user's ${wireTypeOf(block)}`)
    else losses.degradations.push(dropped(block, "responses"))
    return []
  })
}

/** A function's message, as chat completions once had them, names no call: it is read by the model all the same. */
const roleOf = ({ role }: Message): string => role === "function" || role === "tool" ? "user" : role

const messageItem = (message: Message, rest: ReadonlyArray<ContentBlock>, losses: Losses): Schema.JsonObject => {
  const given = { ...message, role: roleOf(message) } as Message
  const content = contentOf(given, rest, losses)
  const isEmpty = Array.isArray(content) && content.length === 0
  return {
    type: "message",
    role: given.role,
    content: isEmpty ? "" : content,
    ...without(optionsFor("responses", message), ["type"])
  }
}

const items = (message: Message, reader: Reader, losses: Losses): ReadonlyArray<Schema.JsonObject> => {
  if (message.role === "assistant") return LowerItem.items(blocksOf(message), reader)
  if (message.role === "tool" && Predicate.isString(message.content) && message.tool_call_id != null) {
    return [{ type: "function_call_output", call_id: message.tool_call_id, output: message.content }]
  }
  const blocks = blocksOf(message)
  const results = blocks.map(resultItem)
  const rest = blocks.filter((_, index) => results[index] === undefined)
  const given = results.filter(Predicate.isNotUndefined)
  return rest.length === 0 && given.length > 0 ? given : [...given, messageItem(message, rest, losses)]
}

const textOf = (message: Message): string | undefined => {
  const texts = blocksOf(message).map((block) => isModeled(block) && block.type === "text" ? block.text : undefined)
  return texts.every(Predicate.isNotUndefined) ? texts.join("\n\n") : undefined
}

/** The system's words before anybody else speaks are instructions, but those that came as an item. */
const isInstruction = (message: Message): boolean =>
  message.role === "system" && optionsFor("responses", message)["type"] === undefined && textOf(message) !== undefined

export interface Lowered {
  readonly instructions: string | undefined
  readonly input: ReadonlyArray<Schema.JsonObject>
}

/** Instructions alone are no input: they stand in it then. */
export const lower = (messages: ReadonlyArray<Message>, isStored: boolean, losses: Losses): Lowered => {
  const reader = vendor(losses, isStored)
  const first = messages.findIndex((message) => !isInstruction(message))
  const leading = first === -1 ? [] : messages.slice(0, first)
  const input = messages.slice(leading.length).flatMap((message) => items(message, reader, losses))
  const instructions = leading.map((message) => textOf(message)).join("\n\n")
  return { instructions: leading.length === 0 ? undefined : instructions, input }
}
