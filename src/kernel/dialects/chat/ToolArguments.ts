/**
 * A tool's arguments, which OpenAI's dialects give as JSON text that a model wrote.
 *
 * A text that its value would not give again is kept and goes back as it came. That covers a fault of V8 13.6 (Node 24),
 * whose `JSON.parse` now and then reads a key of escapes alone (`"\t"`) as their first characters: the text is right then.
 */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { isFields, parse } from "../../../events/types/JsonAccess.ts"
import type { ToolCallBlock } from "../../messages/ContentBlock.ts"

interface Arguments {
  readonly input: Schema.JsonObject
  /** As the model wrote it, where that is no object, or spaced in another way: it goes back as it came. */
  readonly arguments?: Schema.Json
}

export const raise = (text: unknown): Arguments => {
  const value = Predicate.isString(text) ? parse(text === "" ? "{}" : text) : text
  const isObject = isFields(value)
  return {
    input: isObject ? value : {},
    ...(isObject && JSON.stringify(value) === text ? {} : { arguments: text as Schema.Json | undefined ?? null })
  }
}

export const lower = ({ arguments: written, input }: ToolCallBlock): string =>
  Predicate.isString(written) ? written : JSON.stringify(written ?? input)
