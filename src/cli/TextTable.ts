/** A table as text: columns as wide as what stands in them. */

export interface Column {
  readonly title: string
  /** Numbers stand at the right. */
  readonly right?: boolean
}

/** Its lines: the titles, and one for each row. */
export const lines = (
  columns: ReadonlyArray<Column>,
  rows: ReadonlyArray<ReadonlyArray<string>>
): ReadonlyArray<string> => {
  const all = [columns.map(({ title }) => title), ...rows]
  const widths = columns.map((_, index) => all.reduce((most, row) => Math.max(most, row[index]?.length ?? 0), 0))
  return all.map((row) =>
    columns.map(({ right = false }, index) => {
      const [cell, width] = [row[index] ?? "", widths[index] ?? 0]
      return right ? cell.padStart(width) : cell.padEnd(width)
    }).join("  ").trimEnd()
  )
}
