/** What was measured, as the text that is printed. */
// @effect-diagnostics *:off
import type { Figure, Measured } from "./Budget.ts"
import type { ServerFigures } from "./Servers.ts"
import type { CellMedians, Ratio } from "./Summary.ts"
import { foreignLimit } from "./Summary.ts"
import { formatMilliseconds, formatNumber, formatShare, Table } from "./Table.ts"

export interface Report {
  readonly machine: string
  readonly node: string
  readonly pinned: boolean
  readonly seconds: number
  readonly rounds: number
  readonly servers: ReadonlyArray<ServerFigures>
  readonly cells: ReadonlyArray<CellMedians>
  readonly ratios: ReadonlyArray<Ratio>
  readonly measured: ReadonlyArray<Measured>
  readonly figures: ReadonlyArray<Figure>
  readonly notes: ReadonlyArray<string>
}

const loadLimit = 0.9
const spreadLimit = 1.25

const legend = `foreign: CPU of the machine that others used, doubtful (!) above ${foreignLimit * 100} %
load:    one core's time that the load took; above ${loadLimit * 100} % it is the limit, and only CPU us/req holds
spread:  largest CPU us/req of all rounds over the smallest; above ${spreadLimit} the machine was not the same, trust the ratios`

const cellRow = (cell: CellMedians): ReadonlyArray<string> => [
  `${cell.mode} ${cell.connections}`,
  cell.target,
  formatNumber(cell.requestsPerSecond),
  formatMilliseconds(cell.p50),
  formatMilliseconds(cell.p99),
  formatNumber(cell.cpuPerRequest),
  formatNumber(cell.errors),
  formatNumber(cell.peakMegabytes),
  formatShare(cell.foreignShare, cell.foreignShare > foreignLimit),
  formatShare(cell.loadShare, cell.loadShare > loadLimit),
  formatNumber(cell.spread, 2) + (cell.spread > spreadLimit ? "!" : "")
]

const serverRow = (server: ServerFigures): ReadonlyArray<string> => [
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

const measuredRow = (measured: Measured): ReadonlyArray<string> => [
  `${measured.mode} ${measured.connections}`,
  formatNumber(measured.cpu, 2),
  formatNumber(measured.tail, 1),
  formatNumber(measured.storedBytes),
  formatNumber(measured.statements, 2)
]

const limited = (figures: ReadonlyArray<Figure>): ReadonlyArray<ReadonlyArray<string>> =>
  figures.filter(({ limit, value }) => limit !== undefined && !Number.isNaN(value)).map((
    { limit = 0, name, value }
  ) => [
    name,
    formatNumber(value, 2),
    formatNumber(limit, 2),
    value > limit ? "ABOVE" : ""
  ])

export const formatShort = (
  figures: ReadonlyArray<Figure & { readonly all: ReadonlyArray<number> }>,
  notes: ReadonlyArray<string>
): string =>
  [
    ...figures.map(({ all, limit = Number.NaN, name, value }) =>
      `${name}: ${formatNumber(value, 2)}, the most is ${limit}; rounds: `
      + all.map((each) => formatNumber(each, 2)).join(" ")
    ),
    ...notes.map((note) => `note: ${note}`)
  ].join("\n")

export const formatReport = (report: Report): string =>
  [
    `${report.machine}, Node ${report.node}, medians of ${report.rounds} rounds, ${report.seconds} s a cell; `
    + (report.pinned ? "server on core 1, load and upstream on core 0" : "UNPINNED: no taskset or only one core"),
    Table(
      "cell | target | req/s | p50 ms | p99 ms | CPU us/req | errors | peak MB | foreign | load | spread",
      2,
      report.cells.map(cellRow)
    ),
    legend,
    Table("server | start ms | idle MB | peak MB | stored B", 1, report.servers.map(serverRow)),
    ...(report.ratios.length > 0
      ? [Table("ratio | cell | CPU/req | p50 | p99 | req/s", 2, report.ratios.map(ratioRow))]
      : []),
    ...(report.notes.length > 0 ? [report.notes.map((note) => `note: ${note}`).join("\n")] : []),
    Table("Strata | CPU to proxy | p99 to p50 | stored B | statements", 1, report.measured.map(measuredRow)),
    ...(report.figures.length > 0
      ? [Table("budget | measured | most | ", 1, limited(report.figures))]
      : [])
  ].join("\n\n")
