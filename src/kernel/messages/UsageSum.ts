/** What several calls used together. */
import { Predicate } from "effect"
import type { Usage } from "./Usage.ts"

const decimal = /^(-?)(\d+)(?:\.(\d+))?$/

/** Two decimals as one, exactly; undefined for what is none. */
const sumOf = (one: string, other: string): string | undefined => {
  const [left, right] = [decimal.exec(one), decimal.exec(other)]
  if (left === null || right === null) return undefined
  const places = Math.max(left[3]?.length ?? 0, right[3]?.length ?? 0)
  const scaled = ([, sign, whole, part = ""]: RegExpExecArray) => BigInt(`${sign}${whole}${part.padEnd(places, "0")}`)
  const sum = scaled(left) + scaled(right)
  const digits = (sum < 0n ? -sum : sum).toString().padStart(places + 1, "0")
  const at = digits.length - places
  return `${sum < 0n ? "-" : ""}${digits.slice(0, at)}${places === 0 ? "" : `.${digits.slice(at)}`}`
}

/** The cost of one of which it is not known makes all of it unknown. */
const costOf = (one: Usage, other: Usage): Pick<Usage, "cost_usd"> => {
  const [left, right] = [one.cost_usd, other.cost_usd]
  if (left === undefined && right === undefined) return {}
  return { cost_usd: left == null || right == null ? null : sumOf(left, right) ?? null }
}

/** Of what only one of them counts, that one's count. Other counters of a vendor are those of the last. */
export const add = (one: Usage | null | undefined, other: Usage | null | undefined): Usage | undefined => {
  if (one == null || other == null) return one ?? other ?? undefined
  const fields: Record<string, number> = {}
  for (const [name, value] of Object.entries(other)) {
    const before = one[name]
    if (Predicate.isNumber(value) && Predicate.isNumber(before)) fields[name] = before + value
  }
  const { cost_usd: _, ...before } = one
  const given = Object.fromEntries(Object.entries(other).filter(([, value]) => value != null))
  return { ...before, ...given, ...fields, ...costOf(one, other) } as Usage
}
