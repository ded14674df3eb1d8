/** What was measured, as the text that is printed. */
// @effect-diagnostics *:off
import type { CellMedians, Goal, Ratio, ServerMedians } from "./Summary.ts"
import { formatMilliseconds, formatNumber, formatShare, Table } from "./Table.ts"

export interface Report {
  readonly machine: string
  readonly node: string
  readonly pinned: boolean
  readonly seconds: number
  readonly rounds: number
  readonly servers: ReadonlyArray<ServerMedians>
  readonly cells: ReadonlyArray<CellMedians>
  readonly ratios: ReadonlyArray<Ratio>
  readonly goals: ReadonlyArray<Goal>
  readonly notes: ReadonlyArray<string>
}

const foreignLimit = 0.1
const loadLimit = 0.9
const spreadLimit = 1.25

const legend = `foreign: CPU of the machine that others used, doubtful (!) above ${foreignLimit * 100} %
load:    one core's time that the load took; above ${loadLimit * 100} % it is the limit, and only CPU us/req holds
spread:  largest CPU us/req of all rounds over the smallest; above ${spreadLimit} the machine was not the same, trust the ratios
stored:  growth of the database files, for each request`

const cellRow = (cell: CellMedians): ReadonlyArray<string> => [
  `${cell.mode} ${cell.connections}`,
  cell.target,
  formatNumber(cell.requestsPerSecond),
  formatMilliseconds(cell.p50),
  formatMilliseconds(cell.p99),
  formatNumber(cell.cpuPerRequest),
  formatNumber(cell.errors),
  formatNumber(cell.peakMegabytes),
  formatNumber(cell.bytesPerRequest),
  formatShare(cell.foreignShare, cell.foreignShare > foreignLimit),
  formatShare(cell.loadShare, cell.loadShare > loadLimit),
  formatNumber(cell.spread, 2) + (cell.spread > spreadLimit ? "!" : "")
]

const serverRow = (server: ServerMedians): ReadonlyArray<string> => [
  server.target,
  formatNumber(server.startMilliseconds),
  formatNumber(server.idleMegabytes),
  formatNumber(server.peakMegabytes),
  formatNumber(server.bytesPerRequest)
]

const ratioRow = (ratio: Ratio): ReadonlyArray<string> => [
  ratio.targets,
  `${ratio.mode} ${ratio.connections}`,
  formatNumber(ratio.cpuPerRequest, 2),
  formatNumber(ratio.p50, 2),
  formatNumber(ratio.p99, 2),
  formatNumber(ratio.requestsPerSecond, 2)
]

const verdict = (goal: Goal): string => {
  const name = goal.mode.toUpperCase()
  if (Number.isNaN(goal.value)) return `${name} not measured`
  return `${name} ${goal.value <= goal.limit ? "met" : "not met"} (${formatNumber(goal.value, 2)}x)`
}

const goalLines = (goals: ReadonlyArray<Goal>): string =>
  [...new Set(goals.map((goal) => goal.text))]
    .map((text) => `target "${text}": ${goals.filter((goal) => goal.text === text).map(verdict).join(", ")}`)
    .join("\n")

export const formatReport = (report: Report): string =>
  [
    `${report.machine}, Node ${report.node}, medians of ${report.rounds} rounds, ${report.seconds} s a cell; `
    + (report.pinned ? "server on core 1, load and upstream on core 0" : "UNPINNED: no taskset or only one core"),
    Table(
      "cell | target | req/s | p50 ms | p99 ms | CPU us/req | errors | peak MB | stored B | foreign | load | spread",
      2,
      report.cells.map(cellRow)
    ),
    legend,
    Table("server | start ms | idle MB | peak MB | stored B", 1, report.servers.map(serverRow)),
    ...(report.ratios.length > 0
      ? [Table("ratio | cell | CPU/req | p50 | p99 | req/s", 2, report.ratios.map(ratioRow))]
      : []),
    ...(report.notes.length > 0 ? [report.notes.map((note) => `note: ${note}`).join("\n")] : []),
    goalLines(report.goals)
  ].join("\n\n")
