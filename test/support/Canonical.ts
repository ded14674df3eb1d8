/** The canonical text of a JSON value: two values that mean the same (key order, 0 and 0.0 and -0) have one text. */
import { Predicate } from "effect"
import type { Schema } from "effect"

const isObject = (value: Schema.Json): value is Schema.JsonObject => Predicate.isObject(value) && !Array.isArray(value)

export const canonical = (value: Schema.Json): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`
  if (!isObject(value)) return JSON.stringify(value)
  const entries = Object.entries(value).filter(([, member]) => member !== undefined)
  entries.sort(([left], [right]) => left < right ? -1 : 1)
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(",")}}`
}

export interface Difference {
  readonly path: string
  /** Canonical text, undefined where the value is absent. */
  readonly expected: string | undefined
  readonly found: string | undefined
}

type Members = ReadonlyMap<string, Schema.Json>

const membersOf = (value: Schema.Json | undefined): Members | undefined => {
  if (value === undefined) return undefined
  if (Array.isArray(value)) return new Map(value.map((member, index) => [`[${index}]`, member]))
  return isObject(value) ? new Map(Object.entries(value).map(([key, member]) => [`.${key}`, member])) : undefined
}

/** Every place where two JSON values differ, in the order of the expected one. */
export const differences = (
  expected: Schema.Json | undefined,
  found: Schema.Json | undefined,
  path = "$"
): ReadonlyArray<Difference> => {
  const expectedMembers = membersOf(expected)
  const foundMembers = membersOf(found)
  if (expectedMembers !== undefined && foundMembers !== undefined && Array.isArray(expected) === Array.isArray(found)) {
    const keys = new Set([...expectedMembers.keys(), ...foundMembers.keys()])
    return [...keys].flatMap((key) => differences(expectedMembers.get(key), foundMembers.get(key), path + key))
  }
  const expectedText = expected === undefined ? undefined : canonical(expected)
  const foundText = found === undefined ? undefined : canonical(found)
  return expectedText === foundText ? [] : [{ path, expected: expectedText, found: foundText }]
}
