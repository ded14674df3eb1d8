/** A condition on rows as SQL. What a database can't say as we mean it is asked of the rows it gives. */
import type { IndexValue } from "./Projection.ts"
import type { RowFilter } from "./RowFilter.ts"

/** How a database writes what differs from one to the other; each gets the column and the place of a parameter. */
export interface Dialect {
  /** The name of a row's key or of a value of its index. */
  readonly column: (name: string) => string
  /** The place of the next parameter, counted from 1. */
  readonly parameter: (index: number) => string
  /** Null equals null. */
  readonly equals: (column: string, parameter: string) => string
  readonly startsWith: (column: string, parameter: string) => string
  /** True where the JSON object of lists in a column has the second under the first; false for null. */
  readonly includes: (column: string, name: string, value: string) => string
}

export interface Condition {
  readonly sql: string
  readonly parameters: ReadonlyArray<IndexValue>
  /** False: more rows fit than should, and each has to be tested. */
  readonly exact: boolean
}

class Writer {
  readonly parameters: Array<IndexValue> = []
  exact = true
  readonly #dialect: Dialect
  readonly #first: number

  constructor(dialect: Dialect, first: number) {
    this.#dialect = dialect
    this.#first = first
  }

  #place(value: IndexValue): string {
    this.parameters.push(value)
    return this.#dialect.parameter(this.#first + this.parameters.length - 1)
  }

  /** `more`: where it can't be said, true is said; below a `not` false, which then is too many as well. */
  write(filter: RowFilter, more: boolean): string {
    const { column, equals, includes, startsWith } = this.#dialect
    switch (filter._tag) {
      case "All":
        return "TRUE"
      case "None":
        return "FALSE"
      case "Equals":
        return equals(column(filter.column), this.#place(filter.value))
      case "StartsWith":
        return startsWith(column(filter.column), this.#place(filter.prefix))
      case "Includes":
        return includes(column(filter.column), this.#place(filter.name), this.#place(filter.value))
      case "Matches":
        this.exact = false
        return more ? "TRUE" : "FALSE"
      case "Not":
        return `NOT (${this.write(filter.filter, !more)})`
      case "And":
        return `(${filter.filters.map((each) => this.write(each, more)).join(" AND ")})`
      case "Or":
        return `(${filter.filters.map((each) => this.write(each, more)).join(" OR ")})`
    }
  }
}

/** `first` is the number of the first parameter it may use. */
export const make = (filter: RowFilter, dialect: Dialect, first: number): Condition => {
  const writer = new Writer(dialect, first)
  const sql = writer.write(filter, true)
  return { sql, parameters: writer.parameters, exact: writer.exact }
}
