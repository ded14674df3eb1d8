/** Arguments that a model wrote and that are no JSON object: a vendor that takes objects alone can't be given them. */
import { Predicate } from "effect"
import { isFields, parse } from "../../events/types/JsonAccess.ts"
import type { ToolCallBlock } from "../messages/ContentBlock.ts"
import { isModeled } from "../messages/ContentBlock.ts"
import type { Message } from "../messages/Message.ts"
import { blocksOf } from "../messages/Message.ts"
import { optionsFor } from "../messages/ProviderOptions.ts"

const isNoObject = (given: unknown): boolean =>
  given !== undefined && given !== null &&
  !isFields(Predicate.isString(given) ? parse(given.trim() === "" ? "{}" : given) : given)

/** How its client calls the arguments, where they are no object; `call`, `block`: their numbers, from 0. */
const faultOf = (given: ToolCallBlock, call: number, block: number): string | undefined => {
  // As OpenAI's dialects keep what is no object, and as Anthropic's does.
  if (isNoObject(given["arguments"])) return `tool_calls.${call}.function.arguments`
  return isNoObject(optionsFor("anthropic", given)["input"]) ? `content.${block}.input` : undefined
}

/** The first arguments of a conversation that are no JSON object, as its client calls them. */
export const faultIn = (messages: ReadonlyArray<Message>): string | undefined => {
  for (const [message, each] of messages.entries()) {
    let calls = 0
    for (const [block, given] of blocksOf(each).entries()) {
      if (!isModeled(given) || given.type !== "tool_call") continue
      const fault = faultOf(given, calls++, block)
      if (fault !== undefined) return `messages.${message}.${fault}`
    }
  }
  return undefined
}
