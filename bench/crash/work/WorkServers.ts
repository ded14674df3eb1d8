/** Servers that do work, as processes: started, asked, killed. */
// @effect-diagnostics *:off
import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { atExit } from "../../Cleanup.ts"
import type { ServerMessage, ServerTask } from "./WorkServer.ts"

const script = fileURLToPath(import.meta.resolve("./WorkServer.ts"))

/** Longest start, milliseconds. */
const longestStart = 60_000

export interface WorkServer {
  /** True until it was killed, or ended by itself. */
  readonly isAlive: () => boolean
  readonly submit: (workId: string, round: number) => void
  /** With SIGKILL; resolves when it is gone. */
  readonly kill: () => Promise<void>
}

/** `acknowledged` is called for each piece that is in the log. */
export const startServer = async (
  task: ServerTask,
  acknowledged: (workId: string) => void
): Promise<WorkServer> => {
  const child = spawn(process.execPath, [script, JSON.stringify(task)], { stdio: ["pipe", "pipe", "pipe"] })
  const killNow = atExit(() => child.kill("SIGKILL"))
  let alive = true
  let complaints = ""
  const gone = once(child, "close").then(() => void (alive = false))
  child.stderr.setEncoding("utf8").on("data", (text: string) => complaints += text)
  // What is submitted to one that is killed meanwhile was not submitted.
  child.stdin.on("error", () => undefined)
  const ready = new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`a server did not start: ${complaints}`)), longestStart)
    createInterface({ input: child.stdout }).on("line", (line) => {
      // The last line may be cut off by the kill: what it says was not said.
      if (!line.endsWith("}")) return
      const message: ServerMessage = JSON.parse(line)
      if ("acknowledged" in message) return acknowledged(message.acknowledged)
      clearTimeout(late)
      resolve()
    })
    void gone.then(() => {
      clearTimeout(late)
      reject(new Error(`a server ended by itself: ${complaints}`))
    })
  })
  await ready
  return {
    isAlive: () => alive,
    submit: (workId, round) => void child.stdin.write(`${workId} ${round}\n`),
    kill: () => {
      killNow()
      return gone
    }
  }
}
