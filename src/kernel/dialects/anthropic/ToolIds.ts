/** Ids of tool calls as the wire takes them: another vendor's may hold letters that are refused here. */
import { isModeled } from "../../messages/ContentBlock.ts"
import type { Message } from "../../messages/Message.ts"
import { blocksOf } from "../../messages/Message.ts"
import { toolId } from "./SentWire.ts"

const idsOf = (message: Message): ReadonlyArray<string> => [
  ...(message.tool_call_id == null ? [] : [message.tool_call_id]),
  ...blocksOf(message).flatMap((block) => {
    if (!isModeled(block)) return []
    return block.type === "tool_call" ? [block.id] : block.type === "tool_result" ? [block.tool_call_id] : []
  })
]

/** One and the same for a call and its results; a good id stays. */
export const make = (messages: ReadonlyArray<Message>): (id: string) => string => {
  const ids = new Set(messages.flatMap(idsOf))
  const taken = new Set([...ids].filter((id) => toolId.test(id)))
  const renamed = new Map<string, string>()
  for (const id of ids) {
    if (taken.has(id) && toolId.test(id)) continue
    const letters = id.replaceAll(/[^a-zA-Z0-9_-]/g, "_") || "call"
    let name = letters
    for (let count = 2; taken.has(name); count++) name = `${letters}_${count}`
    taken.add(name)
    renamed.set(id, name)
  }
  return (id) => renamed.get(id) ?? id
}
