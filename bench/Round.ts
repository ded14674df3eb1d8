/** One round: every cell, the targets of a cell one right after the other, so that a ratio is of the same moment. */
// @effect-diagnostics *:off
import { type Cell, measureCell } from "./Cell.ts"
import { failures, type RunContext, type Running } from "./Servers.ts"

export const runRound = async (
  round: number,
  { load, note, options, progress, upstream }: RunContext,
  running: ReadonlyArray<Running>
): Promise<ReadonlyArray<Cell>> => {
  const cells: Array<Cell> = []
  for (const mode of options.modes) {
    for (const connections of options.connections) {
      for (const server of running.filter((each) => each.modes.has(mode))) {
        const { name, process } = server.target
        progress(`round ${round}: ${name} ${mode} ${connections}`)
        const cell = await measureCell(load, {
          round,
          target: server.target,
          mode,
          connections,
          seconds: options.seconds,
          upstreamPid: upstream.pid
        })
        cells.push(cell)
        server.requests += cell.requests
        server.peakMegabytes = Math.max(server.peakMegabytes, cell.peakMegabytes)
        if (cell.errors > 0) note(`round ${round}, ${name} ${mode} ${connections}: ${failures(cell)}`)
        if (!process.alive) {
          note(`${name} ended during ${mode} at ${connections} connections: ${process.output()}`)
          server.modes.clear()
        }
      }
    }
  }
  return cells
}
