/** Rewrites the strings of JSON text in place: what is not changed keeps its bytes. */
import { Predicate } from "effect"
import * as JsonAccess from "../types/JsonAccess.ts"

const quote = 34
const backslash = 92
const colon = 58

const isSpace = (code: number): boolean => code === 32 || code === 9 || code === 10 || code === 13
const isNumberStart = (code: number): boolean => code === 45 || (code >= 48 && code <= 57)

const behindSpace = (text: string, from: number): number => {
  while (isSpace(text.charCodeAt(from))) from++
  return from
}

/** Where the string ends whose content begins at `from`; -1 where it does not. */
export const closing = (text: string, from: number): number => {
  for (let at = text.indexOf("\"", from); at !== -1; at = text.indexOf("\"", at + 1)) {
    let slashes = 0
    while (at - slashes > from && text.charCodeAt(at - slashes - 1) === backslash) slashes++
    if (slashes % 2 === 0) return at
  }
  return -1
}

/** The value of a string's content as it is written; what is not JSON stands for itself. */
export const decode = (content: string): string => {
  if (!content.includes("\\")) return content
  const value = JsonAccess.parse(`"${content}"`)
  return Predicate.isString(value) ? value : content
}

/** A string, or a number under a key. */
export interface Token {
  /** Where it stands in the text, its quotes included. */
  readonly start: number
  readonly end: number
  readonly value: string
  /** The key it stands under directly. */
  readonly key: string | undefined
}

const number = /[-+.0-9eE]+/y

/** The strings of a text, keys among them, and the numbers under keys: of JSON exactly, of other text as they seem. */
export function* tokens(text: string): Generator<Token> {
  let key: string | undefined
  let at = text.indexOf("\"")
  while (at !== -1) {
    const end = closing(text, at + 1)
    if (end === -1) return
    const value = decode(text.slice(at + 1, end))
    yield { start: at, end: end + 1, value, key }
    key = undefined
    let next = behindSpace(text, end + 1)
    if (text.charCodeAt(next) === colon) {
      next = behindSpace(text, next + 1)
      if (text.charCodeAt(next) === quote) key = value
      else if (isNumberStart(text.charCodeAt(next))) {
        number.lastIndex = next
        const written = number.exec(text)?.[0] ?? ""
        yield { start: next, end: next + written.length, value: written, key: value }
      }
    }
    at = text.indexOf("\"", next)
  }
}

/** The text with the strings that `change` gives in place of its own; a changed number becomes a string. */
export const rewrite = (text: string, change: (value: string, key: string | undefined) => string): string => {
  let written = ""
  let from = 0
  for (const { end, key, start, value } of tokens(text)) {
    const changed = change(value, key)
    if (changed === value) continue
    written += text.slice(from, start) + JSON.stringify(changed)
    from = end
  }
  return from === 0 ? text : written + text.slice(from)
}

/** Fields of an SSE frame up to the one that holds JSON. */
const eventData = /^(?:[a-z]+:[^\n]*\n){0,4}data: ?[[{]/

/** True for JSON objects and arrays, and for frames of an event stream that hold one. */
export const isStructured = (text: string): boolean =>
  eventData.test(text) || (/^\s*[[{]/.test(text) && JsonAccess.parse(text) !== undefined)
