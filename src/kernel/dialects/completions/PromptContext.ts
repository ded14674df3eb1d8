/** More context for a text completion: it stands before the text, for the model goes on with its end. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import type { AddedContext } from "../Dialect.ts"

/** Of a prompt in tokens, which no text can be put before, nothing changes. */
export const addContext = (request: Schema.JsonObject, { text }: AddedContext): Schema.JsonObject => {
  const before = (prompt: string) => `${text}\n\n${prompt}`
  const { prompt } = request
  if (Predicate.isString(prompt)) return { ...request, prompt: before(prompt) }
  return Array.isArray(prompt) && prompt.length > 0 && prompt.every(Predicate.isString)
    ? { ...request, prompt: prompt.map(before) }
    : request
}
