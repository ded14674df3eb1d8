/** The load process: opens connections, runs them for a time, and answers with latencies and errors. */
// @effect-diagnostics *:off
import { setTimeout as sleep } from "node:timers/promises"
import { LoadConnection } from "./LoadConnection.ts"
import { answerMark, type Mode, type Operation, requestOf } from "./Payloads.ts"

export type LoadCommand =
  | {
    readonly kind: "open"
    readonly port: number
    readonly model: string
    readonly operation: Operation
    readonly mode: Mode
    readonly connections: number
  }
  | { readonly kind: "run"; readonly seconds: number; readonly rate?: number }
  /** Until so many requests were answered, or failed. */
  | { readonly kind: "warm"; readonly requests: number }
  | { readonly kind: "close" }

export interface LoadResult {
  /** Answers within the time. */
  readonly requestsPerSecond: number
  /** All answers, those that ended after the time too. */
  readonly requests: number
  readonly p50: number
  readonly p99: number
  readonly errors: number
  readonly errorReasons: Readonly<Record<string, number>>
  /** The end of the first answer that was an error. */
  readonly firstFailure: string
}

const drainSeconds = 10

/** Seconds, on a machine that has no time for it. */
const longestWarmUp = 120

export class LoadGenerator {
  #connections: Array<LoadConnection> = []
  #latencies: Array<number> = []
  #reasons: Record<string, number> = {}
  #firstFailure = ""

  open(operation: Operation, port: number, model: string, mode: Mode, connections: number): void {
    const options = {
      port,
      request: Buffer.from(requestOf(operation, port, model, mode)),
      mark: answerMark(operation, mode),
      sample: (milliseconds: number) => this.#latencies.push(milliseconds),
      failed: (reason: string, answer?: Buffer) => {
        this.#reasons[reason] = (this.#reasons[reason] ?? 0) + 1
        if (answer !== undefined && this.#firstFailure === "") this.#firstFailure = answer.toString("utf8", 0, 400)
      }
    }
    this.#connections = Array.from({ length: connections }, () => new LoadConnection(options))
  }

  /** `rate`: requests a second, of all connections; default as many as there can be. */
  run(seconds: number, rate?: number): Promise<LoadResult> {
    return this.#load(() => sleep(seconds * 1000), rate === undefined ? 0 : this.#connections.length / rate * 1000)
  }

  warm(requests: number): Promise<LoadResult> {
    return this.#load(async () => {
      const deadline = performance.now() + longestWarmUp * 1000
      while (this.#latencies.length < requests && performance.now() < deadline) {
        await sleep(10)
        if (this.#latencies.length === 0 && this.#firstFailure !== "") return
      }
    })
  }

  async #load(until: () => Promise<void>, interval = 0): Promise<LoadResult> {
    this.#latencies = []
    this.#reasons = {}
    this.#firstFailure = ""
    const startedAt = performance.now()
    for (const connection of this.#connections) connection.start(interval)
    await until()
    const within = this.#latencies.length
    const elapsed = (performance.now() - startedAt) / 1000
    const cancel = new AbortController()
    await Promise.race([
      Promise.all(this.#connections.map((connection) => connection.stop())),
      sleep(drainSeconds * 1000, undefined, { signal: cancel.signal }).catch(() => undefined)
    ])
    cancel.abort()
    const unanswered = this.#connections.filter((connection) => connection.busy).length
    if (unanswered > 0) this.#reasons[`no answer within ${drainSeconds} s`] = unanswered
    const sorted = Float64Array.from(this.#latencies).sort()
    const percentile = (share: number): number =>
      sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
    return {
      requestsPerSecond: within / elapsed,
      requests: sorted.length,
      p50: percentile(0.5),
      p99: percentile(0.99),
      errors: Object.values(this.#reasons).reduce((sum, count) => sum + count, 0),
      errorReasons: this.#reasons,
      firstFailure: this.#firstFailure
    }
  }

  close(): void {
    for (const connection of this.#connections) connection.close()
    this.#connections = []
  }
}

if (import.meta.main) {
  const generator = new LoadGenerator()
  process.once("disconnect", () => process.exit())
  process.on("message", async (command: LoadCommand) => {
    if (command.kind === "open") {
      const { connections, mode, model, operation, port } = command
      generator.open(operation, port, model, mode, connections)
    }
    if (command.kind === "close") generator.close()
    if (command.kind === "run") process.send?.(await generator.run(command.seconds, command.rate))
    else if (command.kind === "warm") process.send?.(await generator.warm(command.requests))
    else process.send?.(null)
  })
}
