/** A filter as SQL over `attributes`, a column of JSON. What a client says stands in parameters, and never in the text. */
import { Predicate } from "effect"
import type { SQLInputValue } from "node:sqlite"
import type { AttributeFilter, ComparisonFilter, Scalar } from "../AttributeFilter.ts"
import { isCompound } from "../AttributeFilter.ts"

export interface Condition {
  readonly sql: string
  readonly parameters: ReadonlyArray<SQLInputValue>
}

const operators = { gt: ">", gte: ">=", lt: "<", lte: "<=" } as const

/** JSON keeps true apart from 1, and SQLite's values do not. */
const typesOf = (value: Scalar): string =>
  Predicate.isString(value) ? "'text'" : Predicate.isNumber(value) ? "'integer', 'real'" : `'${value}'`

const parameterOf = (value: Scalar): SQLInputValue => Predicate.isBoolean(value) ? (value ? 1 : 0) : value

const holds = (key: string, operator: string, value: Scalar): Condition => ({
  sql: "EXISTS (SELECT 1 FROM json_each(attributes) AS each WHERE each.key = ? " +
    `AND each.type IN (${typesOf(value)}) AND each.value ${operator} ?)`,
  parameters: [key, parameterOf(value)]
})

/** One condition, however long the list: SQLite nests those that are joined, 1000 at most. */
const isListed = (key: string, values: ReadonlyArray<Scalar>): Condition =>
  values.length === 1 ? holds(key, "=", values[0]!) : ({
    sql: "EXISTS (SELECT 1 FROM json_each(attributes) AS each, json_each(?) AS wanted WHERE each.key = ? " +
      "AND replace(each.type, 'real', 'integer') = replace(wanted.type, 'real', 'integer') AND each.value = wanted.value)",
    parameters: [JSON.stringify(values), key]
  })

const joined = (conditions: ReadonlyArray<Condition>, word: "AND" | "OR"): Condition => ({
  sql: `(${conditions.map(({ sql }) => sql).join(` ${word} `)})`,
  parameters: conditions.flatMap(({ parameters }) => parameters)
})

const not = ({ parameters, sql }: Condition): Condition => ({ sql: `NOT ${sql}`, parameters })

const comparison = ({ key, type, value }: ComparisonFilter): Condition => {
  const values = Array.isArray(value) ? value as ReadonlyArray<Scalar> : [value as Scalar]
  switch (type) {
    case "eq":
    case "in":
      return isListed(key, values)
    case "ne":
    case "nin":
      return not(isListed(key, values))
    default:
      return holds(key, operators[type], values[0]!)
  }
}

export const conditionOf = (filter: AttributeFilter): Condition =>
  isCompound(filter)
    ? joined(filter.filters.map(conditionOf), filter.type === "and" ? "AND" : "OR")
    : comparison(filter)
