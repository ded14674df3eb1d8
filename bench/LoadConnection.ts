/** One client connection in a closed loop: the next request goes out when the last answer has ended. */
// @effect-diagnostics *:off
import * as net from "node:net"
import { AnswerReader } from "./AnswerReader.ts"

export interface LoadConnectionOptions {
  readonly port: number
  readonly request: Buffer
  readonly mark: string
  readonly sample: (milliseconds: number) => void
  readonly failed: (reason: string, answer?: Buffer) => void
}

const reconnectAfter = 20

export class LoadConnection {
  readonly #options: LoadConnectionOptions
  readonly #reader: AnswerReader
  #socket: net.Socket | undefined
  #running = false
  #closed = false
  #sentAt = 0
  #dueAt = 0
  #interval = 0
  #drained: (() => void) | undefined

  constructor(options: LoadConnectionOptions) {
    this.#options = options
    this.#reader = new AnswerReader(options.mark, (answer) => {
      const success = answer.status >= 200 && answer.status < 300
      if (success && answer.complete) options.sample(performance.now() - this.#sentAt)
      else options.failed(success ? "incomplete answer" : `status ${answer.status}`, answer.ending)
      this.#sentAt = 0
      if (answer.closing) this.#socket?.destroy()
      else this.#next()
    })
    this.#connect()
  }

  /** A request is under way. */
  get busy(): boolean {
    return this.#sentAt > 0
  }

  /** `interval`: milliseconds from one request to the next, where the answer does not take longer; 0: at once. */
  start(interval = 0): void {
    this.#running = true
    this.#interval = interval
    this.#dueAt = performance.now() + Math.random() * interval
    if (!this.busy) this.#next()
  }

  /** No new requests; resolves when the one under way has ended. */
  stop(): Promise<void> {
    this.#running = false
    return this.busy ? new Promise((resolve) => this.#drained = resolve) : Promise.resolve()
  }

  close(): void {
    this.#closed = true
    this.#socket?.destroy()
  }

  #next(): void {
    const wait = this.#interval === 0 ? 0 : this.#dueAt - performance.now()
    if (this.#running && wait > 0) {
      setTimeout(() => this.busy || this.#next(), wait)
    } else if (this.#running && this.#socket?.readyState === "open") {
      this.#dueAt = Math.max(this.#dueAt + this.#interval, performance.now() - this.#interval)
      this.#sentAt = performance.now()
      this.#socket.write(this.#options.request)
    } else if (!this.#running) {
      this.#drained?.()
    }
  }

  #connect(): void {
    const socket = net.connect({ host: "127.0.0.1", port: this.#options.port, noDelay: true })
    this.#socket = socket
    this.#reader.reset()
    let reason = "connection closed"
    socket.on("connect", () => this.#next())
    socket.on("data", (bytes) => this.#reader.read(bytes))
    socket.on("error", (error) => reason = error.message)
    socket.on("close", () => {
      if (this.busy || (this.#running && reason !== "connection closed")) this.#options.failed(reason)
      this.#sentAt = 0
      if (!this.#running) this.#drained?.()
      if (!this.#closed) setTimeout(() => this.#closed || this.#connect(), reconnectAfter)
    })
  }
}
