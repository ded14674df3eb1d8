/** Marks of the cache: blocks of their own on this wire, each behind the block that it marks. */
import { Predicate } from "effect"
import type { Schema } from "effect"
import { isFields } from "../../../events/types/JsonAccess.ts"

type Fields = Schema.JsonObject

/** Undefined for a block that is none. */
export const raise = (block: Fields): Fields | undefined => {
  const { cachePoint, ...rest } = block
  if (!isFields(cachePoint) || Object.keys(rest).length > 0) return undefined
  const { ttl, type, ...more } = cachePoint
  if (type !== "default" || Object.keys(more).length > 0) return undefined
  return { type: "ephemeral", ...(Predicate.isString(ttl) ? { ttl } : {}) }
}

export const lower = (mark: Fields): Fields => ({
  cachePoint: { type: "default", ...(Predicate.isString(mark["ttl"]) ? { ttl: mark["ttl"] } : {}) }
})

/** The vendor takes so many in a request: the later ones say most. */
export const most = 4

const isPoint = (value: unknown): boolean => isFields(value) && isFields(value["cachePoint"])

const places = ["toolConfig", "tools", "system", "messages", "content", "toolResult"] as const

const count = (value: Schema.Json): number => {
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + count(each), 0)
  if (isPoint(value)) return 1
  return isFields(value) ? places.reduce((sum, name) => sum + count(value[name] ?? null), 0) : 0
}

/** Without the first of them, where there are too many. */
export const limited = (body: Fields): { readonly body: Fields; readonly surplus: number } => {
  const surplus = Math.max(0, count(body) - most)
  let left = surplus
  const walk = (value: Schema.Json): Schema.Json => {
    if (left === 0) return value
    if (Array.isArray(value)) return value.filter((each) => !isPoint(each) || left === 0 || left-- === 0).map(walk)
    if (!isFields(value)) return value
    const changed = places.flatMap((name) => value[name] === undefined ? [] : [[name, walk(value[name])] as const])
    return { ...value, ...Object.fromEntries(changed) }
  }
  return { body: surplus === 0 ? body : walk(body) as Fields, surplus }
}
