/** How a document stands in its table: JSON text, without what follows from the rest of it. */
import type { AnyProjection, Row } from "./Projection.ts"

type Fields = Readonly<Record<string, unknown>>

/** The same in every adapter of the log, and of the same document, whether it was made by events or read and changed. */
export const of = ({ implied }: AnyProjection, { document, key }: Pick<Row<unknown>, "document" | "key">): string => {
  if (implied === undefined) return JSON.stringify(document)
  const given = document as Fields
  const rest: Fields = implied(key, given)
  const names: Array<string> = []
  for (const name in given) if (given[name] !== rest[name]) names.push(name)
  const stored: Record<string, unknown> = {}
  for (const name of names.sort()) stored[name] = given[name]
  return JSON.stringify(stored)
}

/** The document again. What was stored before anything was implied has all of it. */
export const read = ({ implied }: AnyProjection, key: string, text: string): unknown => {
  const stored: unknown = JSON.parse(text)
  return implied === undefined ? stored : { ...implied(key, stored), ...stored as Fields }
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
