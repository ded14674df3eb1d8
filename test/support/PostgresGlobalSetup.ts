/** One PostgreSQL for a run of the tests, started when the first of them asks for it. */
// @effect-diagnostics *:off
import { spawn } from "node:child_process"
import type { ChildProcess } from "node:child_process"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import type { TestProject } from "vitest/node"

declare module "vitest" {
  interface ProvidedContext {
    /** Answers with the line the guardian prints. */
    readonly postgresBroker: string
  }
}

const guardian = fileURLToPath(new URL("PostgresGuardian.ts", import.meta.url))

export default async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  let child: ChildProcess | undefined
  let answer: Promise<string> | undefined

  const start = () =>
    new Promise<string>((done) => {
      // Detached: Ctrl-C ends the tests, and the end of its input ends this.
      child = spawn(process.execPath, [guardian], { detached: true, stdio: ["pipe", "pipe", "inherit"] })
      createInterface({ input: child.stdout! }).once("line", done)
      child.once("exit", () => done(JSON.stringify({ failed: "the guardian ended" })))
    })

  const broker = createServer((_, response) => {
    answer ??= start()
    void answer.then((line) => response.end(line))
  })
  await new Promise<void>((done) => broker.listen(0, "127.0.0.1", done))
  broker.unref()
  provide("postgresBroker", `http://127.0.0.1:${(broker.address() as AddressInfo).port}`)

  return async () => {
    broker.close()
    const running = child
    if (running === undefined || running.exitCode !== null) return
    const ended = new Promise<void>((done) => running.once("exit", () => done()))
    running.stdin?.end()
    await ended
  }
}
