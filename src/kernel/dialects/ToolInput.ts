/** Arguments that a model wrote and that are no JSON object: a vendor that takes objects alone can't be given them. */
import { Predicate } from "effect"
import { isFields, parse } from "../../events/types/JsonAccess.ts"
import type { ToolCallBlock } from "../messages/ContentBlock.ts"
import type { Message } from "../messages/Message.ts"
import { blocksOf } from "../messages/Message.ts"
import { optionsFor } from "../messages/ProviderOptions.ts"

/** Where a client's dialect keeps what is no object, and how its client calls the place. */
const places: Readonly<Record<string, readonly [option: string, pathOf: (call: number, block: number) => string]>> = {
  chat: ["arguments", (call) => `tool_calls.${call}.function.arguments`],
  responses: ["arguments", (_, block) => `content.${block}.arguments`],
  anthropic: ["input", (_, block) => `content.${block}.input`]
}

const isObject = (given: unknown): boolean =>
  isFields(Predicate.isString(given) ? parse(given.trim() === "" ? "{}" : given) : given)

/** How its client calls the arguments, where they are none; `message`, `call` and `block` are their numbers, from 0. */
const faultOf = (given: ToolCallBlock, message: number, call: number, block: number): string | undefined => {
  for (const [dialect, [option, pathOf]] of Object.entries(places)) {
    const kept = optionsFor(dialect, given)[option]
    if (kept !== undefined && kept !== null && !isObject(kept)) return `messages.${message}.${pathOf(call, block)}`
  }
  return undefined
}

/** The first arguments of a conversation that are no JSON object, as its client calls them. */
export const faultIn = (messages: ReadonlyArray<Message>): string | undefined => {
  for (const [message, each] of messages.entries()) {
    let calls = 0
    for (const [block, given] of blocksOf(each).entries()) {
      if (given.type !== "tool_call") continue
      const fault = faultOf(given as ToolCallBlock, message, calls++, block)
      if (fault !== undefined) return fault
    }
  }
  return undefined
}
