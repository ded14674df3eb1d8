/** The load generator seen from the benchmark: one process on core 0 that is sent commands. */
// @effect-diagnostics *:off
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { ChildProcess } from "./ChildProcess.ts"
import type { LoadCommand, LoadResult } from "./LoadGenerator.ts"
import type { Mode } from "./Payloads.ts"
import type { Target } from "./Targets.ts"

const script = fileURLToPath(import.meta.resolve("./LoadGenerator.ts"))

export class LoadProcess {
  readonly #process: ChildProcess

  constructor(folder: string) {
    this.#process = new ChildProcess({ name: "load", script, arguments: [], core: 0, folder, channel: true })
  }

  get pid(): number {
    return this.#process.pid
  }

  async open(target: Pick<Target, "port" | "model" | "operation">, mode: Mode, connections: number): Promise<void> {
    await this.#send({
      kind: "open",
      operation: target.operation,
      port: target.port,
      model: target.model,
      mode,
      connections
    })
  }

  async run(seconds: number, rate?: number): Promise<LoadResult> {
    return await this.#send({ kind: "run", seconds, ...(rate === undefined ? {} : { rate }) }) as LoadResult
  }

  async warm(requests: number): Promise<LoadResult> {
    return await this.#send({ kind: "warm", requests }) as LoadResult
  }

  async close(): Promise<void> {
    await this.#send({ kind: "close" })
  }

  async stop(): Promise<void> {
    await this.#process.stop(2)
  }

  async #send(command: LoadCommand): Promise<unknown> {
    const child = this.#process.node
    const cancel = new AbortController()
    const gone = once(child, "exit", { signal: cancel.signal }).then(() => {
      throw new Error(`the load process ended\n${this.#process.output()}`)
    })
    gone.catch(() => undefined)
    const answer = once(child, "message", { signal: cancel.signal })
    child.send(command)
    const [message]: ReadonlyArray<unknown> = await Promise.race([answer, gone])
    cancel.abort()
    return message
  }
}
