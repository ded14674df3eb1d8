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
export const operandEnd = (text: string, start: number): number => {
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

/** A text with an issue stays as it was. */
const expandText = (text: string, path: Path, lookup: Lookup, issues: Array<ConfigurationIssue>): string => {
  const before = issues.length
  const expanded = expand(text, lookup, (message) => issues.push({ path: formatPath(path), message }))
  return issues.length === before ? expanded : text
}

/** The key that switches an entry off. */
const switchOf = (entry: Schema.JsonObject, lookup: Lookup): string | undefined => {
  const idKey = resourceIds.find((each) => each in entry)
  return [...idKey === undefined ? [] : [idKey], "provider_id"].find((key) => {
    const id = entry[key]
    if (typeof id !== "string") return id === null
    const value = expandText(id, [], lookup, [])
    return value === "" || (key === "provider_id" && value === disabled)
  })
}

/** What nobody needs to know of an entry that is switched off. */
const unread: ReadonlySet<string> = new Set(["config", "module", "metadata"])
/** What has only few values: of an entry that is switched off a variable is not one that is wrong. */
const chosen: ReadonlySet<string> = new Set(["required", "model_type"])

const namesVariable = (value: Schema.Json): boolean => typeof value === "string" && namesIn(value).length > 0

/** `off`: the text is of an entry that is switched off, and demands nothing. */
type OnText = (text: string, path: Path, off: boolean) => string

/** Another text for each of a tree, but for those that are not read of entries that are switched off. */
export const mapTexts = (tree: Schema.Json, lookup: Lookup, onText: OnText): Schema.Json => {
  const walk = (node: Schema.Json, path: Path, off: boolean): Schema.Json => {
    if (typeof node === "string") return onText(node, path, off)
    if (isArray(node)) return node.map((item, index) => walk(item, [...path, index], off))
    if (!isObject(node)) return node
    const switchedBy = typeof path.at(-1) === "number" ? switchOf(node, lookup) : undefined
    const entries = Object.entries(node)
    if (switchedBy === undefined) {
      return Object.fromEntries(entries.map(([key, value]) => [key, walk(value, [...path, key], off)]))
    }
    const kept = entries.filter(([key, value]) => !chosen.has(key) || !namesVariable(value))
    return Object.fromEntries(
      kept.map(([key, value]) => [key, unread.has(key) ? value : walk(value, [...path, key], key !== switchedBy)])
    )
  }
  return walk(tree, [], false)
}

/** The whole tree at once: a text with an issue stays as it was. */
export const substitute = (
  tree: Schema.Json,
  lookup: Lookup
): { readonly tree: Schema.Json; readonly issues: ReadonlyArray<ConfigurationIssue> } => {
  const issues: Array<ConfigurationIssue> = []
  const filled = mapTexts(tree, lookup, (text, path, off) => expandText(text, path, lookup, off ? [] : issues))
  return { tree: filled, issues }
}
