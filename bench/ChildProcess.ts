/** Starts the processes of the benchmark, each on its core, and ends them. */
// @effect-diagnostics *:off
import { type ChildProcess as NodeChild, spawn, spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as net from "node:net"
import { availableParallelism } from "node:os"
import * as path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { atExit } from "./Cleanup.ts"

const pinner = "taskset"

/** taskset is there and the machine has two cores to tell apart. */
export const canPin: boolean = availableParallelism() > 1 && spawnSync(pinner, ["-c", "1", "true"]).status === 0

export interface ChildOptions {
  readonly name: string
  readonly script: string
  readonly arguments: ReadonlyArray<string>
  readonly core: 0 | 1
  /** Where the output goes. */
  readonly folder: string
  /** A module that is loaded before the script. */
  readonly preload?: string
  readonly environment?: Readonly<Record<string, string>>
  /** Ours: it ends when this process does, and may be sent messages. */
  readonly channel: boolean
}

export class ChildProcess {
  readonly node: NodeChild
  readonly name: string
  readonly startedAt = performance.now()
  readonly #log: string
  readonly #kill: () => void

  constructor(options: ChildOptions) {
    this.name = options.name
    this.#log = path.join(options.folder, `${options.name}.log`)
    const log = fs.openSync(this.#log, "a")
    const preload = options.preload === undefined ? [] : ["--import", options.preload]
    const command = [
      ...(canPin ? [pinner, "-c", String(options.core)] : []),
      process.execPath,
      ...preload,
      options.script
    ]
    this.node = spawn(command[0] ?? "", [...command.slice(1), ...options.arguments], {
      cwd: options.folder,
      env: { ...process.env, ...options.environment },
      stdio: options.channel ? ["ignore", log, log, "ipc"] : ["ignore", log, log]
    })
    fs.closeSync(log)
    this.node.on("error", () => undefined)
    this.#kill = atExit(() => this.node.kill("SIGKILL"))
  }

  get pid(): number {
    return this.node.pid ?? 0
  }

  get alive(): boolean {
    return this.node.pid !== undefined && this.node.exitCode === null && this.node.signalCode === null
  }

  /** Milliseconds from the start to the first 200. */
  async ready(url: string, seconds = 20): Promise<number> {
    while (this.alive && performance.now() - this.startedAt < seconds * 1000) {
      const answer = await fetch(url, { headers: { connection: "close" } }).catch(() => undefined)
      await answer?.text().catch(() => undefined)
      if (answer?.status === 200) return performance.now() - this.startedAt
      await sleep(5)
    }
    const ending = this.alive ? `no 200 from ${url} within ${seconds} s` : `ended with code ${this.node.exitCode}`
    throw new Error(`${this.name} did not start: ${ending}\n${this.output()}`)
  }

  /** The end of what it printed, without stack frames. */
  output(): string {
    const lines = fs.readFileSync(this.#log, "utf8").trim().split("\n")
    return lines.filter((line) => !line.startsWith("    at ")).slice(-12).join("\n").slice(-1500)
  }

  /** Asks it to end; says whether it did within the time, before it is killed. */
  async stop(seconds = 10): Promise<boolean> {
    this.node.kill("SIGTERM")
    const deadline = performance.now() + seconds * 1000
    while (this.alive && performance.now() < deadline) await sleep(20)
    const ended = !this.alive
    this.#kill()
    return ended
  }
}

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = net.createServer()
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0))
    })
  })
