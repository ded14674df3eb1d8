/** One measurement: a target under a number of connections with one kind of answer. */
// @effect-diagnostics *:off
import { setTimeout as sleep } from "node:timers/promises"
import type { LoadResult } from "./LoadGenerator.ts"
import type { LoadProcess } from "./LoadProcess.ts"
import type { Mode } from "./Payloads.ts"
import { cpuMicroseconds, machineUsage, resetPeakMemory, residentMegabytes } from "./ProcessUsage.ts"
import type { Target } from "./Targets.ts"

export interface Cell extends LoadResult {
  readonly round: number
  /** A server, or what is asked of it. */
  readonly target: string
  readonly mode: Mode
  readonly connections: number
  /** User and system time of the server for one request. */
  readonly cpuPerRequest: number
  readonly peakMegabytes: number
  /** Shares of 0 to 1: of the machine by strangers, of one core by the load. */
  readonly foreignShare: number
  readonly loadShare: number
}

export interface CellOptions {
  readonly round: number
  readonly target: Target
  readonly mode: Mode
  readonly connections: number
  readonly seconds: number
  readonly upstreamPid: number
}

/** Work that follows the last answer is counted too. */
const settleMilliseconds = 250

const snapshot = (load: LoadProcess, options: CellOptions) => ({
  time: performance.now() * 1000,
  server: cpuMicroseconds(options.target.process.pid),
  load: cpuMicroseconds(load.pid),
  upstream: cpuMicroseconds(options.upstreamPid),
  self: process.cpuUsage(),
  machine: machineUsage()
})

export const measureCell = async (load: LoadProcess, options: CellOptions): Promise<Cell> => {
  const { connections, mode, round, seconds, target } = options
  await load.open(target, mode, connections)
  await load.run(Math.min(0.5, seconds))
  resetPeakMemory(target.process.pid)
  const before = snapshot(load, options)
  const result = await load.run(seconds)
  await sleep(settleMilliseconds)
  const after = snapshot(load, options)
  await load.close()

  const server = after.server - before.server
  const loadTime = after.load - before.load
  const self = after.self.user + after.self.system - before.self.user - before.self.system
  const ours = server + loadTime + after.upstream - before.upstream + self
  const busy = after.machine.busyMicroseconds - before.machine.busyMicroseconds
  return {
    ...result,
    round,
    target: target.name,
    mode,
    connections,
    cpuPerRequest: server / result.requests,
    peakMegabytes: residentMegabytes(target.process.pid, "peak"),
    foreignShare: Math.max(0, busy - ours) / (after.machine.totalMicroseconds - before.machine.totalMicroseconds),
    loadShare: loadTime / (after.time - before.time)
  }
}
