/** The turns of a conversation as messages: results of tools are messages of their own, before the rest of their turn. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { isFields, listOf } from "../../../events/types/JsonAccess.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import type { Message } from "../../messages/Message.ts"
import { optionsOf } from "../../messages/ProviderOptions.ts"
import * as CallIds from "./CallIds.ts"
import type { Fields } from "./ProtoNames.ts"
import { isEmpty } from "./ProtoNames.ts"
import * as RaisePart from "./RaisePart.ts"
import * as SealedBehind from "./SealedBehind.ts"

const blocksOf = ({ parts }: Fields): ReadonlyArray<ContentBlock> =>
  SealedBehind.joined(listOf(parts)).map((part) => RaisePart.raise(part, {})).filter(Predicate.isNotUndefined)

/** One plain text is written as text. */
const contentOf = (blocks: ReadonlyArray<ContentBlock>): Message["content"] => {
  const [first] = blocks
  return blocks.length === 1 && first?.type === "text" && Object.keys(first).length === 2
    ? first["text"] as string
    : blocks
}

const ofTurn = (role: "user" | "assistant", content: Fields): ReadonlyArray<Message> => {
  const { parts: _, role: __, ...rest } = content
  const options = optionsOf("gemini", rest)
  const blocks = blocksOf(content)
  if (role === "assistant") return [{ role, content: contentOf(blocks), ...options }]
  const results = blocks.filter(({ type }) => type === "tool_result")
  const others = blocks.filter(({ type }) => type !== "tool_result")
  const messages = results.map((block): Message => ({ role: "tool", content: [block] }))
  if (others.length === 0 && messages.length > 0 && isEmpty(rest)) return messages
  return [...messages, { role, content: contentOf(others), ...options }]
}

export const raise = (contents: ReadonlyArray<Fields>): ReadonlyArray<Message> =>
  CallIds.identified(contents).flatMap((content) => ofTurn(content["role"] === "model" ? "assistant" : "user", content))

/** A text alone is one that an SDK would have written as a part. */
export const system = (instruction: Schema.Json | undefined): ReadonlyArray<Message> => {
  const content = Predicate.isString(instruction) ? { parts: [{ text: instruction }] } : instruction
  if (!isFields(content)) return []
  const { parts: _, ...rest } = content
  return [{ role: "system", content: contentOf(blocksOf(content)), ...optionsOf("gemini", rest) }]
}
