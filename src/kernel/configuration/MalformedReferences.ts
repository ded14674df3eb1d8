/** Finds what was meant to be `${env.NAME}` and is not: taken as it stands, it would become a key or an address. */
import type { Schema } from "effect"
import { type ConfigurationIssue, formatPath } from "../issues/ConfigurationInvalid.ts"
import { type Lookup, mapTexts, operandEnd } from "../issues/EnvironmentSubstitution.ts"

const meant = /\$\{\s*env/giu
const wellFormed = /\$\{env\.[A-Z0-9_]+(?:(\})|:[=+])/uy
const parts = /\$\{\s*env\s*[.:]?\s*(\w*)\s*(:?[-=+?]|:)?/iuy

const atIndex = (pattern: RegExp, text: string, index: number): RegExpExecArray | null => {
  pattern.lastIndex = index
  return pattern.exec(text)
}

/** Shows the file's text only up to the operator: behind it there may be a secret. */
const remedy = (text: string, index: number): string => {
  const [opening = "", name = "", operator = ""] = atIndex(parts, text, index) ?? []
  const variable = name === "" ? "NAME" : name.toUpperCase()
  const operand = operator === "" ? "" : operator.endsWith("+") ? ":+value" : ":=default"
  const closed = text.includes("}", index)
  const reference = `${opening}${text[index + opening.length] === "}" ? "}" : "…"}`
  return `${reference} names no environment variable${closed ? "" : ": it has no closing }"}: ` +
    `write \${env.${variable}${operand}}; names are of capital letters, digits and underscores`
}

/** What is wrong with one text, its operands included, be they used or not. */
const inText = (text: string): ReadonlyArray<string> => {
  const remedies: Array<string> = []
  let from = 0
  for (const { index } of text.matchAll(meant)) {
    if (index < from) continue
    const good = atIndex(wellFormed, text, index)
    const start = index + (good?.[0].length ?? 0)
    const end = good?.[1] === undefined ? operandEnd(text, start) : start - 1
    if (good === null || end === -1) {
      remedies.push(remedy(text, index))
      continue
    }
    remedies.push(...inText(text.slice(start, end)))
    from = end + 1
  }
  return remedies
}

/** Of a whole file as it is written; of what is switched off nothing. */
export const malformed = (tree: Schema.Json, lookup: Lookup): ReadonlyArray<ConfigurationIssue> => {
  const issues: Array<ConfigurationIssue> = []
  mapTexts(tree, lookup, (text, path, off) => {
    if (!off) issues.push(...inText(text).map((message) => ({ path: formatPath(path), message })))
    return text
  })
  return issues
}
