/** How a document stands in its table: JSON text, without what follows from the rest of it. */
import type { AnyProjection, Row } from "./Projection.ts"

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Without the values that are implied, and in the order of names. */
const without = (given: Fields, rest: Fields): Fields => {
  const names: Array<string> = []
  for (const name in given) {
    if (given[name] === rest[name]) continue
    // They are few: to sort them takes copies of them.
    let at = names.length
    for (; at > 0 && names[at - 1]! > name; at--) names[at] = names[at - 1]!
    names[at] = name
  }
  const stored: Record<string, unknown> = {}
  for (const name of names) {
    const value = given[name]
    const implied = rest[name]
    stored[name] = implied !== undefined && isFields(implied) && isFields(value) ? without(value, implied) : value
  }
  return stored
}

/** As it was. */
const together = (stored: Fields, rest: Fields): Fields => {
  const whole: Record<string, unknown> = { ...rest, ...stored }
  for (const name in rest) {
    const [value, implied] = [stored[name], rest[name]]
    if (isFields(value) && isFields(implied)) whole[name] = together(value, implied)
  }
  return whole
}

/** The same in every adapter of the log, and of the same document, whether it was made by events or read and changed. */
export const of = ({ implied }: AnyProjection, { document, key }: Pick<Row<unknown>, "document" | "key">): string => {
  if (implied === undefined) return JSON.stringify(document)
  return JSON.stringify(without(document as Fields, implied(key, document) as Fields))
}

/** The document again. What was stored before anything was implied has all of it. */
export const read = ({ implied }: AnyProjection, key: string, text: string): unknown => {
  const stored: unknown = JSON.parse(text)
  return implied === undefined ? stored : together(stored as Fields, implied(key, stored) as Fields)
}

/** A row of a table as a database gives it. */
export const readRow = (projection: AnyProjection, row: Fields): Row<unknown> => {
  const key = String(row["key"])
  return {
    tenant: String(row["tenant"]),
    key,
    position: Number(row["position"]),
    document: read(projection, key, String(row["document"]))
  }
}
