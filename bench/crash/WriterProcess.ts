/** Starts the writer and kills it at its moment; what it told until then is in the ledger. */
// @effect-diagnostics *:off
import { spawn } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { createInterface } from "node:readline"
import type { Readable } from "node:stream"
import { fileURLToPath } from "node:url"
import { atExit } from "../Cleanup.ts"
import type { Ledger } from "./Ledger.ts"
import type { Moment, WriterMessage, WriterTask } from "./WriterMessages.ts"

export interface Kill {
  /** What it is waited for; `start`: the process itself; a number: so many acknowledged appends. */
  readonly after: "start" | Moment | number
  readonly milliseconds: number
}

const script = fileURLToPath(import.meta.resolve("./Writer.ts"))

/** Longest wait for the moment, milliseconds. */
const patience = 120_000

/** Resolves when the process has ended; fails where it ended by itself. At the moment, `first` is done before. */
export const runAndKill = (
  folder: string,
  task: WriterTask,
  kill: Kill,
  ledger: Ledger,
  first?: () => Promise<void>
): Promise<void> =>
  new Promise((resolve, reject) => {
    const file = path.join(folder, "task.json")
    fs.writeFileSync(file, JSON.stringify(task))
    const child = spawn(process.execPath, [script, file], { stdio: ["ignore", "inherit", "pipe", "pipe"] })
    const killNow = atExit(() => child.kill("SIGKILL"))
    let firstDone = Promise.resolve()
    let complaints = ""
    let timer: NodeJS.Timeout | undefined

    const arm = (milliseconds: number): void => {
      timer ??= setTimeout(() => {
        if (first === undefined) return killNow()
        firstDone = first()
        firstDone.then(killNow, killNow)
      }, milliseconds)
    }
    const tooLong = setTimeout(() => {
      complaints += `the moment "${kill.after}" did not come within ${patience} ms`
      child.kill("SIGTERM")
    }, patience)

    let acknowledged = 0
    const take = (line: string): void => {
      // The last line may be cut off by the kill: what it says was not said.
      if (!line.endsWith("}")) return
      const message: WriterMessage = JSON.parse(line)
      ledger.take(message)
      if ("at" in message && message.at === kill.after) arm(kill.milliseconds)
      if ("acknowledged" in message && ++acknowledged === kill.after) arm(kill.milliseconds)
    }
    const lines = createInterface({ input: child.stdio[3] as Readable }).on("line", take)
    const allRead = new Promise((done) => lines.once("close", done))
    child.stderr?.setEncoding("utf8").on("data", (text: string) => complaints += text)
    if (kill.after === "start") arm(kill.milliseconds)

    child.once("close", (code, signal) => {
      clearTimeout(tooLong)
      clearTimeout(timer)
      killNow()
      void Promise.all([allRead, firstDone]).then(() => {
        if (signal === "SIGKILL") resolve()
        else reject(new Error(`the writer ended by itself (code ${code}, signal ${signal}): ${complaints}`))
      }, reject)
    })
  })
