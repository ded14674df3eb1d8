/** A condition on rows as SQL. What a database can't say as we mean it is asked of the rows it gives. */
import type { IndexValue } from "./Projection.ts"
import type { RowFilter } from "./RowFilter.ts"

/** Takes a parameter and gives its place in the text. */
export type Add = (parameter: IndexValue) => string

/** How a database says it; undefined: it can't. A column is the row's `key` or a value of its index. */
export interface Dialect {
  /** Null equals null. */
  readonly equals: (column: string, value: IndexValue, add: Add) => string | undefined
  readonly startsWith: (column: string, prefix: string, add: Add) => string | undefined
  /** False for null. */
  readonly includes: (column: string, name: string, value: string, add: Add) => string | undefined
}

export interface Condition {
  readonly sql: string
  /** False: more rows fit than should, and each has to be tested. */
  readonly exact: boolean
}

export const make = (filter: RowFilter, dialect: Dialect, add: Add): Condition => {
  let exact = true

  /** `instead`: where it can't be said, true is said; below a `not` false, which then is too many as well. */
  const write = (filter: RowFilter, instead: boolean): string => {
    const clauseOf = (sql: string | undefined): string => {
      if (sql !== undefined) return sql
      exact = false
      return instead ? "TRUE" : "FALSE"
    }
    switch (filter._tag) {
      case "All":
        return "TRUE"
      case "None":
        return "FALSE"
      case "Equals":
        return clauseOf(dialect.equals(filter.column, filter.value, add))
      case "StartsWith":
        return clauseOf(dialect.startsWith(filter.column, filter.prefix, add))
      case "Includes":
        return clauseOf(dialect.includes(filter.column, filter.name, filter.value, add))
      case "Matches":
        return clauseOf(undefined)
      case "Not":
        return `NOT (${write(filter.filter, !instead)})`
      case "And":
        return `(${filter.filters.map((each) => write(each, instead)).join(" AND ")})`
      case "Or":
        return `(${filter.filters.map((each) => write(each, instead)).join(" OR ")})`
    }
  }

  return { sql: write(filter, true), exact }
}
