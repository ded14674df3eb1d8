/** Two values that differ, for a person: whole where they are short, else the place where they begin to differ. */
import type { Divergence } from "./Comparison.ts"

/** Characters that are shown of a value. */
const longest = 400
/** Characters shown before the place where two texts begin to differ. */
const before = 60

export interface ReadableDifference {
  readonly expected: string
  readonly found: string
  /** The first character that differs, from 0; null where the values are shown whole. */
  readonly from: number | null
}

const textOf = (value: unknown): string =>
  value === undefined ? "(nothing)" : typeof value === "string" ? value : JSON.stringify(value)

const whole = (value: unknown): string => value === undefined ? "(nothing)" : JSON.stringify(value)

/** Surrogate pairs stay together. */
const cut = (text: string, start: number): string => {
  const end = start + longest
  const part = text.slice(start, end).toWellFormed()
  return `${start > 0 ? "…" : ""}${JSON.stringify(part)}${end < text.length ? "…" : ""}`
}

const firstDifference = (one: string, other: string): number => {
  let index = 0
  while (index < one.length && one[index] === other[index]) index++
  return index
}

export const of = ({ expected, found }: Pick<Divergence, "expected" | "found">): ReadableDifference => {
  const [left, right] = [whole(expected), whole(found)]
  if (left.length <= longest && right.length <= longest) return { expected: left, found: right, from: null }
  const [one, other] = [textOf(expected), textOf(found)]
  const from = firstDifference(one, other)
  const start = Math.max(0, from - before)
  return { expected: cut(one, start), found: cut(other, start), from }
}
