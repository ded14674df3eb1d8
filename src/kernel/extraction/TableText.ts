/** Rows of a table as lines that name their columns, so that each can be read by itself. */
import { parse } from "csv-parse/sync"
import type { PartCollector } from "./PartCollector.ts"

/** A first row of names: none of them empty, twice there, or a number. */
const isHeader = (row: ReadonlyArray<string>): boolean =>
  row.length > 1 && new Set(row).size === row.length &&
  row.every((cell) => cell.trim() !== "" && Number.isNaN(Number(cell)))

const delimiters = [",", ";", "\t", "|"]

/** The one that most often stands in the first line. */
const delimiterOf = (text: string): string => {
  const line = text.slice(0, 10_000).split("\n", 1)[0]!
  const counts = delimiters.map((delimiter) => line.split(delimiter).length)
  return delimiters[counts.indexOf(Math.max(...counts))]!
}

export const extract = (text: string, type: "csv" | "tsv", collector: PartCollector): void => {
  const delimiter = type === "tsv" ? "\t" : delimiterOf(text)
  let rows: ReadonlyArray<ReadonlyArray<string>>
  try {
    rows = parse(text, { delimiter, relax_column_count: true, relax_quotes: true, skip_empty_lines: true, trim: true })
  } catch (cause) {
    collector.warn(
      `It is read as plain text, for it is no table: ${cause instanceof Error ? cause.message : "broken"}.`
    )
    return collector.add(text, {})
  }
  const [first, ...others] = rows
  if (first === undefined) return
  const header = others.length > 0 && isHeader(first) ? first : undefined
  const lineOf = (row: ReadonlyArray<string>): string =>
    header === undefined
      ? row.join(", ")
      : row.flatMap((cell, at) => cell === "" ? [] : [at < header.length ? `${header[at]}: ${cell}` : cell]).join("; ")
  collector.add((header === undefined ? rows : others).map(lineOf).join("\n"), {})
}
