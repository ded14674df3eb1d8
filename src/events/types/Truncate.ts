/** Cuts a JSON value down to a total size in bytes: it stays valid JSON and says what was cut. */
import type { Schema } from "effect"

/** Longest string left whole, in characters. */
const longestString = 180

/** Deepest nesting that is shown. */
const deepest = 32

/** Bytes of JSON text that may still be spent. */
interface Budget {
  left: number
}

/** True when the text's UTF-8 is within the bound; bytes are counted only where the characters leave it open. */
export const fits = (text: string, bound: number): boolean =>
  text.length * 3 <= bound || (text.length <= bound && Buffer.byteLength(text) <= bound)

/** The beginning of a text, not ending within a character. */
const beginning = (text: string, length: number): string => {
  const last = text.charCodeAt(length - 1)
  return text.slice(0, length > 0 && last >= 0xd800 && last <= 0xdbff ? length - 1 : length)
}

const cutString = (text: string, budget: Budget): string => {
  const length = Math.max(0, Math.min(longestString, budget.left))
  const start = text.length <= length ? text : beginning(text, length)
  const kept = start === text ? text : `${start}... (truncated ${text.length - start.length} characters)`
  budget.left -= Buffer.byteLength(JSON.stringify(kept))
  return kept
}

const cutArray = (items: ReadonlyArray<Schema.Json>, budget: Budget, depth: number): Schema.Json => {
  const kept: Array<Schema.Json> = []
  budget.left -= 2
  for (const item of items) {
    if (budget.left <= 0 || depth > deepest) break
    budget.left -= 1
    kept.push(cut(item, budget, depth))
  }
  return kept.length === items.length ? kept : [...kept, `... (truncated ${items.length - kept.length} items)`]
}

const cutObject = (object: Schema.JsonObject, budget: Budget, depth: number): Schema.Json => {
  const kept: Array<[name: string, value: Schema.Json]> = []
  const entries = Object.entries(object)
  budget.left -= 2
  for (const [name, value] of entries) {
    if (budget.left <= 0 || depth > deepest) break
    budget.left -= 2
    kept.push([cutString(name, budget), cut(value, budget, depth)])
  }
  if (kept.length < entries.length) kept.push(["...", `(truncated ${entries.length - kept.length} fields)`])
  return Object.fromEntries(kept)
}

const isObject = (value: Schema.Json): value is Schema.JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const cut = (value: Schema.Json, budget: Budget, depth = 0): Schema.Json => {
  if (typeof value === "string") return cutString(value, budget)
  if (Array.isArray(value)) return cutArray(value, budget, depth + 1)
  if (isObject(value)) return cutObject(value, budget, depth + 1)
  budget.left -= String(value).length
  return value
}

/** Spends less until what it makes is within the bound, the marks of what was cut included. */
const fit = (bound: number, make: (left: number) => string): string => {
  let left = bound
  while (true) {
    const text = make(left)
    if (left <= 0 || fits(text, bound)) return text
    left -= Math.max(Buffer.byteLength(text) - bound, left >> 3, 1)
  }
}

/** JSON may be laid out over lines; an event never is, so that it fits into a line of a file or of a stream. */
export const isOneLine = (text: string): boolean => !text.includes("\n") && !text.includes("\r")

/** What a number too large for any is written like. */
const huge = /\d[eE]\+?\d{3}|\d{309}/

/** True for JSON text with a number that no value can hold (`1e999`): what reads it gets no JSON value. */
export const isBeyondNumbers = (text: string, value: Schema.Json): boolean => {
  if (!huge.test(text)) return false
  const rest: Array<Schema.Json> = [value]
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (typeof next === "number" && !Number.isFinite(next)) return true
    if (typeof next === "object" && next !== null) { for (const inner of Object.values(next)) rest.push(inner) }
  }
  return false
}

/** JSON text of at most `bound` bytes; text within the bound comes back as it is, on one line. */
export const truncateJson = (text: string, value: Schema.Json, bound: number): string => {
  if (fits(text, bound)) {
    const line = isOneLine(text) && !isBeyondNumbers(text, value) ? text : JSON.stringify(value)
    // A number may be longer than it was written: 1e20.
    if (line === text || fits(line, bound)) return line
  }
  return fit(bound, (left) => JSON.stringify(cut(value, { left })))
}

/** Text as a JSON string of at most `bound` bytes. */
export const truncateText = (text: string, bound: number): string =>
  fit(bound, (left) => JSON.stringify(cutString(text, { left })))

/** The texts that fit into `bound` bytes, and how many were left out, as a JSON array. */
export const truncateList = (texts: ReadonlyArray<string>, bound: number): string =>
  fit(bound, (bound) => {
    let left = bound - 2
    const kept = texts.findIndex((text) => (left -= Buffer.byteLength(JSON.stringify(text)) + 1) < 0)
    return JSON.stringify(
      kept === -1 ? texts : [...texts.slice(0, kept), `... (truncated ${texts.length - kept} items)`]
    )
  })

const mark = /\(truncated \d+ (?:characters|items|fields)\)/

/** True for what was cut; how much of it is shown depends on the bound in force. */
export const isTruncated = (text: string): boolean => mark.test(text)
