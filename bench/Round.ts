/** One round: fresh servers, warmed up, then every cell, the targets of a cell one right after the other. */
// @effect-diagnostics *:off
import * as fs from "node:fs"
import * as path from "node:path"
import type { HttpOptions } from "./BenchOptions.ts"
import { type Cell, measureCell } from "./Cell.ts"
import type { ChildProcess } from "./ChildProcess.ts"
import type { LoadResult } from "./LoadGenerator.ts"
import type { LoadProcess } from "./LoadProcess.ts"
import type { Mode } from "./Payloads.ts"
import { recordedBytes, startTarget, type Target, type TargetName } from "./Targets.ts"

export interface ServerFigures {
  readonly round: number
  readonly target: TargetName
  readonly startMilliseconds: number
  readonly idleMegabytes: number
  readonly peakMegabytes: number
  readonly requests: number
  /** Database files after an orderly stop, for all requests of the round. */
  readonly bytesPerRequest: number
}

export interface RoundResult {
  readonly cells: ReadonlyArray<Cell>
  readonly servers: ReadonlyArray<ServerFigures>
  readonly notes: ReadonlyArray<string>
}

export interface RoundContext {
  readonly options: HttpOptions
  readonly load: LoadProcess
  readonly upstream: ChildProcess
  readonly upstreamPort: number
  readonly folder: string
  readonly progress: (text: string) => void
}

interface Running {
  readonly target: Target
  readonly modes: Set<Mode>
  requests: number
}

const warmUpSeconds = 2
const warmUpConnections = 10

const message = (error: unknown): string => error instanceof Error ? error.message : String(error)

const failures = (result: LoadResult): string =>
  `${
    Object.entries(result.errorReasons).map(([reason, count]) => `${count} x ${reason}`).join(", ")
  } ${result.firstFailure}`

export const runRound = async (round: number, context: RoundContext): Promise<RoundResult> => {
  const { load, options, progress } = context
  const cells: Array<Cell> = []
  const servers: Array<ServerFigures> = []
  const notes: Array<string> = []
  const running: Array<Running> = []
  const note = (text: string): void => {
    notes.push(text)
    progress(text)
  }

  for (const name of options.targets) {
    const folder = path.join(context.folder, `${name}-${round}`)
    fs.mkdirSync(folder)
    try {
      running.push({ target: await startTarget(name, context.upstreamPort, folder), modes: new Set(), requests: 0 })
    } catch (error) {
      note(`${name} skipped: ${message(error)}`)
    }
  }

  for (const server of running) {
    for (const mode of options.modes) {
      await load.open(server.target, mode, warmUpConnections)
      const warm = await load.run(Math.min(warmUpSeconds, options.seconds))
      await load.close()
      server.requests += warm.requests
      if (warm.requests > 0) server.modes.add(mode)
      else note(`${server.target.name} ${mode} skipped: ${failures(warm)}`)
    }
  }

  for (const mode of options.modes) {
    for (const connections of options.connections) {
      for (const server of running.filter((each) => each.modes.has(mode))) {
        const { name, process } = server.target
        progress(`round ${round}: ${name} ${mode} ${connections}`)
        const upstreamPid = context.upstream.pid
        const cell = await measureCell(load, {
          round,
          target: server.target,
          mode,
          connections,
          seconds: options.seconds,
          upstreamPid
        })
        cells.push(cell)
        server.requests += cell.requests
        if (cell.errors > 0) note(`round ${round}, ${name} ${mode} ${connections}: ${failures(cell)}`)
        if (!process.alive) {
          note(`${name} ended during ${mode} at ${connections} connections: ${process.output()}`)
          server.modes.clear()
        }
      }
    }
  }

  for (const server of running) {
    const { idleMegabytes, name, process, startMilliseconds } = server.target
    const orderly = await process.stop()
    if (!orderly) note(`${name} had to be killed: it did not end within 10 s of SIGTERM`)
    servers.push({
      round,
      target: name,
      startMilliseconds,
      idleMegabytes,
      peakMegabytes: Math.max(...cells.filter((cell) => cell.target === name).map((cell) => cell.peakMegabytes)),
      requests: server.requests,
      bytesPerRequest: recordedBytes(server.target) / server.requests
    })
    if (server.target.dataFolder !== undefined) fs.rmSync(server.target.dataFolder, { recursive: true, force: true })
  }
  return { cells, servers, notes }
}
