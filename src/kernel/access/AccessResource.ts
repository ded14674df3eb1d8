/** What access is asked to, and what rules say of it: `type::id`, `type::*`, a prefix, a regular expression. */
import * as RowFilter from "../../events/projections/RowFilter.ts"
import type { Principal } from "../../events/types/Principal.ts"
import { nearestKey } from "../issues/NearestKey.ts"

/** Every type a rule may name; an API that keeps another adds it here. `events` is the whole log: `events::all`. */
export const resourceTypes = [
  "batch",
  "benchmark",
  "chat_completion",
  "connector",
  "consumer_group",
  "conversation",
  "dataset",
  "events",
  "file",
  "file_processing_job",
  "interaction",
  "model",
  "prompt",
  "provider",
  "response",
  "scoring_function",
  "session",
  "shield",
  "skill",
  "tool",
  "tool_group",
  "upload",
  "vector_db",
  "vector_store"
] as const
export type ResourceType = typeof resourceTypes[number]

export interface AccessResource {
  readonly type: ResourceType
  readonly id: string
  /** Null: nobody's, as what the configuration or a vendor brings. */
  readonly owner: Principal | null
}

/** An owner nobody is: for what is not nobody's, and not known whose. Neither `user is owner` nor `is unowned` holds. */
export const unknownOwner: Principal = { id: "", attributes: {} }

export const qualifiedId = ({ id, type }: Pick<AccessResource, "id" | "type">): string => `${type}::${id}`

/** It shows every session: a rule for what is nobody's does not give it away. */
export const wholeLog: AccessResource = { type: "events", id: "all", owner: unknownOwner }

/** A pattern, compiled. `prefix` ends before its `*`. */
export type ResourcePattern =
  | { readonly _tag: "Exact"; readonly text: string }
  | { readonly _tag: "Prefix"; readonly prefix: string }
  | { readonly _tag: "Regex"; readonly pattern: RegExp }

const regexMark = "regex:"

const isRegex = (source: string): boolean => {
  try {
    return new RegExp(source, "u").unicode
  } catch {
    return false
  }
}

/** What is wrong with a regular expression after `regex:`; undefined: nothing. */
export const regexProblem = (text: string): string | undefined =>
  !text.startsWith(regexMark) || isRegex(text.slice(regexMark.length))
    ? undefined
    : `${JSON.stringify(text)} is no valid regular expression behind "regex:", as JavaScript writes them`

/** Texts of paths and of resources are patterns alike; a regular expression must match the whole. */
export const compilePattern = (text: string): ResourcePattern =>
  text.startsWith(regexMark)
    ? { _tag: "Regex", pattern: new RegExp(`^(?:${text.slice(regexMark.length)})$`, "u") }
    : text.endsWith("*")
    ? { _tag: "Prefix", prefix: text.slice(0, -1) }
    : { _tag: "Exact", text }

export const matchesPattern = (pattern: ResourcePattern, text: string): boolean => {
  switch (pattern._tag) {
    case "Exact":
      return text === pattern.text
    case "Prefix":
      return text.startsWith(pattern.prefix)
    case "Regex":
      return pattern.pattern.test(text)
  }
}

/** What is wrong with the resource of a rule; undefined: nothing. A mistyped type would never match. */
export const resourceProblem = (text: string): string | undefined => {
  if (text === "*" || text.startsWith(regexMark)) return regexProblem(text)
  const [type = "", id] = text.split(/::(.*)/s)
  if (!resourceTypes.some((each) => each === type)) {
    const nearest = nearestKey(type, resourceTypes)
    return `there are no resources of type ${JSON.stringify(type)}: ${
      nearest === undefined ? `use one of ${resourceTypes.join(", ")}` : `did you mean ${nearest}?`
    }`
  }
  return id === undefined || id === ""
    ? `${JSON.stringify(text)} names no resource: write ${type}::* for all, or ${type}::id for one`
    : undefined
}

/** The pattern as a condition on the ids of one type. */
export const patternFilter = (pattern: ResourcePattern, type: ResourceType): RowFilter.RowFilter => {
  const before = `${type}::`
  switch (pattern._tag) {
    case "Exact":
      return pattern.text.startsWith(before)
        ? { _tag: "Equals", column: "key", value: pattern.text.slice(before.length) }
        : RowFilter.none
    case "Prefix":
      return before.startsWith(pattern.prefix)
        ? RowFilter.all
        : pattern.prefix.startsWith(before)
        ? { _tag: "StartsWith", column: "key", prefix: pattern.prefix.slice(before.length) }
        : RowFilter.none
    case "Regex":
      return { _tag: "Matches", column: "key", pattern: pattern.pattern, before }
  }
}
