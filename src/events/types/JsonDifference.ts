/** Where two JSON values differ. Order of keys does not matter, nor does 0 versus 0.0. */
import * as JsonAccess from "./JsonAccess.ts"

export interface Difference {
  /** `messages.0.content`; empty: the whole value. */
  readonly path: string
  /** Undefined: absent. */
  readonly expected: unknown
  readonly found: unknown
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null

/** The value of text that is a JSON object or array. */
const parse = (text: unknown): unknown =>
  typeof text === "string" && /^\s*[[{]/.test(text) ? JsonAccess.parse(text) : undefined

/** An SSE frame's data, so that a difference inside it can be named. */
const frameData = (text: unknown): unknown =>
  typeof text === "string" && text.startsWith("data:") ? parse(text.slice(5)) : undefined

/** The text's JSON value, where it is JSON or an SSE frame of it. */
const inside = (text: unknown): unknown => parse(text) ?? frameData(text)

const own = (value: Record<string, unknown>, key: string): unknown => Object.hasOwn(value, key) ? value[key] : undefined

/**
 * All differences, in order of the expected value's keys. Texts that hold JSON are compared by what they hold, and by
 * the letter where that is the same.
 */
export const differences = (expected: unknown, found: unknown, path = ""): ReadonlyArray<Difference> => {
  if (expected === found) return []
  if (isObject(expected) && isObject(found) && Array.isArray(expected) === Array.isArray(found)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(found)])
    return [...keys].flatMap((key) =>
      differences(own(expected, key), own(found, key), path === "" ? key : `${path}.${key}`)
    )
  }
  const [expectedInside, actualInside] = [inside(expected), inside(found)]
  if (expectedInside !== undefined && actualInside !== undefined) {
    const within = differences(expectedInside, actualInside, path)
    if (within.length > 0) return within
  }
  return [{ path, expected, found }]
}

/** True when a path is one of the patterns; `*` stands for any one key. */
export const pathMatches = (patterns: ReadonlyArray<string>, path: string): boolean => {
  const keys = path.split(".")
  return patterns.some((pattern) => {
    const wanted = pattern.split(".")
    return wanted.length === keys.length && wanted.every((each, index) => each === "*" || each === keys[index])
  })
}

/** The same text for values that are the same JSON. */
export const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`
  if (!isObject(value)) return JSON.stringify(value) ?? "null"
  const entries = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
  return `{${entries.join(",")}}`
}
