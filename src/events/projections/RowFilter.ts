/** A condition on rows, as data: a store turns it into its own query, memory tests it row by row. */
import type { IndexValue } from "./Projection.ts"

/**
 * `column` is the row's `key` or a value of its projection's index. `Includes` looks into a column whose text is JSON,
 * an object of lists: `{"teams":["red"]}` includes `red` under `teams`. `Matches` tests `before` and the value as one.
 */
export type RowFilter =
  | { readonly _tag: "All" }
  | { readonly _tag: "None" }
  | { readonly _tag: "Equals"; readonly column: string; readonly value: IndexValue }
  | { readonly _tag: "StartsWith"; readonly column: string; readonly prefix: string }
  | { readonly _tag: "Matches"; readonly column: string; readonly pattern: RegExp; readonly before: string }
  | { readonly _tag: "Includes"; readonly column: string; readonly name: string; readonly value: string }
  | { readonly _tag: "Not"; readonly filter: RowFilter }
  | { readonly _tag: "And"; readonly filters: ReadonlyArray<RowFilter> }
  | { readonly _tag: "Or"; readonly filters: ReadonlyArray<RowFilter> }

export const all: RowFilter = { _tag: "All" }
export const none: RowFilter = { _tag: "None" }
export const constant = (value: boolean): RowFilter => value ? all : none

export const not = (filter: RowFilter): RowFilter => {
  switch (filter._tag) {
    case "All":
      return none
    case "None":
      return all
    case "Not":
      return filter.filter
    default:
      return { _tag: "Not", filter }
  }
}

/** What is always true or false falls out, so that a query asks only what depends on the row. */
export const and = (...filters: ReadonlyArray<RowFilter>): RowFilter => {
  const asked = filters.filter(({ _tag }) => _tag !== "All")
  if (asked.some(({ _tag }) => _tag === "None")) return none
  return asked.length === 0 ? all : asked.length === 1 ? asked[0]! : { _tag: "And", filters: asked }
}

export const or = (...filters: ReadonlyArray<RowFilter>): RowFilter => {
  const asked = filters.filter(({ _tag }) => _tag !== "None")
  if (asked.some(({ _tag }) => _tag === "All")) return all
  return asked.length === 0 ? none : asked.length === 1 ? asked[0]! : { _tag: "Or", filters: asked }
}

const includes = (text: IndexValue, name: string, value: string): boolean => {
  if (typeof text !== "string") return false
  const lists: unknown = JSON.parse(text)
  if (typeof lists !== "object" || lists === null || !Object.hasOwn(lists, name)) return false
  const list: unknown = Reflect.get(lists, name)
  return Array.isArray(list) && list.includes(value)
}

/** True for a row whose columns have these values. */
export const test = (filter: RowFilter, valueOf: (column: string) => IndexValue): boolean => {
  switch (filter._tag) {
    case "All":
      return true
    case "None":
      return false
    case "Equals":
      return valueOf(filter.column) === filter.value
    case "StartsWith":
      return String(valueOf(filter.column)).startsWith(filter.prefix)
    case "Matches":
      return filter.pattern.test(filter.before + String(valueOf(filter.column)))
    case "Includes":
      return includes(valueOf(filter.column), filter.name, filter.value)
    case "Not":
      return !test(filter.filter, valueOf)
    case "And":
      return filter.filters.every((each) => test(each, valueOf))
    case "Or":
      return filter.filters.some((each) => test(each, valueOf))
  }
}
