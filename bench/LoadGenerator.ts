/** The load process: opens connections, runs them for a time, and answers with latencies and errors. */
// @effect-diagnostics *:off
import { setTimeout as sleep } from "node:timers/promises"
import { LoadConnection } from "./LoadConnection.ts"
import { answerMark, chatRequest, type Mode } from "./Payloads.ts"

export type LoadCommand =
  | {
    readonly kind: "open"
    readonly port: number
    readonly model: string
    readonly mode: Mode
    readonly connections: number
  }
  | { readonly kind: "run"; readonly seconds: number }
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

export class LoadGenerator {
  #connections: Array<LoadConnection> = []
  #latencies: Array<number> = []
  #reasons: Record<string, number> = {}
  #firstFailure = ""

  open(port: number, model: string, mode: Mode, connections: number): void {
    const options = {
      port,
      request: Buffer.from(chatRequest(port, model, mode)),
      mark: answerMark(mode),
      sample: (milliseconds: number) => this.#latencies.push(milliseconds),
      failed: (reason: string, answer?: Buffer) => {
        this.#reasons[reason] = (this.#reasons[reason] ?? 0) + 1
        if (answer !== undefined && this.#firstFailure === "") this.#firstFailure = answer.toString("utf8", 0, 400)
      }
    }
    this.#connections = Array.from({ length: connections }, () => new LoadConnection(options))
  }

  async run(seconds: number): Promise<LoadResult> {
    this.#latencies = []
    this.#reasons = {}
    this.#firstFailure = ""
    const startedAt = performance.now()
    for (const connection of this.#connections) connection.start()
    await sleep(seconds * 1000)
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
    if (command.kind === "open") generator.open(command.port, command.model, command.mode, command.connections)
    if (command.kind === "close") generator.close()
    process.send?.(command.kind === "run" ? await generator.run(command.seconds) : null)
  })
}
