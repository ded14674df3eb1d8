/**
 * About how many tokens a request has, for models whose provider does not count: a rule, and no tokenizer. Of English text
 * and JSON a token is about four characters, of other alphabets about two, and of Chinese, Japanese and Korean about one.
 */
import { Predicate } from "effect"
import type { Schema } from "effect"
import type { ChatRequest } from "./ChatRequest.ts"
import type { ContentBlock } from "./ContentBlock.ts"
import { isModeled } from "./ContentBlock.ts"
import type { Message } from "./Message.ts"
import { blocksOf } from "./Message.ts"

/** Of what each message has around its words: its role, its beginning and its end. */
const perMessage = 4

/** Of a tool's definition, besides its words. */
const perTool = 8

/** Of an image whose size is not looked at: as many as the largest that vendors do not make smaller. */
const perImage = 1600

/** The first letter of the scripts whose every letter is about a token. */
const firstWide = 0x2e80

/** Quarters of a token. */
const weightOf = (code: number): number => code < 0x80 ? 1 : code < firstWide ? 2 : 4

export const ofText = (text: string): number => {
  let quarters = 0
  for (const letter of text) quarters += weightOf(letter.codePointAt(0)!)
  return Math.ceil(quarters / 4)
}

const ofJson = (value: unknown): number => ofText(JSON.stringify(value) ?? "")

const isImage = (value: unknown): boolean => Predicate.hasProperty(value, "type") && value.type === "image"

const ofOutput = (output: Schema.Json): number => {
  if (Predicate.isString(output)) return ofText(output)
  if (!Array.isArray(output)) return ofJson(output)
  return output.reduce<number>((sum, each) => sum + (isImage(each) ? perImage : ofJson(each)), 0)
}

const ofBlock = (block: ContentBlock): number => {
  if (!isModeled(block)) return ofJson(block)
  switch (block.type) {
    case "text":
      return ofText(block.text)
    case "image":
      return perImage
    case "thinking":
      return ofText(block.thinking)
    case "tool_call":
      return ofText(block.name) + ofJson(block.input)
    case "tool_result":
      return ofOutput(block.output)
    default:
      // What only its vendor can read, it counts in a way of its own.
      return 0
  }
}

const ofMessage = (message: Message): number =>
  blocksOf(message).reduce((sum, block) => sum + ofBlock(block), perMessage)

export const of = ({ messages, response_format, tools }: ChatRequest): number => {
  const ofMessages = messages.reduce((sum, message) => sum + ofMessage(message), 0)
  const ofTools = (tools ?? []).reduce(
    (sum, { description, name, parameters }) =>
      sum + perTool + ofText(name) + ofText(description ?? "") + ofJson(parameters),
    0
  )
  return ofMessages + ofTools + (response_format?.type === "json_schema" ? ofJson(response_format.json_schema) : 0)
}
