/**
 * Thoughts in this dialect: their words in `reasoning_content`, as DeepSeek has it, or in `reasoning`; and where they have
 * what must come back, such as a signature, all of each in `thinking_blocks`, as LiteLLM has it.
 */
import { Predicate, Result, Schema, Struct } from "effect"
import { asText, isFields } from "../../../events/types/JsonAccess.ts"
import { ContentBlock, isModeled } from "../../messages/ContentBlock.ts"
import { optionsFor, optionsOf } from "../../messages/ProviderOptions.ts"
import * as ThoughtPieces from "./ThoughtPieces.ts"

export interface Origin {
  readonly producer_model?: string
}

/** Where vendors put the words; a block remembers where. */
export const wordFields = ["reasoning_content", "reasoning"] as const

export const blocksField = "thinking_blocks"

const decode = Schema.decodeUnknownResult(ContentBlock)

const thoughts: ReadonlySet<string> = new Set(["thinking", "redacted_thinking", "reasoning"])

export const isThought = (
  block: ContentBlock
): block is Extract<ContentBlock, { type: "thinking" | "redacted_thinking" | "reasoning" }> => thoughts.has(block.type)

/**
 * A thought, and where it stood, for a message has thoughts, text and calls apart: 0 before the text, 1 behind it, and one
 * more for each tool call before it.
 */
export interface Placed {
  readonly block: ContentBlock
  readonly position: number
}

const positionField = "position"

/** Of an object under `thinking_blocks`; undefined for what is no thought. An empty signature signs nothing. */
const thoughtOf = (value: unknown, origin: Origin, memory: Schema.JsonObject): ReadonlyArray<Placed> => {
  if (!isFields(value)) return []
  const { [positionField]: position, signature, ...fields } = value
  const block = Result.getOrElse(
    decode({
      ...origin,
      ...(fields["type"] === "thinking" ? { thinking: "" } : {}),
      ...fields,
      ...(signature === "" || signature == null ? {} : { signature })
    }),
    () => undefined
  )
  if (block === undefined || !isThought(block)) return []
  const isRemembered = Object.keys(memory).length === 0 || block.provider_options != null
  return [{
    block: isRemembered ? block : { producer_dialect: "chat", ...block, ...optionsOf("chat", memory) },
    position: Predicate.isNumber(position) ? position : 0
  }]
}

/** `isAnswer`: a vendor says it, who is to get it back in the same field. */
export const ofBlocks = (value: unknown, origin: Origin, isAnswer: boolean): ReadonlyArray<Placed> =>
  Array.isArray(value)
    ? ThoughtPieces.distinct(value).flatMap((each) => thoughtOf(each, origin, isAnswer ? { field: blocksField } : {}))
    : []

export const ofWords = (thinking: string, field: string, origin: Origin): ContentBlock => ({
  type: "thinking",
  thinking,
  ...origin,
  ...optionsOf("chat", { field })
})

/** The whole blocks go before the words, which say no more. */
export const raise = (message: Schema.JsonObject, origin: Origin, isAnswer: boolean): ReadonlyArray<Placed> => {
  const blocks = ofBlocks(message[blocksField], origin, isAnswer)
  if (blocks.length > 0) return blocks
  const name = wordFields.find((name) => Predicate.isString(message[name]) && message[name] !== "")
  return name === undefined ? [] : [{ block: ofWords(asText(message[name]), name, origin), position: 0 }]
}

/** Thoughts, text and calls in the order in which the model made them. */
export const inOrder = (
  thoughts: ReadonlyArray<Placed>,
  texts: ReadonlyArray<ContentBlock>,
  calls: ReadonlyArray<ContentBlock>
): ReadonlyArray<ContentBlock> => {
  const between = (least: number, most: number) =>
    thoughts.filter(({ position }) => position >= least && position < most).map(({ block }) => block)
  return [
    ...between(-Infinity, 1),
    ...texts,
    ...calls.flatMap((call, index) => [...between(index + 1, index + 2), call]),
    ...between(calls.length + 1, Infinity)
  ]
}

/** Where a thought stands behind so much. */
export const positionBehind = (calls: number, hasText: boolean): number => calls > 0 ? calls + 1 : hasText ? 1 : 0

/** Where a thought came in this dialect, the field that it stood in. */
const fieldOf = (block: ContentBlock): string | undefined => {
  const { field } = optionsFor("chat", block)
  return Predicate.isString(field) ? field : undefined
}

/** Whether more than words must come back. */
export const hasState = (block: ContentBlock): boolean => {
  if (!isModeled(block)) return false
  if (block.type === "redacted_thinking" || block.type === "reasoning") return true
  if (block.type !== "thinking") return false
  const { chat, ...others } = block.provider_options ?? {}
  return block.signature != null || block.content != null || Object.keys(others).length > 0 ||
    chat?.["field"] === blocksField
}

/** A thought whole: what only other vendors can read rides along. */
export const whole = ({ block, position }: Placed): Schema.JsonObject => ({
  ...Struct.omit(block as Schema.JsonObject, ["visibility"]),
  ...(position === 0 ? {} : { [positionField]: position })
})

const wordsOf = (block: ContentBlock): string => isModeled(block) && block.type === "thinking" ? block.thinking : ""

/** To a client: the words, and all of them whole where one has more. */
export const answered = (given: ReadonlyArray<Placed>): Schema.JsonObject => {
  const blocks = given.map(({ block }) => block)
  const words = blocks.map(wordsOf).join("")
  const field = blocks.map(fieldOf).find((field) => field !== undefined && field !== blocksField) ?? wordFields[0]
  return {
    ...(words === "" ? {} : { [field]: words }),
    ...(blocks.some(hasState) ? { [blocksField]: given.map(whole) } : {})
  }
}

/**
 * To a vendor goes back what came in this dialect, in the field that it stood in: OpenAI refuses fields that it does not
 * know, and another vendor's signature says nothing here.
 */
export const sent = (given: ReadonlyArray<ContentBlock>): Schema.JsonObject => {
  const fields: Record<string, Schema.Json> = {}
  const blocks = given.filter((block) => fieldOf(block) === blocksField)
  for (const block of given) {
    const field = fieldOf(block)
    if (field !== undefined && field !== blocksField) fields[field] = asText(fields[field] ?? "") + wordsOf(block)
  }
  return { ...fields, ...(blocks.length === 0 ? {} : { [blocksField]: blocks.map(unmarked) }) }
}

export const isSent = (block: ContentBlock): boolean => fieldOf(block) !== undefined

/** As the vendor gave it: what Strata remembers of it is not its own. */
const unmarked = (block: ContentBlock): Schema.JsonObject =>
  Struct.omit(block as Schema.JsonObject, ["provider_options", "producer_model", "producer_dialect", "visibility"])
