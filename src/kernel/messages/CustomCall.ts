/** A call of a tool that takes text: in the canonical model its text is the argument `input`. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import type { ToolCallBlock } from "./ContentBlock.ts"

/** What a model that knows functions alone is told of such a tool's arguments. */
export const parameters: Schema.JsonObject = {
  type: "object",
  properties: { input: { type: "string", description: "The text that the tool is called with." } },
  required: ["input"],
  additionalProperties: false
}

export const inputOf = (text: string): Schema.JsonObject => ({ input: text })

/** What it is called with; of a model that has kept to no form, all that it wrote. */
export const textOf = ({ arguments: written, input }: ToolCallBlock): string => {
  const { input: text } = input
  return Predicate.isString(text) ? text : Predicate.isString(written) ? written : JSON.stringify(input)
}
