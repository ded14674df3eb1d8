/** Steps as messages: what the model does in a row is one of them, results of functions are messages of their own. */
import { addAll } from "../../../events/types/AddAll.ts"
import { asText } from "../../../events/types/JsonAccess.ts"
import { tableOf } from "../../../events/types/Table.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import type { Message } from "../../messages/Message.ts"
import * as RaiseStep from "./RaiseStep.ts"
import type { Fields } from "./Steps.ts"

/** One plain text is written as text. */
const contentOf = (blocks: ReadonlyArray<ContentBlock>): Message["content"] => {
  const [first] = blocks
  return blocks.length === 1 && first?.type === "text" && Object.keys(first).length === 2
    ? first["text"] as string
    : blocks
}

const roles = tableOf<Message["role"]>({ user_input: "user", function_result: "tool" })

export const raise = (steps: ReadonlyArray<Fields>): ReadonlyArray<Message> => {
  const messages: Array<Message> = []
  let answer: Array<ContentBlock> = []
  const flush = () => {
    if (answer.length > 0) messages.push({ role: "assistant", content: contentOf(answer) })
    answer = []
  }
  for (const step of steps) {
    const blocks = RaiseStep.raise(step, {})
    const role = roles[asText(step["type"])]
    if (role === undefined) {
      addAll(answer, blocks)
      continue
    }
    flush()
    if (role === "tool") messages.push({ role, content: blocks })
    else messages.push({ role, content: contentOf(blocks) })
  }
  flush()
  return messages
}
