/** Reads JSON whose shape is somebody else's: what is not there is undefined or null, never a failure. */
import { Predicate } from "effect"
import type { Schema } from "effect"

/** The value of JSON text; undefined for text that is none. */
export const parse = (text: string): Schema.Json | undefined => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A field of what may be an object. */
export const field = (value: unknown, name: string): unknown =>
  Predicate.isObject(value) && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined

/** An object, or undefined. */
export const objectOf = (value: unknown): Schema.JsonObject | undefined =>
  Predicate.isObject(value) ? value as Schema.JsonObject : undefined

export const textOrNull = (value: unknown): string | null => Predicate.isString(value) ? value : null
