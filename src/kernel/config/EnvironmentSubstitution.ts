/** Fills `${env.NAME}`, `${env.NAME:=default}` and `${env.NAME:+value}` into the strings of a parsed YAML tree. */
import type { Schema } from "effect"
import { type ConfigurationIssue, formatPath } from "./ConfigurationInvalid.ts"

export type Lookup = (name: string) => string | undefined
type Path = ReadonlyArray<string | number>

const head = /\$\{env\.([A-Z0-9_]+)(?:\}|:([=+]))/g

/** The provider_id that switches an entry off. */
export const disabled = "__disabled__"

/** What a resource is called, by its kind: an empty one leaves the resource out. */
const resourceIds = ["model_id", "shield_id", "vector_store_id", "benchmark_id", "dataset_id", "toolgroup_id"]

/** Every environment variable that a text names, also inside a default. */
export const namesIn = (text: string): ReadonlyArray<string> => [
  ...new Set(Array.from(text.matchAll(head), (match) => match[1] ?? ""))
]

/** Where the operand that begins at `start` ends: at its balancing brace, or else at the first one; -1 without any. */
const operandEnd = (text: string, start: number): number => {
  let depth = 0
  for (let index = start; index < text.length; index++) {
    if (text[index] === "{") depth++
    else if (text[index] === "}" && depth-- === 0) return index
  }
  return text.indexOf("}", start)
}

/** A leading `~` is the home folder, as in a shell. */
const expandHome = (value: string, lookup: Lookup): string =>
  value === "~" || value.startsWith("~/") ? (lookup("HOME") ?? lookup("USERPROFILE") ?? "~") + value.slice(1) : value

const missing = (name: string): string =>
  `environment variable ${name} is not set or empty: set it, or write \${env.${name}:=default} to go without`

/** Expands one text. Only what the file says is expanded, never what the environment says. */
const expand = (text: string, lookup: Lookup, report: (message: string) => void): string => {
  let result = ""
  let from = 0
  for (const match of text.matchAll(head)) {
    const [opening, name = "", operator] = match
    if (match.index < from) continue
    const start = match.index + opening.length
    const end = operator === undefined ? start - 1 : operandEnd(text, start)
    if (end === -1) break
    const value = lookup(name) ?? ""
    const takesOperand = operator === "+" ? value !== "" : operator === "=" && value === ""
    const instead = operator === "+" ? "" : value
    if (operator === undefined && value === "") report(missing(name))
    const chosen = takesOperand ? expand(text.slice(start, end), lookup, report) : instead
    result += text.slice(from, match.index) + expandHome(chosen, lookup)
    from = end + 1
  }
  return result + text.slice(from)
}

const isObject = (tree: Schema.Json): tree is Schema.JsonObject =>
  typeof tree === "object" && tree !== null && !Array.isArray(tree)
const isArray = (tree: Schema.Json): tree is Schema.JsonArray => Array.isArray(tree)

/**
 * The whole tree at once: a text with an issue stays as it was. Of an entry that is switched off the config is left alone,
 * of a resource that is left out everything but its id.
 */
export const substitute = (
  tree: Schema.Json,
  lookup: Lookup
): { readonly tree: Schema.Json; readonly issues: ReadonlyArray<ConfigurationIssue> } => {
  const issues: Array<ConfigurationIssue> = []
  const inText = (text: string, path: Path, found: Array<ConfigurationIssue>): string => {
    const before = found.length
    const expanded = expand(text, lookup, (message) => found.push({ path: formatPath(path), message }))
    return found.length === before ? expanded : text
  }
  const isOff = (entry: Schema.JsonObject): boolean => {
    const id = entry["provider_id"]
    if (id === null) return true
    return typeof id === "string" && ["", disabled].includes(inText(id, [], []))
  }
  const idOfLeftOut = (entry: Schema.JsonObject): string | undefined => {
    const key = resourceIds.find((each) => each in entry)
    const id = key === undefined ? undefined : entry[key]
    return id === null || (typeof id === "string" && inText(id, [], []) === "") ? key : undefined
  }
  const walk = (node: Schema.Json, path: Path): Schema.Json => {
    if (typeof node === "string") return inText(node, path, issues)
    if (isArray(node)) return node.map((item, index) => walk(item, [...path, index]))
    if (!isObject(node)) return node
    const isEntry = typeof path.at(-1) === "number"
    const off = isEntry && isOff(node)
    const leftOut = isEntry ? idOfLeftOut(node) : undefined
    const isLeft = (key: string) => (off && key === "config") || (leftOut !== undefined && key !== leftOut)
    return Object.fromEntries(
      Object.entries(node).map(([key, value]) => [key, isLeft(key) ? value : walk(value, [...path, key])])
    )
  }
  return { tree: walk(tree, []), issues }
}
