/** Usage as a person reads it. */
import type { UsageGroup } from "../apis/usage/UsageModels.ts"
import type { Dimension, Totals } from "../kernel/cost/UsageTotals.ts"
import * as TextTable from "./TextTable.ts"

const numbers = ["calls", "input", "cached", "output", "cost USD", "unpriced"]

/** A cost that is not known is none: it is no 0. */
export const costText = ({ cost }: Pick<Totals, "cost">): string => cost ?? "unknown"

const cells = (totals: Totals): ReadonlyArray<string> => [
  String(totals.call_count),
  String(totals.input_tokens),
  String(totals.cache_read_tokens),
  String(totals.output_tokens),
  costText(totals),
  totals.unpriced_call_count === 0 ? "" : String(totals.unpriced_call_count)
]

const nameOf = (value: string | null | undefined): string => value ?? "-"

/** The groups, all of them together, and which models have no price. */
export const lines = (
  by: ReadonlyArray<Dimension>,
  groups: ReadonlyArray<UsageGroup>,
  total: Totals
): ReadonlyArray<string> => {
  const columns = [
    ...by.map((title) => ({ title: title as string })),
    ...numbers.map((title) => ({ title, right: true }))
  ]
  const rows = [
    ...groups.map((group) => [...by.map((dimension) => nameOf(group[dimension])), ...cells(group)]),
    [...by.map((_, index) => index === 0 ? "total" : ""), ...cells(total)]
  ]
  const unpriced = total.unpriced.map(({ model, provider, reason }) => `No cost of ${provider} ${model}: ${reason}`)
  return [...TextTable.lines(columns, rows), ...unpriced]
}
