/**
 * The key of a request: one for all ways to write the same JSON.
 *
 * The order of keys does not matter, nor does how a number is spelt (0, 0.0, -0, 0e0), however long it is. On the first
 * floor a null is as good as absent, and so is `stream: false`. What is not JSON stands for itself.
 */
import { Predicate } from "effect"
import { hash } from "node:crypto"

/** Where a double may not tell two numbers apart; up to 15 digits it does. */
const long = /[\d.]{16}|\d[eE][+-]?\d{3}/

/** A number of so many digits that a double can't hold it. */
class LongNumber {
  readonly decimal: string
  constructor(decimal: string) {
    this.decimal = decimal
  }
}

type Reviver = (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown

/** The value of JSON text, its long numbers as `toLong` gives them; the text itself where it is none. */
const parse = (text: string, toLong: (source: string) => unknown): unknown => {
  const reviver: Reviver = (_, value, { source = "" }) =>
    typeof value === "number" && long.test(source) ? toLong(source) : value
  try {
    return long.test(text) ? JSON.parse(text, reviver as Parameters<typeof JSON.parse>[1]) : JSON.parse(text)
  } catch {
    return text
  }
}

const number = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i

/** One text for all spellings of a number: its digits without the zeros at both ends, and the power of ten. */
const decimalOf = (source: string): string => {
  const [, sign = "", whole = "", fraction = "", power = "0"] = number.exec(source) ?? []
  const digits = whole + fraction
  let [start, end] = [0, digits.length]
  while (digits[start] === "0") start++
  while (end > start && digits[end - 1] === "0") end--
  if (start === end) return "0"
  return `${sign}${digits.slice(start, end)}e${BigInt(power) + BigInt(digits.length - end - fraction.length)}`
}

const canonical = (value: unknown): string => {
  if (value instanceof LongNumber) return decimalOf(value.decimal)
  if (typeof value === "number") return decimalOf(String(value))
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`
  if (!Predicate.isObject(value)) return JSON.stringify(value)
  return `{${
    Object.entries(value).sort(byName).map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`).join(",")
  }}`
}

const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]) => one < other ? -1 : 1

const isMeaningful = ([name, value]: readonly [string, unknown]): boolean =>
  value !== null && !(name === "stream" && value === false)

/** Without what says nothing. */
const withoutEmpty = (value: unknown): unknown =>
  Predicate.isObject(value) && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).filter(isMeaningful))
    : value

const digest = (text: string): string => hash("sha256", text, "base64url")

const read = (text: string): unknown => withoutEmpty(parse(text, (source) => new LongNumber(source)))

/** How many parts of a body are told apart, from both ends. */
const countedFeatures = 32
const shorten = (text: string): string => digest(text).slice(0, 8)

const featuresOf = (value: unknown): ReadonlyArray<string> => {
  if (!Predicate.isObject(value)) return []
  const all = Object.entries(value).flatMap(([name, each]) =>
    Array.isArray(each)
      ? each.map((item, index) => [`${name}.${index}`, item] as const)
      : [[name, each] as const]
  )
  const chosen = all.length > 2 * countedFeatures
    ? [...all.slice(0, countedFeatures), ...all.slice(-countedFeatures)]
    : all
  return chosen.map(([name, each]) => shorten(`${name}:${canonical(each)}`))
}

export interface Outline {
  readonly key: string
  /** Empty where the body names none. */
  readonly model: string
  /** A mark for each field and each item of a list, to find what is like it. */
  readonly features: ReadonlyArray<string>
}

/** What is nested too deep to be read stands for itself, as what is not JSON does. */
const orElse = <A>(read: () => A, instead: A): A => {
  try {
    return read()
  } catch {
    return instead
  }
}

/** The key of a request's body. */
export const of = (text: string): string => digest(orElse(() => canonical(read(text)), text))

/** A body in short. */
export const outline = (text: string): Outline => {
  const value = read(text)
  const model = Predicate.hasProperty(value, "model") && typeof value.model === "string" ? value.model : ""
  return { key: of(text), model, features: orElse(() => featuresOf(value), []) }
}

/** The body's value, to compare and to show: without what says nothing, long numbers as they are spelt. */
export const valueOf = (text: string): unknown => withoutEmpty(parse(text, (source) => source))
