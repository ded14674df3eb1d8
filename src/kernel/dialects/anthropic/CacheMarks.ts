/** The marks at which a cache of prompts may end: the vendor takes four, the later ones say most. */
import type { Schema } from "effect"
import { isFields } from "../../../events/types/JsonAccess.ts"
import type { LoweringReport } from "../LoweringReport.ts"

export const mostMarks = 4

const isMarked = (value: Schema.JsonObject): boolean => isFields(value["cache_control"])

/** The parts of a request that hold marks, in the order in which the vendor reads them. */
const places = ["tools", "system", "messages", "content"] as const

const count = (value: Schema.Json): number => {
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + count(each), 0)
  if (!isFields(value)) return 0
  return places.reduce((sum, name) => sum + count(value[name] ?? null), isMarked(value) ? 1 : 0)
}

/** Takes the first marks away, from what is inside outwards. */
const without = (surplus: number) => {
  let left = surplus
  const walk = (value: Schema.Json): Schema.Json => {
    if (left === 0) return value
    if (Array.isArray(value)) return value.map(walk)
    if (!isFields(value)) return value
    const changed = Object.fromEntries(places.flatMap((name) => {
      const part = value[name]
      return part === undefined ? [] : [[name, walk(part)]]
    }))
    if (left === 0 || !isMarked(value)) return { ...value, ...changed }
    left--
    const { cache_control: _, ...rest } = value
    return { ...rest, ...changed }
  }
  return walk
}

export const limit = (body: Schema.JsonObject, report: LoweringReport): Schema.JsonObject => {
  const marks = count(body)
  if (marks <= mostMarks) return body
  report.degrade({
    requested: `${marks} marks of the cache`,
    actual: `the last ${mostMarks}`,
    reason: `Anthropic takes at most ${mostMarks}`
  })
  const limited = without(marks - mostMarks)(body)
  return isFields(limited) ? limited : body
}
