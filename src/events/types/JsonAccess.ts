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

/** True for a JSON object: neither null nor a list. */
export const isFields = (value: unknown): value is Schema.JsonObject =>
  Predicate.isObject(value) && !Array.isArray(value)

/** A list, or one of nothing. */
export const listOf = (value: unknown): ReadonlyArray<Schema.Json> => Array.isArray(value) ? value : []

/** The objects of a list: what is none is passed over. */
export const objectsIn = (value: unknown): ReadonlyArray<Schema.JsonObject> => listOf(value).filter(isFields)

export const numberOrNull = (value: unknown): number | null => Predicate.isNumber(value) ? value : null

export const textOrNull = (value: unknown): string | null => Predicate.isString(value) ? value : null

/** As text, whatever it is. `String` throws where an object's own `toString` is none, as anybody's JSON may have it. */
export const asText = (value: unknown): string =>
  typeof value === "string"
    ? value
    : Predicate.isObjectOrArray(value)
    ? Object.prototype.toString.call(value)
    : String(value)

const assign = (fields: Record<string, unknown>, name: string, value: unknown): void => {
  if (name === "__proto__") {
    Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true })
  } else fields[name] = value
}

/** The fields but those of these names. On the way of a request: Effect's `Struct.omit` takes six times as long. */
export const without = <F extends object, const N extends ReadonlyArray<keyof F & string>>(
  fields: F,
  names: N
): Omit<F, N[number]> => {
  const others: Record<string, unknown> = {}
  for (const name of Object.keys(fields)) {
    if (!names.includes(name as N[number])) assign(others, name, fields[name as keyof F])
  }
  return others as Omit<F, N[number]>
}

/** Those of these names that say something: neither absent nor null. */
export const saying = <F extends object, const N extends ReadonlyArray<keyof F & string>>(
  fields: F,
  names: N
): { readonly [Name in N[number]]?: NonNullable<F[Name]> } => {
  const given: Record<string, unknown> = {}
  for (const name of Object.keys(fields)) {
    const value = fields[name as keyof F]
    if (value != null && names.includes(name as N[number])) assign(given, name, value)
  }
  return given as { readonly [Name in N[number]]?: NonNullable<F[Name]> }
}
