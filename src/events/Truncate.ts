/** Cuts a JSON value down to a total size: it stays valid JSON and says what was cut. */
import type { Schema } from "effect"

/** Longest string left whole, in characters. */
const longestString = 180

interface Budget {
  left: number
}

const cutString = (text: string, budget: Budget): string => {
  const length = Math.max(0, Math.min(longestString, budget.left))
  budget.left -= Math.min(text.length, length) + 2
  return text.length <= length ? text : `${text.slice(0, length)}... (truncated ${text.length - length} characters)`
}

const cutArray = (items: ReadonlyArray<Schema.Json>, budget: Budget): Schema.Json => {
  const kept: Array<Schema.Json> = []
  for (const item of items) {
    if (budget.left <= 0) break
    kept.push(cut(item, budget))
  }
  return kept.length === items.length ? kept : [...kept, `... (truncated ${items.length - kept.length} items)`]
}

const cutObject = (object: { readonly [name: string]: Schema.Json }, budget: Budget): Schema.Json => {
  const kept: Record<string, Schema.Json> = {}
  const names = Object.keys(object)
  let count = 0
  for (const name of names) {
    if (budget.left <= 0) break
    budget.left -= name.length + 4
    kept[name] = cut(object[name]!, budget)
    count++
  }
  if (count < names.length) kept["..."] = `(truncated ${names.length - count} fields)`
  return kept
}

const cut = (value: Schema.Json, budget: Budget): Schema.Json => {
  if (typeof value === "string") return cutString(value, budget)
  if (Array.isArray(value)) return cutArray(value, budget)
  if (typeof value === "object" && value !== null) return cutObject(value as { [name: string]: Schema.Json }, budget)
  budget.left -= 8
  return value
}

/**
 * JSON text of at most about `bound` characters. Text within the bound comes back untouched; text that is not JSON
 * becomes a JSON string.
 */
export const truncate = (text: string, bound: number): string => {
  const parsed = parse(text)
  if (parsed === undefined) return JSON.stringify(cutString(text, { left: bound }))
  return text.length <= bound ? text : JSON.stringify(cut(parsed, { left: bound }))
}

const parse = (text: string): Schema.Json | undefined => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
