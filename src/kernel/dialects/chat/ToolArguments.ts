/** A tool's arguments, which OpenAI's dialects give as JSON text that a model wrote. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { parse } from "../../../events/types/JsonAccess.ts"
import type { ToolCallBlock } from "../../messages/ContentBlock.ts"

interface Arguments {
  readonly input: Schema.JsonObject
  /** As the model wrote it, where that is no object, or spaced in another way: it goes back as it came. */
  readonly arguments?: Schema.Json
}

export const raise = (text: unknown): Arguments => {
  const value = Predicate.isString(text) ? parse(text === "" ? "{}" : text) : text
  const isObject = Predicate.isObject(value) && !Array.isArray(value)
  return {
    input: isObject ? value as Schema.JsonObject : {},
    ...(isObject && JSON.stringify(value) === text ? {} : { arguments: text as Schema.Json | undefined ?? null })
  }
}

export const lower = ({ arguments: written, input }: ToolCallBlock): string =>
  Predicate.isString(written) ? written : JSON.stringify(written ?? input)
