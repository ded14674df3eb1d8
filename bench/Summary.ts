/** Medians over the rounds, the ratios between targets, and the two goals. */
// @effect-diagnostics *:off
import type { Cell } from "./Cell.ts"
import type { Mode } from "./Payloads.ts"
import type { ServerFigures } from "./Round.ts"
import type { TargetName } from "./Targets.ts"

export interface CellMedians extends Omit<Cell, "round" | "requests" | "errorReasons" | "firstFailure"> {
  /** The largest CPU time for a request of all rounds over the smallest. */
  readonly spread: number
}

export interface Ratio
  extends Pick<Cell, "mode" | "connections" | "cpuPerRequest" | "p50" | "p99" | "requestsPerSecond">
{
  readonly targets: string
}

export interface Goal {
  readonly text: string
  readonly mode: Mode
  /** NaN when it was not measured. */
  readonly value: number
  readonly limit: number
}

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
        bytesPerRequest: of("bytesPerRequest"),
        foreignShare: of("foreignShare"),
        loadShare: of("loadShare"),
        spread: Math.max(...cpu) / Math.min(...cpu)
      }
    })
  })

/** Each ratio is taken within a round, where both targets ran right after each other; then the median. */
export const ratios = (cells: ReadonlyArray<Cell>, over: TargetName, under: TargetName): Array<Ratio> =>
  distinct(cells).flatMap((place) => {
    const pairs = cells.filter(sameCell(place)).filter((cell) => cell.target === over).flatMap((first) => {
      const second = cells.find((cell) => cell.target === under && cell.round === first.round && sameCell(place)(cell))
      return second === undefined ? [] : [{ first, second }]
    })
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
export const tail = (cells: ReadonlyArray<Cell>, target: TargetName, mode: Mode, connections: number): number =>
  median(
    cells.filter((cell) => cell.target === target && cell.mode === mode && cell.connections === connections)
      .map((cell) => cell.p99 / cell.p50)
  )

export const goals = (cells: ReadonlyArray<Cell>, modes: ReadonlyArray<Mode>): Array<Goal> => [
  ...modes.map((mode) => ({
    text: "CPU per request at 100 connections <= 3x minimal proxy",
    mode,
    value: ratios(cells, "strata", "proxy")
      .find((ratio) => ratio.mode === mode && ratio.connections === 100)?.cpuPerRequest ?? Number.NaN,
    limit: 3
  })),
  ...modes.map((mode) => ({
    text: "p99 at 10 connections <= 3x own p50",
    mode,
    value: tail(cells, "strata", mode, 10),
    limit: 3
  }))
]

export type ServerMedians = Omit<ServerFigures, "round" | "requests">

export const serverMedians = (servers: ReadonlyArray<ServerFigures>): Array<ServerMedians> =>
  [...new Set(servers.map((server) => server.target))].map((target) => {
    const mine = servers.filter((server) => server.target === target)
    return {
      target,
      startMilliseconds: median(mine.map((server) => server.startMilliseconds)),
      idleMegabytes: median(mine.map((server) => server.idleMegabytes)),
      peakMegabytes: median(mine.map((server) => server.peakMegabytes)),
      bytesPerRequest: median(mine.map((server) => server.bytesPerRequest))
    }
  })
