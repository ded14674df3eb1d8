/** Messages as turns: one of a role after the other, results of tools before the rest of theirs. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { addAll } from "../../../events/types/AddAll.ts"
import { listOf } from "../../../events/types/JsonAccess.ts"
import type { ContentBlock } from "../../messages/ContentBlock.ts"
import { isModeled } from "../../messages/ContentBlock.ts"
import type { Message } from "../../messages/Message.ts"
import { blocksOf } from "../../messages/Message.ts"
import { optionsFor, optionsOf } from "../../messages/ProviderOptions.ts"
import type { Lowering } from "./LowerPart.ts"
import * as LowerPart from "./LowerPart.ts"
import type { Fields } from "./ProtoNames.ts"
import { fieldsOf } from "./ProtoNames.ts"

interface Turn {
  readonly role: "user" | "model"
  readonly parts: Array<Fields>
  rest: Fields
}

/** The functions that calls of the conversation are of. */
export const namesOf = (messages: ReadonlyArray<Message>): ReadonlyMap<string, string> =>
  new Map(
    messages.flatMap(blocksOf).flatMap((block) =>
      isModeled(block) && block.type === "tool_call" ? [[block.id, block.name] as const] : []
    )
  )

/** What a developer says is the user's on this wire, in a frame that tells it from what users say. */
const framed = (blocks: ReadonlyArray<ContentBlock>): ReadonlyArray<ContentBlock> => {
  const texts = blocks.flatMap((block) => isModeled(block) && block.type === "text" ? [block.text] : [])
  const others = blocks.filter(({ type }) => type !== "text")
  const text = `<context_file>\n${texts.join("\n\n")}\n</context_file>`
  return texts.length === 0 ? others : [{ type: "text", text }, ...others]
}

/** A tool's message says what came of its call in one result; older ones as plain content. */
const results = (message: Message): ReadonlyArray<ContentBlock> => {
  const blocks = blocksOf(message)
  const { content, name, role, tool_call_id } = message
  if (blocks.some(({ type }) => type === "tool_result")) return blocks
  const id = tool_call_id ?? (role === "function" ? name : undefined) ?? ""
  const named = name == null ? {} : optionsOf("gemini", { functionResponse: { name } })
  return [{ type: "tool_result", tool_call_id: id, output: content as Schema.Json, ...named }]
}

const blocksFor = (message: Message): ReadonlyArray<ContentBlock> => {
  switch (message.role) {
    case "developer":
      return framed(blocksOf(message))
    case "tool":
    case "function":
      return results(message)
    default:
      return blocksOf(message)
  }
}

const isResult = (part: Fields): boolean => part["functionResponse"] !== undefined

/** Images of results stand behind them where the model takes none within. */
const flattened = (parts: ReadonlyArray<Fields>): ReadonlyArray<Fields> =>
  parts.flatMap((part) => {
    const { parts: images, ...response } = fieldsOf(part["functionResponse"])
    return images === undefined
      ? [part]
      : [{ ...part, functionResponse: response }, ...listOf(images).map(fieldsOf).map(withoutName)]
  })

const withoutName = (part: Fields): Fields =>
  Object.fromEntries(
    Object.entries(part).map(([name, value]) => {
      const { displayName: _, ...rest } = fieldsOf(value)
      return [name, rest]
    })
  )

const ordered = (parts: ReadonlyArray<Fields>): ReadonlyArray<Fields> => [
  ...parts.filter(isResult),
  ...parts.filter((part) => !isResult(part))
]

export interface Options {
  readonly lowering: (role: Message["role"]) => Lowering
  /** Whether results may hold images. */
  readonly multimodalResults: boolean
}

export const lower = (messages: ReadonlyArray<Message>, options: Options): ReadonlyArray<Fields> => {
  const turns: Array<Turn> = []
  for (const message of messages) {
    if (message.role === "system") continue
    const lowering = options.lowering(message.role)
    const parts = blocksFor(message).flatMap((block) => LowerPart.lower(block, lowering))
    if (parts.length === 0) continue
    const role = message.role === "assistant" ? "model" : "user"
    const last = turns.at(-1)
    const turn = last?.role === role ? last : { role, parts: [], rest: {} } satisfies Turn
    if (turn !== last) turns.push(turn)
    addAll(turn.parts, parts)
    turn.rest = { ...turn.rest, ...optionsFor("gemini", message) }
  }
  return turns.map(({ parts, rest, role }) => {
    if (role === "model") return { ...rest, role, parts }
    return { ...rest, role, parts: ordered(options.multimodalResults ? parts : flattened(parts)) }
  })
}

/** All that is said as the system, in one instruction; undefined: nothing. */
export const system = (messages: ReadonlyArray<Message>, options: Options): Fields | undefined => {
  const all = messages.filter(({ role }) => role === "system")
  const parts = all.flatMap((message) =>
    blocksOf(message).flatMap((block) => LowerPart.lower(block, options.lowering("system")))
  )
  const rest = Object.assign({}, ...all.map((message) => optionsFor("gemini", message))) as Fields
  return parts.length === 0 ? undefined : { ...rest, parts }
}

/** The first call of each of the model's turns. */
export const withSignedCalls = (
  contents: ReadonlyArray<Fields>,
  signature: string,
  added: () => void
): ReadonlyArray<Fields> =>
  contents.map((content) => {
    const parts = listOf(content["parts"]).map(fieldsOf)
    const first = parts.findIndex((part) => part["functionCall"] !== undefined)
    if (content["role"] !== "model" || first < 0 || Predicate.isString(parts[first]!["thoughtSignature"])) {
      return content
    }
    added()
    return { ...content, parts: parts.with(first, { ...parts[first]!, thoughtSignature: signature }) }
  })
