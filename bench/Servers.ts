/** The servers of a run: started once, warmed up, and stopped in the end. */
// @effect-diagnostics *:off
import * as fs from "node:fs"
import * as path from "node:path"
import type { HttpOptions } from "./BenchOptions.ts"
import type { ChildProcess } from "./ChildProcess.ts"
import type { LoadResult } from "./LoadGenerator.ts"
import type { LoadProcess } from "./LoadProcess.ts"
import type { Mode } from "./Payloads.ts"
import type { Target } from "./Targets.ts"
import { recordedBytes, startTarget } from "./Targets.ts"

export interface RunContext {
  readonly options: HttpOptions
  readonly load: LoadProcess
  readonly upstream: ChildProcess
  readonly upstreamPort: number
  readonly folder: string
  readonly progress: (text: string) => void
  /** What a reader of the figures has to know. */
  readonly note: (text: string) => void
}

export interface Running {
  readonly target: Target
  /** Kinds of answers that it gives. */
  readonly modes: Set<Mode>
  requests: number
  peakMegabytes: number
}

export interface ServerFigures {
  readonly target: string
  readonly startMilliseconds: number
  readonly idleMegabytes: number
  readonly peakMegabytes: number
  readonly requests: number
  /** Database files after an orderly stop, for all requests. */
  readonly bytesPerRequest: number
}

const warmUpConnections = 100

const message = (error: unknown): string => error instanceof Error ? error.message : String(error)

export const failures = (result: LoadResult): string =>
  `${
    Object.entries(result.errorReasons).map(([reason, count]) => `${count} x ${reason}`).join(", ")
  } ${result.firstFailure}`

const warmUp = async ({ load, note, options }: RunContext, server: Running): Promise<void> => {
  for (const mode of options.modes) {
    await load.open(server.target, mode, warmUpConnections)
    const warm = await load.warm(Math.ceil(options.warm / options.modes.length))
    await load.close()
    server.requests += warm.requests
    if (warm.requests > 0) server.modes.add(mode)
    else note(`${server.target.name} ${mode} skipped: ${failures(warm)}`)
  }
}

export const startServers = async (context: RunContext): Promise<ReadonlyArray<Running>> => {
  const { note, options, progress, upstreamPort } = context
  const running: Array<Running> = []
  for (const name of options.targets) {
    const folder = path.join(context.folder, name)
    fs.mkdirSync(folder)
    try {
      const target = await startTarget(name, upstreamPort, folder)
      running.push({ target, modes: new Set(), requests: 0, peakMegabytes: target.idleMegabytes })
    } catch (error) {
      note(`${name} skipped: ${message(error)}`)
    }
  }
  for (const server of running) {
    progress(`warm up: ${server.target.name}`)
    await warmUp(context, server)
  }
  return running
}

export const stopServers = async (
  { note }: RunContext,
  running: ReadonlyArray<Running>
): Promise<ReadonlyArray<ServerFigures>> => {
  const figures: Array<ServerFigures> = []
  for (const { peakMegabytes, requests, target } of running) {
    const { dataFolder, idleMegabytes, name, process, startMilliseconds } = target
    const orderly = await process.stop()
    if (!orderly) note(`${name} had to be killed: it did not end within 10 s of SIGTERM`)
    const bytesPerRequest = recordedBytes(target) / requests
    figures.push({ target: name, startMilliseconds, idleMegabytes, peakMegabytes, requests, bytesPerRequest })
    if (dataFolder !== undefined) fs.rmSync(dataFolder, { recursive: true, force: true })
  }
  return figures
}
