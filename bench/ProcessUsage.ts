/** Reads CPU time and memory from Linux's /proc; elsewhere every figure is NaN. */
// @effect-diagnostics *:off
import * as fs from "node:fs"

const read = (path: string): string => {
  try {
    return fs.readFileSync(path, "utf8")
  } catch {
    return ""
  }
}

/** One tick of user time is 10 ms on every Linux that Node runs on. */
const microsecondsPerTick = 10_000

const children = (pid: number): Array<number> => {
  try {
    return fs.readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      read(`/proc/${pid}/task/${task}/children`).split(" ").filter((text) => text !== "").map(Number)
    )
  } catch {
    return []
  }
}

/** User and system time of a process, all its threads and its living children. */
export const cpuMicroseconds = (pid: number): number => {
  const stat = read(`/proc/${pid}/stat`)
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  const own = (Number(fields[11] ?? Number.NaN) + Number(fields[12] ?? Number.NaN)) * microsecondsPerTick
  return children(pid).reduce((sum, child) => sum + (cpuMicroseconds(child) || 0), own)
}

/** Resident memory in MB of a process and its children: now, or the most since it was last reset. */
export const residentMegabytes = (pid: number, which: "now" | "peak"): number => {
  const line = which === "now" ? /^VmRSS:\s+(\d+)/m : /^VmHWM:\s+(\d+)/m
  const own = Number(line.exec(read(`/proc/${pid}/status`))?.[1] ?? Number.NaN) * 1024 / 1e6
  return children(pid).reduce((sum, child) => sum + (residentMegabytes(child, which) || 0), own)
}

export const resetPeakMemory = (pid: number): void => {
  for (const each of [pid, ...children(pid)]) {
    try {
      fs.writeFileSync(`/proc/${each}/clear_refs`, "5")
    } catch {
      // Where it cannot be reset, the peak is that of the whole life.
    }
  }
}

export interface MachineUsage {
  /** Time that any process, or a neighbour of this virtual machine, used. */
  readonly busyMicroseconds: number
  readonly totalMicroseconds: number
}

export const machineUsage = (): MachineUsage => {
  const line = /^cpu .*$/m.exec(read("/proc/stat"))?.[0] ?? ""
  const [user, nice, system, idle, wait, hard, soft, steal] = line.trim().split(/\s+/).slice(1, 9).map(Number)
  // Interrupts too: Linux counts the network's among the time of the process they hit.
  const busy = (user ?? Number.NaN) + (nice ?? 0) + (system ?? 0) + (hard ?? 0) + (soft ?? 0) + (steal ?? 0)
  const total = busy + (idle ?? 0) + (wait ?? 0)
  return { busyMicroseconds: busy * microsecondsPerTick, totalMicroseconds: total * microsecondsPerTick }
}
