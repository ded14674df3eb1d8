/** What a request leaves and takes of the database, measured in a server of its own: to count costs time. */
// @effect-diagnostics *:off
import * as fs from "node:fs"
import * as path from "node:path"
import { DatabaseSync } from "node:sqlite"
import { setTimeout as sleep } from "node:timers/promises"
import type { LoadProcess } from "./LoadProcess.ts"
import type { Mode } from "./Payloads.ts"
import type { Target } from "./Targets.ts"
import { startTarget } from "./Targets.ts"

export interface Footprint {
  readonly target: string
  readonly mode: Mode
  readonly connections: number
  readonly statementsPerRequest: number
  /** Pages of the database: the write-ahead log is not counted. */
  readonly storedBytesPerRequest: number
}

interface Context {
  readonly load: LoadProcess
  readonly upstreamPort: number
  readonly folder: string
  readonly modes: ReadonlyArray<Mode>
  readonly connections: ReadonlyArray<number>
  /** What else of the server is asked; default: a chat completion. */
  readonly workloads?: (server: Target) => ReadonlyArray<Target>
  readonly isNative?: boolean
}

const requests = 1000

/** Longer than the folding behind the writer may take. */
const settledMilliseconds = 1200

const countOf = async ({ process: { node } }: Target, file: string): Promise<number> => {
  await sleep(settledMilliseconds)
  fs.rmSync(file, { force: true })
  node.kill("SIGUSR2")
  for (let waited = 0; waited < 200 && !fs.existsSync(file); waited++) await sleep(25)
  return fs.existsSync(file) ? Number(fs.readFileSync(file, "utf8")) : Number.NaN
}

const bytesOf = ({ dataFolder = "" }: Target): number => {
  const name = fs.readdirSync(dataFolder).find((each) => each.endsWith(".db"))
  if (name === undefined) return Number.NaN
  const database = new DatabaseSync(path.join(dataFolder, name), { readOnly: true })
  const { bytes } = database.prepare(
    "SELECT (c.page_count - f.freelist_count) * s.page_size AS bytes " +
      "FROM pragma_page_count() c, pragma_freelist_count() f, pragma_page_size() s"
  ).get() as { readonly bytes: number }
  database.close()
  return bytes
}

export const measureFootprints = async (
  { connections, folder, isNative = false, load, modes, upstreamPort, workloads = (server) => [server] }: Context
): Promise<ReadonlyArray<Footprint>> => {
  const own = path.join(folder, "statements")
  fs.mkdirSync(own)
  const file = path.join(own, "count")
  const target = await startTarget("strata", upstreamPort, own, { countsStatementsIn: file, isNative })
  const figures: Array<Footprint> = []
  for (const workload of workloads(target)) {
    for (const mode of modes) {
      for (const count of connections) {
        await load.open(workload, mode, count)
        await load.warm(100)
        const before = await countOf(target, file)
        const bytesBefore = bytesOf(target)
        const result = await load.warm(requests)
        const after = await countOf(target, file)
        await load.close()
        figures.push({
          target: workload.name,
          mode,
          connections: count,
          statementsPerRequest: (after - before) / result.requests,
          storedBytesPerRequest: (bytesOf(target) - bytesBefore) / result.requests
        })
      }
    }
  }
  await target.process.stop()
  return figures
}
