/** The servers under test: the bare upstream, the minimal proxy and Strata. */
// @effect-diagnostics *:off
import * as fs from "node:fs"
import * as path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { ChildProcess, freePort } from "./ChildProcess.ts"
import type { Operation } from "./Payloads.ts"
import { residentMegabytes } from "./ProcessUsage.ts"

export const targetNames = ["upstream", "proxy", "strata"] as const
export type TargetName = (typeof targetNames)[number]

export interface Target {
  readonly name: string
  readonly process: ChildProcess
  readonly port: number
  readonly operation: Operation
  /** The name of the model as its clients send it. */
  readonly model: string
  readonly startMilliseconds: number
  readonly idleMegabytes: number
  /** Where it keeps what it records. */
  readonly dataFolder: string | undefined
}

export const upstreamScript: string = fileURLToPath(import.meta.resolve("./FakeUpstream.ts"))

/** The vendor, on the core of the load; it listens to what it shall answer. */
export const startVendor = async (
  name: string,
  folder: string
): Promise<{ readonly upstream: ChildProcess; readonly upstreamPort: number }> => {
  const upstreamPort = await freePort()
  const start = {
    name,
    script: upstreamScript,
    arguments: [String(upstreamPort)],
    core: 0,
    folder,
    channel: true
  } as const
  const upstream = new ChildProcess(start)
  await upstream.ready(`http://127.0.0.1:${upstreamPort}/v1/models`)
  return { upstream, upstreamPort }
}
const proxyScript = fileURLToPath(import.meta.resolve("./MinimalProxy.ts"))
const strataScript = fileURLToPath(import.meta.resolve("../bin/strata.js"))

const strataConfiguration = (upstreamPort: number): string =>
  `recording: { level: raw }
providers:
  inference:
    - provider_id: bench
      provider_type: "remote::openai"
      config: { base_url: "http://127.0.0.1:${upstreamPort}/v1", models: ["bench-model"] }
`

/** The vendor once more, where it is asked for responses. */
const nativeProvider = (upstreamPort: number): string =>
  `    - provider_id: native
      provider_type: "remote::openai"
      config: { base_url: "http://127.0.0.1:${upstreamPort}/v1", models: ["bench-model"], api: responses }
`

interface Start {
  readonly script: string
  readonly arguments: ReadonlyArray<string>
  readonly readyPath: string
  readonly dataFolder?: string
}

const howToStart = (name: TargetName, port: number, upstreamPort: number, folder: string, isNative: boolean): Start => {
  if (name === "upstream") return { script: upstreamScript, arguments: [String(port)], readyPath: "/v1/models" }
  if (name === "proxy") {
    return { script: proxyScript, arguments: [String(port), String(upstreamPort)], readyPath: "/v1/models" }
  }
  const configuration = path.join(folder, "strata.yaml")
  const dataFolder = path.join(folder, "data")
  fs.mkdirSync(dataFolder)
  const providers = strataConfiguration(upstreamPort) + (isNative ? nativeProvider(upstreamPort) : "")
  fs.writeFileSync(configuration, providers)
  const where = ["--port", String(port), "--host", "127.0.0.1"]
  return {
    script: strataScript,
    arguments: ["serve", ...where, "--data", dataFolder, "--config", configuration],
    readyPath: "/v1/health",
    dataFolder
  }
}

const counterModule = import.meta.resolve("./StatementCounter.ts")

/** Starts the server on core 1 and waits until it answers; fails when it does not. */
export const startTarget = async (
  name: TargetName,
  upstreamPort: number,
  folder: string,
  { countsStatementsIn, isNative = false }: {
    readonly countsStatementsIn?: string | undefined
    /** Also with a provider `native`, whose vendor is asked for responses. */
    readonly isNative?: boolean
  } = {}
): Promise<Target> => {
  const port = await freePort()
  const start = howToStart(name, port, upstreamPort, folder, isNative)
  const process = new ChildProcess({
    name,
    script: start.script,
    arguments: start.arguments,
    core: 1,
    folder,
    channel: name !== "strata",
    ...(countsStatementsIn === undefined ? {} : {
      preload: counterModule,
      environment: { STRATA_BENCH_STATEMENTS: countsStatementsIn }
    })
  })
  try {
    const startMilliseconds = await process.ready(`http://127.0.0.1:${port}${start.readyPath}`)
    await sleep(500)
    const idleMegabytes = residentMegabytes(process.pid, "now")
    const model = name === "strata" ? "bench/bench-model" : "bench-model"
    const { dataFolder } = start
    return { name, process, port, operation: "chat", model, startMilliseconds, idleMegabytes, dataFolder }
  } catch (error) {
    await process.stop(2)
    throw error
  }
}

/** Bytes of the target's database files, the write-ahead log included. */
export const recordedBytes = (target: Target): number => {
  if (target.dataFolder === undefined) return Number.NaN
  return fs.readdirSync(target.dataFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith("-shm"))
    .reduce((sum, entry) => {
      const size = fs.statSync(path.join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size
      return sum + (size ?? 0)
    }, 0)
}
