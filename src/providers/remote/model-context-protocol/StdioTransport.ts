/**
 * An MCP server as a child of this process: messages are lines of JSON. It ends with what it has started itself; its
 * messages are bounded; what it writes that is no message is passed over.
 */
// @effect-diagnostics asyncFunction:off newPromise:off extendsNativeError:off
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js"
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js"
import type { ChildProcessWithoutNullStreams } from "node:child_process"
import { spawn } from "node:child_process"
import { setTimeout as sleep } from "node:timers/promises"
import { LineSplitter } from "./LineSplitter.ts"

export interface Options {
  readonly command: string
  readonly args: ReadonlyArray<string>
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string | undefined
  readonly maxMessageBytes: number
  /** A line as a message; throws where it is none. */
  readonly parse: (line: string) => JSONRPCMessage
  /** A line of what it writes to stderr. */
  readonly onStderr: (line: string) => void
}

/** How long it may take to end when its input has ended, and again when it is told to, milliseconds. */
const graceMs = 1000

/** Longest line of stderr that is kept. */
const longestLogLine = 2000

export class StdioTransport implements Transport {
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: (message: JSONRPCMessage) => void
  readonly #options: Options
  #child: ChildProcessWithoutNullStreams | undefined
  #exited: Promise<void> = Promise.resolve()
  #closing = false
  #ended = false

  constructor(options: Options) {
    this.#options = options
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  start(): Promise<void> {
    const { args, command, cwd, env, maxMessageBytes, onStderr, parse } = this.#options
    // A group of its own: what it starts ends with it.
    const child = spawn(command, [...args], {
      cwd,
      env: { ...env },
      stdio: ["pipe", "pipe", "pipe"],
      detached: process.platform !== "win32",
      windowsHide: true
    })
    this.#child = child
    const messages = new LineSplitter(maxMessageBytes, {
      line: (line) => {
        if (line.trim() === "") return
        let message: JSONRPCMessage
        try {
          message = parse(line)
        } catch {
          this.onerror?.(new Error("it wrote to stdout what is no message of MCP"))
          return
        }
        this.onmessage?.(message)
      },
      tooLong: () => {
        this.onerror?.(new Error(`it sent a message of more than ${maxMessageBytes} bytes`))
        void this.close()
      }
    })
    const log = new LineSplitter(longestLogLine, { line: onStderr, tooLong: () => {} }, "cut")
    child.stdout.on("data", (chunk: Buffer) => messages.add(chunk))
    child.stderr.on("data", (chunk: Buffer) => log.add(chunk))
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on("error", () => {})
    this.#exited = new Promise((resolve) => child.once("close", () => resolve()))
    return new Promise((resolve, reject) => {
      child.once("error", (error) => {
        reject(error)
        this.#end()
      })
      child.once("spawn", resolve)
      child.once("exit", (code, signal) => {
        if (!this.#closing) this.onerror?.(new Error(`it ended (${signal ?? `exit code ${code}`})`))
        this.#signal("SIGKILL")
        this.#end()
      })
    })
  }

  send(message: JSONRPCMessage): Promise<void> {
    const child = this.#child
    if (child === undefined || this.#ended || !child.stdin.writable) return Promise.reject(new Error("it has ended"))
    return new Promise((resolve, reject) => {
      child.stdin.write(`${JSON.stringify(message)}\n`, (error) => error == null ? resolve() : reject(error))
    })
  }

  async close(): Promise<void> {
    this.#closing = true
    const child = this.#child
    if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      child.stdin.end()
      if (!await this.#endsWithin(graceMs)) {
        this.#signal("SIGTERM")
        if (!await this.#endsWithin(graceMs)) this.#signal("SIGKILL")
      }
    }
    this.#end()
  }

  async #endsWithin(ms: number): Promise<boolean> {
    const waiting = new AbortController()
    const late = sleep(ms, false, { signal: waiting.signal }).catch(() => false)
    const ended = await Promise.race([this.#exited.then(() => true), late])
    waiting.abort()
    return ended
  }

  /** To all of its group. */
  #signal(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid
    if (pid === undefined) return
    try {
      process.kill(process.platform === "win32" ? pid : -pid, signal)
    } catch {
      // There is nobody any more.
    }
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    this.onclose?.()
  }
}
