/** A filter as SQL over `attributes`, a column of jsonb. What a client says stands in parameters, and never in the text. */
import { Predicate } from "effect"
import type { AttributeFilter, ComparisonFilter, Scalar } from "../../../kernel/vectors/AttributeFilter.ts"
import { isCompound } from "../../../kernel/vectors/AttributeFilter.ts"

const operators = { gt: ">", gte: ">=", lt: "<", lte: "<=" } as const

/** PostgreSQL keeps every character but this one. */
export const storable = (text: string): string => text.replaceAll("\u0000", "\uFFFD")

/** Collects the parameters of a statement. */
export class PgParameters {
  readonly values: Array<string | number>

  constructor(values: ReadonlyArray<string | number> = []) {
    this.values = [...values]
  }

  /** Its place: `$3`. */
  add(value: string | number): string {
    return `$${this.values.push(Predicate.isString(value) ? storable(value) : value)}`
  }
}

const isEqual = (key: string, value: Scalar, parameters: PgParameters): string =>
  `attributes @> ${
    parameters.add(JSON.stringify({ [storable(key)]: Predicate.isString(value) ? storable(value) : value }))
  }::text::jsonb`

/** What is of another kind is never compared: the condition on the kind stands before the cast. */
const isOrdered = (key: string, operator: string, value: Scalar, parameters: PgParameters): string => {
  const attribute = parameters.add(key)
  const [kind, left, right] = Predicate.isNumber(value)
    ? ["number", `(attributes ->> ${attribute}::text)::float8`, `${parameters.add(String(value))}::text::float8`]
    : ["string", `(attributes ->> ${attribute}::text) COLLATE "C"`, `${parameters.add(String(value))}::text`]
  return `CASE WHEN jsonb_typeof(attributes -> ${attribute}::text) = '${kind}' THEN ${left} ${operator} ${right} ELSE false END`
}

const comparison = ({ key, type, value }: ComparisonFilter, parameters: PgParameters): string => {
  const values = Array.isArray(value) ? value as ReadonlyArray<Scalar> : [value as Scalar]
  const equal = () =>
    values.length === 0 ? "false" : `(${values.map((each) => isEqual(key, each, parameters)).join(" OR ")})`
  switch (type) {
    case "eq":
    case "in":
      return equal()
    case "ne":
    case "nin":
      return `NOT ${equal()}`
    default:
      return isOrdered(key, operators[type], values[0]!, parameters)
  }
}

export const conditionOf = (filter: AttributeFilter, parameters: PgParameters): string =>
  isCompound(filter)
    ? `(${filter.filters.map((each) => conditionOf(each, parameters)).join(filter.type === "and" ? " AND " : " OR ")})`
    : comparison(filter, parameters)
