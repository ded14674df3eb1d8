/** A coverage as text: figures first, then what is missing by name. */
// @effect-diagnostics *:off
import { Table } from "../Table.ts"
import { type Coverage, type Side, sides, sum } from "./Coverage.ts"

const percent = (part: number, all: number): string => all === 0 ? "-" : `${(part / all * 100).toFixed(1)}%`

const row = (coverage: Coverage, side: Side | "all"): ReadonlyArray<string> => {
  const compared = coverage.served.flatMap(({ fields }) => side === "all" ? Object.values(fields) : [fields[side]])
  const { all, differing, missing, passed, present } = sum(compared)
  return [coverage.name, side, ...[all, present, passed, missing, differing].map(String), percent(present, all)]
}

const operations = ({ leftOut, missing, name, served }: Coverage): ReadonlyArray<string> => {
  const asked = served.length + missing.length
  return [
    name,
    String(asked),
    String(served.length),
    String(missing.length),
    percent(served.length, asked),
    String(leftOut.length)
  ]
}

const detail = ({ leftOut, missing, name, served }: Coverage): ReadonlyArray<string> => {
  const reasons = Map.groupBy(leftOut, ({ reason }) => reason)
  return [
    `${name}:`,
    ...missing.map((id) => `  not served  ${id}`),
    ...[...reasons].map(([reason, each]) => `  left out    ${each.length} operations: ${reason}`),
    ...[...Map.groupBy(served.flatMap(({ leftOut }) => leftOut), ({ reason }) => reason)]
      .map(([reason, each]) => `  left out    ${each.length} fields: ${reason}`),
    ...served.flatMap(({ fields, id }) =>
      sides.flatMap((side) => {
        const { differing, missing } = fields[side]
        return [
          ...missing.map((field) => `  missing     ${id} ${side} ${field}`),
          ...differing.map((field) => `  differs     ${id} ${side} ${field}`)
        ]
      })
    )
  ]
}

export const figures = (coverages: ReadonlyArray<Coverage>): string =>
  [
    Table(
      "operations of | asked | served | missing | served of them | left out with a reason",
      1,
      coverages.map(operations)
    ),
    "",
    Table(
      "fields of | where | all | described | passed undescribed | missing | other type | described",
      2,
      coverages.flatMap((coverage) => [...sides, "all" as const].map((side) => row(coverage, side)))
    )
  ].join("\n")

export const details = (coverages: ReadonlyArray<Coverage>): string => coverages.flatMap(detail).join("\n")
