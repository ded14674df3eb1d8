/** What vectors are to be made of, as somebody sent it: one or several texts, or tokens, within bounds. */
import { ByteSize, Predicate, Result } from "effect"
import type { EmbeddingInput } from "./EmbeddingsWire.ts"

/** OpenAI's own. */
export const limits = { inputs: 2048, tokens: 300_000, bytes: ByteSize.mebibytes(16) } as const

const isToken = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

type Tokens = ReadonlyArray<number>

const isTokens = (value: unknown): value is Tokens => Array.isArray(value) && value.every(isToken)

const isTextList = (input: ReadonlyArray<unknown>): input is ReadonlyArray<string> => input.every(Predicate.isString)

const expected =
  "input: expected a text, a list of texts, a list of tokens (whole numbers), or a list of lists of tokens"

const tooMany = (count: number): string =>
  `input: ${count} inputs are more than the ${limits.inputs} of one request: send several requests`

const tooManyTokens = (count: number): string =>
  `input: ${count} tokens are more than the ${limits.tokens} of one request: send several requests`

const tooLong = `input: longer than the ${ByteSize.format(limits.bytes)} of one request: send several requests`

const bytesOf = (texts: ReadonlyArray<string>): number =>
  texts.reduce((sum, text) => sum + Buffer.byteLength(text, "utf8"), 0)

const withinTexts = (texts: ReadonlyArray<string>): string | undefined => {
  if (texts.length > limits.inputs) return tooMany(texts.length)
  return bytesOf(texts) > ByteSize.toNumberUnsafe(limits.bytes) ? tooLong : undefined
}

const withinTokens = (lists: ReadonlyArray<Tokens>): string | undefined => {
  if (lists.length > limits.inputs) return tooMany(lists.length)
  const empty = lists.findIndex(({ length }) => length === 0)
  if (empty !== -1) return `input.${empty}: an empty list of tokens: leave it out`
  const count = lists.reduce((sum, { length }) => sum + length, 0)
  return count > limits.tokens ? tooManyTokens(count) : undefined
}

const issueIn = (input: unknown): string | undefined => {
  if (Predicate.isString(input)) return withinTexts([input])
  if (!Array.isArray(input)) return expected
  if (input.length === 0) return "input: an empty list: send at least one text"
  const list: ReadonlyArray<unknown> = input
  if (isTextList(list)) return withinTexts(list)
  if (isTokens(list)) return withinTokens([list])
  return list.every(isTokens) ? withinTokens(list) : expected
}

/** Fails with what is wrong, for people. */
export const read = (input: unknown): Result.Result<EmbeddingInput, string> => {
  const issue = issueIn(input)
  return issue === undefined ? Result.succeed(input as EmbeddingInput) : Result.fail(issue)
}

/** One by one. */
export const inputsOf = (input: EmbeddingInput): ReadonlyArray<string | Tokens> => {
  if (Predicate.isString(input)) return [input]
  return isTokens(input) ? [input] : input
}

/** How many vectors are asked for. */
export const countOf = (input: EmbeddingInput): number => inputsOf(input).length

/** Undefined: they are tokens. */
export const textsOf = (input: EmbeddingInput): ReadonlyArray<string> | undefined => {
  const inputs = inputsOf(input)
  return isTextList(inputs) ? inputs : undefined
}
