/** The text of a prompt with its `{{name}}`: which variables it has, and what it is with their values. */
import { Effect, Schema } from "effect"
import { openStruct } from "../../events/types/OpenSchema.ts"
import { DocumentInvalid } from "../../kernel/documents/DocumentErrors.ts"

const placeholder = /\{\{\s*(\w+)\s*\}\}/g

/** In the order they first appear. */
export const variablesOf = (
  text: string
): ReadonlyArray<string> => [...new Set([...text.matchAll(placeholder)].map(([, name]) => name!))]

/** Of what may be many, the first. */
const mostListed = 20

const listed = (names: ReadonlyArray<string>) =>
  names.slice(0, mostListed).map((name) => JSON.stringify(name.slice(0, longestName))).join(", ") +
  (names.length > mostListed ? ` and ${names.length - mostListed} more` : "")

/** As many as anybody fills in, and as long as a name that is declared. */
const mostVariables = 1000
const longestName = 64

const outOfBounds = (names: ReadonlyArray<string>, field: string): DocumentInvalid | undefined => {
  if (names.length > mostVariables) {
    const message = `The prompt has ${names.length} variables, at most ${mostVariables} are taken.`
    return new DocumentInvalid({ type: "prompt", field, message })
  }
  const long = names.find((name) => name.length > longestName)
  return long === undefined ? undefined : new DocumentInvalid({
    type: "prompt",
    field,
    message: `The name of the variable ${listed([long])} is longer than ${longestName} characters.`
  })
}

/** The variables of a text; where some are declared, those: the text has no others. */
export const declared = (text: string, given: ReadonlyArray<string> | null | undefined) => {
  const used = variablesOf(text)
  const problem = outOfBounds(used, "prompt") ?? outOfBounds(given ?? [], "variables")
  if (problem !== undefined) return Effect.fail(problem)
  if (given == null) return Effect.succeed(used)
  const names = new Set(given)
  const others = used.filter((name) => !names.has(name))
  return others.length === 0
    ? Effect.succeed([...names])
    : Effect.fail(
      new DocumentInvalid({
        type: "prompt",
        field: "variables",
        message: `The text has variables that are not declared: ${listed(others)}. Add them to variables, or leave ` +
          "variables out: then it has those of its text."
      })
    )
}

export const VariableValue = Schema.Union([Schema.String, openStruct({ type: Schema.String })])
export type VariableValue = typeof VariableValue.Type

type Part = Schema.JsonObject

const asPart = (value: VariableValue): Part =>
  typeof value === "string" ? { type: "input_text", text: value } : value as Part

const textOf = (part: Part): string | undefined =>
  part["type"] === "input_text" && typeof part["text"] === "string" ? part["text"] : undefined

const field = (name: string) => `prompt.variables.${name.slice(0, longestName)}`

const refuse = (name: string, message: string) => new DocumentInvalid({ type: "prompt", field: field(name), message })

const kinds = ["input_text", "input_image", "input_file"]

/** What is wrong with the values; undefined: nothing. */
const problem = (
  variables: ReadonlyArray<string>,
  values: Readonly<Record<string, VariableValue>>
): DocumentInvalid | undefined => {
  const names = Object.keys(values)
  const its = new Set(variables)
  const unknown = names.find((name) => !its.has(name))
  if (unknown !== undefined) {
    const has = variables.length === 0 ? "It has none" : `It has ${listed(variables)}`
    return refuse(unknown, `The prompt has no variable ${listed([unknown])}. ${has}.`)
  }
  const missing = variables.find((name) => !Object.hasOwn(values, name))
  if (missing !== undefined) {
    return refuse(
      missing,
      `The prompt needs a value for its variable ${JSON.stringify(missing)}: send it in variables.`
    )
  }
  const wrong = names.find((name) => !kinds.includes(String(asPart(values[name]!)["type"])))
  return wrong === undefined
    ? undefined
    : refuse(wrong, `The value of ${JSON.stringify(wrong)} is a text, or a part of type ${kinds.join(", ")}.`)
}

/** Texts that follow each other are one. */
const joined = (parts: ReadonlyArray<Part>): ReadonlyArray<Part> => {
  const result: Array<Part> = []
  for (const part of parts) {
    const [text, before] = [textOf(part), result.at(-1)]
    const textBefore = before === undefined ? undefined : textOf(before)
    if (text === "") continue
    if (text !== undefined && textBefore !== undefined) {
      result[result.length - 1] = { type: "input_text", text: textBefore + text }
    } else result.push(part)
  }
  return result
}

/** Characters that a prompt may have with its values, as many as an input of OpenAI's: a long value may stand in it often. */
const mostCharacters = 10_485_760

const lengthOf = (value: VariableValue): number =>
  typeof value === "string" ? value.length : JSON.stringify(value).length

/** The parts of the text with its values, once over: what stands in a value is no variable. */
export const partsOf = (
  { prompt, variables }: { readonly prompt: string; readonly variables: ReadonlyArray<string> },
  values: Readonly<Record<string, VariableValue>>
): Effect.Effect<ReadonlyArray<Part>, DocumentInvalid> => {
  const issue = problem(variables, values)
  if (issue !== undefined) return Effect.fail(issue)
  const lengths = new Map(Object.entries(values).map(([name, value]) => [name, lengthOf(value)]))
  const parts: Array<Part> = []
  let [end, length] = [0, prompt.length]
  for (const match of prompt.matchAll(placeholder)) {
    const name = match[1]!
    length += lengths.get(name)!
    if (length > mostCharacters) {
      const message = `With its values the prompt has more than ${mostCharacters} characters. Send a shorter value.`
      return Effect.fail(refuse(name, message))
    }
    parts.push(asPart(prompt.slice(end, match.index)), asPart(values[name]!))
    end = match.index + match[0].length
  }
  return Effect.succeed(joined([...parts, asPart(prompt.slice(end))]))
}

/** The text of parts that are nothing else; undefined where one is an image or a file. */
export const plainText = (parts: ReadonlyArray<Part>): string | undefined => {
  const texts = parts.map(textOf)
  return texts.every((text) => text !== undefined) ? texts.join("") : undefined
}
