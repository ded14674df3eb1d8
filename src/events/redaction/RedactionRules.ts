/** Rules of the operator: names whose values are masked, and patterns that are masked in texts. */
import { Context } from "effect"
import type { Range } from "./Mask.ts"
import { isMask, labelled, mask } from "./Mask.ts"
import { isSecretHeader } from "./RedactionNames.ts"

/** Either a name or a pattern. */
export interface Rule {
  /** Of a header, a parameter or a JSON key; its case does not matter. */
  readonly name?: string
  /** A regular expression, matched within each string. */
  readonly pattern?: string
  readonly flags?: string
  /** Shown in the mask: `[REDACTED:label]`. */
  readonly replacement?: string
}

export interface Problem {
  readonly key: keyof Rule
  readonly message: string
}

export const longestPattern = 500

/** Names a client makes up must not fill the memory. */
const mostHeaders = 500

/** A group that repeats without an end, and within it something that does: `(a+)+` takes for ever. */
const repeatsTwice = (pattern: string): boolean => {
  const source = pattern.replaceAll(/\\[\s\S]/g, "x").replaceAll(/\[[^\]]*\]/g, "x")
  const unlimited = /^(?:[*+]|\{\d+,\})/
  const groups: Array<boolean> = [false]
  for (let index = 0; index < source.length; index++) {
    const rest = source.slice(index + 1)
    if (source[index] === "(") groups.push(false)
    else if (source[index] === ")") {
      const inner = groups.pop() ?? false
      if (inner && unlimited.test(rest)) return true
      groups[groups.length - 1] = (groups.at(-1) ?? false) || inner || unlimited.test(rest)
    } else if (unlimited.test(rest)) groups[groups.length - 1] = true
  }
  return false
}

const compile = ({ flags = "", pattern = "" }: Rule): RegExp => new RegExp(pattern, [...new Set(`${flags}g`)].join(""))

const patternProblem = (rule: Rule): Problem | undefined => {
  const { flags = "", pattern = "" } = rule
  if (!/^[imsuv]*$/.test(flags)) {
    return { key: "flags", message: `unknown flags ${JSON.stringify(flags)}: use some of i, m, s, u and v` }
  }
  if (pattern.length > longestPattern) {
    return { key: "pattern", message: `longer than ${longestPattern} characters: split it into several rules` }
  }
  if (repeatsTwice(pattern)) {
    return {
      key: "pattern",
      message: "a repetition within a repetition, like (a+)+, can take for ever: give one of them a limit, like {1,20}"
    }
  }
  try {
    if (compile(rule).test("")) {
      return { key: "pattern", message: "it matches the empty text, so it would match everywhere: use + in place of *" }
    }
  } catch (error) {
    return {
      key: "pattern",
      message: `not a regular expression: ${error instanceof Error ? error.message : "unknown"}`
    }
  }
  return undefined
}

/** What is wrong with a rule, and what to do about it. */
export const problem = (rule: Rule): Problem | undefined => {
  const { flags, name, pattern } = rule
  if (name !== undefined && pattern !== undefined) {
    return { key: "pattern", message: "a rule has a name or a pattern: make two rules of it" }
  }
  if (name === undefined && pattern === undefined) {
    return { key: "name", message: "missing: give the name of a header or JSON key, or a pattern" }
  }
  if (name !== undefined && flags !== undefined) {
    return { key: "flags", message: "flags belong to a pattern: remove them, the case of a name does not matter" }
  }
  return pattern === undefined ? undefined : patternProblem(rule)
}

export class Rules {
  readonly #names: ReadonlyMap<string, string>
  readonly #patterns: ReadonlyArray<{ readonly regex: RegExp; readonly mask: string }>

  readonly isEmpty: boolean
  /** Masks of the headers met so far, null for those that are none: their names are few, and come with every request. */
  readonly #ofHeaders = new Map<string, string | null>()

  /** The rules have no problem. */
  constructor(rules: ReadonlyArray<Rule>) {
    this.#names = new Map(
      rules.flatMap(({ name, replacement }) =>
        name === undefined ? [] : [[name.toLowerCase(), labelled(replacement)] as const]
      )
    )
    this.#patterns = rules.flatMap((rule) =>
      rule.pattern === undefined ? [] : [{ regex: compile(rule), mask: labelled(rule.replacement) }]
    )
    this.isEmpty = this.#names.size === 0 && this.#patterns.length === 0
  }

  /** The mask of a name's value; undefined where no rule names it. */
  maskOf(name: string): string | undefined {
    return this.#names.size === 0 ? undefined : this.#names.get(name.toLowerCase())
  }

  /** Headers with the values of secret ones masked. */
  headers(headers: Readonly<Record<string, string>>): Record<string, string> {
    const masked: Record<string, string> = {}
    for (const name in headers) {
      const value = headers[name]!
      let mask = this.#ofHeaders.get(name)
      if (mask === undefined) mask = this.#remember(name)
      masked[name] = mask === null || isMask(value) ? value : mask
    }
    return masked
  }

  #remember(name: string): string | null {
    const ofName = this.maskOf(name) ?? (isSecretHeader(name) ? mask : null)
    if (this.#ofHeaders.size >= mostHeaders) this.#ofHeaders.clear()
    this.#ofHeaders.set(name, ofName)
    return ofName
  }

  /** Adds where the patterns match in a text. */
  find(text: string, ranges: Array<Range>): void {
    for (const { mask, regex } of this.#patterns) {
      for (const { 0: match, index } of text.matchAll(regex)) {
        if (match !== "" && !isMask(match)) ranges.push({ start: index, end: index + match.length, mask })
      }
    }
  }
}

/** The configured rules, applied to every event before it is stored. */
export const ConfiguredRules = Context.Reference<Rules>("strata/events/redaction/RedactionRules/ConfiguredRules", {
  defaultValue: () => new Rules([])
})
