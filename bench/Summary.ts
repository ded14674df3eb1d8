/** Medians over the rounds, and the ratios between targets. */
// @effect-diagnostics *:off
import type { Measured } from "./Budget.ts"
import type { Cell } from "./Cell.ts"
import type { Footprint } from "./Footprint.ts"
import type { Mode } from "./Payloads.ts"

export interface CellMedians extends Omit<Cell, "round" | "requests" | "errorReasons" | "firstFailure"> {
  /** The largest CPU time for a request of all rounds over the smallest. */
  readonly spread: number
}

export interface Ratio
  extends Pick<Cell, "mode" | "connections" | "cpuPerRequest" | "p50" | "p99" | "requestsPerSecond">
{
  readonly targets: string
}

/** Share of the machine that others may use before what is measured is doubtful. */
export const foreignLimit = 0.1

export const median = (values: ReadonlyArray<number>): number => {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  return Number.isInteger(middle) && sorted.length > 0 ? (upper + (sorted[middle - 1] ?? Number.NaN)) / 2 : upper
}

const sameCell = (left: Pick<Cell, "mode" | "connections">) => (right: Pick<Cell, "mode" | "connections">): boolean =>
  left.mode === right.mode && left.connections === right.connections

const distinct = (cells: ReadonlyArray<Cell>): Array<Pick<Cell, "mode" | "connections">> =>
  cells.filter((cell, index) => cells.findIndex(sameCell(cell)) === index)

export const medians = (cells: ReadonlyArray<Cell>): Array<CellMedians> =>
  distinct(cells).flatMap((place) => {
    const here = cells.filter(sameCell(place))
    return [...new Set(here.map((cell) => cell.target))].map((target) => {
      const mine = here.filter((cell) => cell.target === target)
      const cpu = mine.map((cell) => cell.cpuPerRequest)
      const of = (figure: Exclude<keyof CellMedians, "target" | "mode" | "spread">): number =>
        median(mine.map((cell) => cell[figure]))
      return {
        target,
        mode: place.mode,
        connections: place.connections,
        errors: mine.reduce((sum, cell) => sum + cell.errors, 0),
        requestsPerSecond: of("requestsPerSecond"),
        p50: of("p50"),
        p99: of("p99"),
        cpuPerRequest: of("cpuPerRequest"),
        peakMegabytes: of("peakMegabytes"),
        foreignShare: of("foreignShare"),
        loadShare: of("loadShare"),
        spread: Math.max(...cpu) / Math.min(...cpu)
      }
    })
  })

const pairsOf = (
  cells: ReadonlyArray<Cell>,
  place: Pick<Cell, "mode" | "connections">,
  over: string,
  under: string
) =>
  cells.filter(sameCell(place)).filter((cell) => cell.target === over).flatMap((first) => {
    const second = cells.find((cell) => cell.target === under && cell.round === first.round && sameCell(place)(cell))
    return second === undefined ? [] : [{ first, second }]
  })

/** Each ratio is taken within a round, where both targets ran right after each other; then the median. */
export const ratios = (cells: ReadonlyArray<Cell>, over: string, under: string): Array<Ratio> =>
  distinct(cells).flatMap((place) => {
    const pairs = pairsOf(cells, place, over, under)
    if (pairs.length === 0) return []
    const of = (figure: "cpuPerRequest" | "p50" | "p99" | "requestsPerSecond"): number =>
      median(pairs.map(({ first, second }) => first[figure] / second[figure]))
    return [{
      targets: `${over}:${under}`,
      mode: place.mode,
      connections: place.connections,
      cpuPerRequest: of("cpuPerRequest"),
      p50: of("p50"),
      p99: of("p99"),
      requestsPerSecond: of("requestsPerSecond")
    }]
  })

/** How far the tail is from the middle, within a round; then the median. */
const tail = (cells: ReadonlyArray<Cell>, target: string, mode: Mode, connections: number): number =>
  median(
    cells.filter((cell) => cell.target === target && cell.mode === mode && cell.connections === connections)
      .map((cell) => cell.p99 / cell.p50)
  )

/** A quarter of the values is below it: what disturbs a round makes it dearer, never cheaper. */
export const lowerQuartile = (values: ReadonlyArray<number>): number =>
  [...values].sort((left, right) => left - right)[Math.floor((values.length - 1) / 4)] ?? Number.NaN

/** Of CPU, one for each round. */
export const cpuRatios = (
  cells: ReadonlyArray<Cell>,
  mode: Mode,
  connections: number,
  [over, under]: readonly [over: string, under: string] = ["strata", "proxy"]
): ReadonlyArray<number> =>
  pairsOf(cells, { mode, connections }, over, under).map(({ first, second }) =>
    first.cpuPerRequest / second.cpuPerRequest
  )

/** What the budget speaks of, of each cell. */
export const measuredOf = (
  cells: ReadonlyArray<Cell>,
  footprints: ReadonlyArray<Footprint>
): ReadonlyArray<Measured> =>
  distinct(cells.filter(({ target }) => target === "strata")).map(({ connections, mode }) => {
    const footprint = footprints.find((each) => each.mode === mode && each.connections === connections)
    return {
      mode,
      connections,
      cpu: lowerQuartile(cpuRatios(cells, mode, connections)),
      tail: tail(cells, "strata", mode, connections),
      isDisturbed: !(median(
        cells.filter(sameCell({ mode, connections })).map((cell) => cell.foreignShare)
      ) <= foreignLimit),
      storedBytes: footprint?.storedBytesPerRequest ?? Number.NaN,
      statements: footprint?.statementsPerRequest ?? Number.NaN
    }
  })
