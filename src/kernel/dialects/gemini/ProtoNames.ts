/** Google reads its fields by two names, `toolConfig` and `tool_config`: here each has the first. */
import type { Schema } from "effect"
import { isFields } from "../../../events/types/JsonAccess.ts"

export type Fields = Schema.JsonObject

/** Fields that are read here, where their name has more than one word. */
const names: ReadonlySet<string> = new Set(
  ("allowedFunctionNames cachedContent candidateCount codeExecutionResult executableCode fileData fileUri " +
    "finishReason frequencyPenalty functionCall functionCallingConfig functionDeclarations functionResponse " +
    "generationConfig includeThoughts inlineData maxOutputTokens mimeType parametersJsonSchema presencePenalty " +
    "responseJsonSchema responseMimeType responseSchema safetySettings stopSequences systemInstruction " +
    "thinkingBudget thinkingConfig thinkingLevel thoughtSignature toolConfig topK topP").split(" ")
)

const renamed = (name: string): string => {
  if (!name.includes("_")) return name
  const camel = name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
  return names.has(camel) ? camel : name
}

/** The same object, where nothing of it has another name; a name that stands there already stays. */
export const named = (fields: Fields): Fields => {
  const keys = Object.keys(fields)
  if (!keys.some((key) => renamed(key) !== key)) return fields
  return Object.fromEntries(
    keys.map((key) => [Object.hasOwn(fields, renamed(key)) ? key : renamed(key), fields[key]!])
  )
}

/** An object by its names; none for anything else. */
export const fieldsOf = (value: unknown): Fields => isFields(value) ? named(value) : {}

export const isEmpty = (fields: object): boolean => Object.keys(fields).length === 0

/** The field, where it holds anything. */
export const whereAny = (name: string, fields: Fields): Fields => isEmpty(fields) ? {} : { [name]: fields }
