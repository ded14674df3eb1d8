/** The fields that another document describes, against those that ours does. */
// @effect-diagnostics *:off
import type { Field, SchemaFields } from "./SchemaFields.ts"

export interface FieldComparison {
  readonly present: number
  /** Ours takes and gives it, and does not describe it. */
  readonly passed: ReadonlyArray<string>
  readonly missing: ReadonlyArray<string>
  /** Of a type that ours does not have there. */
  readonly differing: ReadonlyArray<string>
}

/** Null is a value that is left out in other words. */
const others = ({ types }: Field, ours: Field): ReadonlyArray<string> =>
  ours.types.size === 0 ? [] : [...types].filter((type) => type !== "null" && !ours.types.has(type))

const parents = (path: string): ReadonlyArray<string> =>
  [...path.matchAll(/\[\]|\./g)].map(({ index }) => path.slice(0, index)).toReversed()

/** The nearest that ours describes, of what it stands in. */
const nearest = (path: string, ours: SchemaFields): Field | undefined =>
  [...parents(path), ""].map((parent) => ours.get(parent)).find((field) => field !== undefined)

export const compare = (theirs: SchemaFields, ours: SchemaFields): FieldComparison => {
  const passed: Array<string> = []
  const missing: Array<string> = []
  const differing: Array<string> = []
  let present = 0
  for (const [path, field] of theirs) {
    if (path === "") continue
    const own = ours.get(path)
    if (own === undefined) (nearest(path, ours)?.open === true ? passed : missing).push(path)
    else {
      const types = others(field, own)
      if (types.length === 0 || own.open) present++
      else differing.push(`${path} (${types.join(", ")})`)
    }
  }
  return { present, passed, missing, differing }
}
