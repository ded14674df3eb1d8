/** Numbers as text, in columns: the first ones to the left, the others to the right. */
// @effect-diagnostics *:off

export const formatNumber = (value: number, digits = 0): string =>
  Number.isFinite(value)
    ? value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })
    : "-"

export const formatMilliseconds = (value: number): string => formatNumber(value, value < 1 ? 3 : value < 10 ? 2 : 1)

/** The share in percent, with a mark when it is a doubtful one. */
export const formatShare = (share: number, doubtful: boolean): string =>
  `${formatNumber(share * 100)}%${doubtful ? "!" : ""}`

export const Table = (
  titles: string,
  labels: number,
  rows: ReadonlyArray<ReadonlyArray<string>>
): string => {
  const head = titles.split(" | ")
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: ReadonlyArray<string>): string =>
    cells.map((cell, column) => column < labels ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))
      .join("  ").trimEnd()
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n")
}
