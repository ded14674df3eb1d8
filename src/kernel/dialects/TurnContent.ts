/** What a message says in a turn, for dialects in which developers and tools have no turns of their own. */
import type { ContentBlock } from "../messages/ContentBlock.ts"
import type { Message } from "../messages/Message.ts"
import { blocksOf } from "../messages/Message.ts"
import { asFile } from "./DeveloperMessage.ts"

/** A tool's message that names its call and holds what came of it, in no block of its own. */
const asResult = (message: Message): ReadonlyArray<ContentBlock> => {
  const { content, tool_call_id } = message
  const blocks = blocksOf(message)
  if (tool_call_id == null || blocks.some(({ type }) => type === "tool_result")) return blocks
  const output = typeof content === "string" ? content : content.map((block) => ({ ...block }))
  return [{ type: "tool_result", tool_call_id, output }]
}

export const contentOf = (message: Message): ReadonlyArray<ContentBlock> => {
  if (message.role === "developer") return asFile(blocksOf(message))
  return message.role === "tool" || message.role === "function" ? asResult(message) : blocksOf(message)
}
