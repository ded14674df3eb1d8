/** The suite of the way of a request: the files and calls of our own that one warm chat completion passes, and a response made over chat. */
// @effect-diagnostics *:off
import { NodeServices } from "@effect/platform-node"
import { Context, Effect, Exit, Layer, Scope } from "effect"
import { HttpServer } from "effect/http"
import { setTimeout as sleep } from "node:timers/promises"
import * as Serve from "../../src/cli/Serve.ts"
import { defaults } from "../../src/kernel/configuration/Configuration.ts"
import { registry } from "../../src/providers/Registry.ts"
import { freePort } from "../ChildProcess.ts"
import { FakeUpstream } from "../FakeUpstream.ts"
import { bodyOf, type Mode, type Operation, pathOf } from "../Payloads.ts"
import type { Suite } from "../Suite.ts"
import { Table } from "../Table.ts"
import type { TracedFile } from "./CallTrace.ts"
import { callTrace } from "./CallTrace.ts"

const warmRequests = 300

/** Long enough that nothing of one request still runs behind its answer. */
const settled = () => sleep(300)

const startStrata = async (upstreamPort: number, folder: string, scope: Scope.Closeable): Promise<string> => {
  const providers = {
    inference: [{
      provider_id: "bench",
      provider_type: "remote::openai",
      config: { base_url: `http://127.0.0.1:${upstreamPort}/v1`, models: ["bench-model"] }
    }]
  }
  const server = { ...defaults.server, port: 0 }
  const recording = { ...defaults.recording, level: "raw" as const }
  const settings = { configuration: { ...defaults, data: folder, server, recording, providers }, skipped: [] }
  const layer = Serve.server(settings, registry).pipe(Layer.provide(NodeServices.layer))
  const context = await Effect.runPromise(Layer.buildWithScope(layer, scope))
  return HttpServer.formatAddress(Context.get(context, HttpServer.HttpServer).address)
}

const ask = async (url: string, operation: Operation, mode: Mode): Promise<void> => {
  const response = await fetch(`${url}${pathOf(operation)}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: bodyOf(operation, "bench/bench-model", mode)
  })
  if (!response.ok) throw new Error(`the ${operation} request was answered ${response.status}`)
  await response.text()
}

const operations: ReadonlyArray<Operation> = ["chat", "responses"]

/** Functions of a file that are named. */
const mostShown = 4

const callsOf = (files: ReadonlyArray<TracedFile>): number => files.reduce((sum, { calls }) => sum + calls, 0)

/** Files, functions, calls. */
const figuresOf = (files: ReadonlyArray<TracedFile>): ReadonlyArray<string> => {
  const functions = files.reduce((sum, each) => sum + each.functions.length, 0)
  return [files.length, functions, callsOf(files)].map(String)
}

export const traceSuite: Suite = async ({ folder, options, progress }) => {
  const upstreamPort = await freePort()
  const upstream = FakeUpstream(upstreamPort)
  const scope = Scope.makeUnsafe()
  try {
    const url = await startStrata(upstreamPort, folder, scope)
    const figures: Record<string, object> = {}
    const rows: Array<ReadonlyArray<string>> = []
    const texts: Array<string> = []
    for (const [operation, mode] of operations.flatMap((one) => options.modes.map((mode) => [one, mode] as const))) {
      const name = `${operation} ${mode}`
      progress(`trace: ${name}`)
      const warmUp = async () => {
        for (let count = 0; count < warmRequests; count++) await ask(url, operation, mode)
        await settled()
      }
      const [onTheWay = [], behind = []] = await callTrace(warmUp, [() => ask(url, operation, mode), settled])
      rows.push([name, ...figuresOf(onTheWay), String(callsOf(behind))])
      texts.push(Table(
        `${name}: file | functions | calls | most often called`,
        1,
        onTheWay.map(({ calls, file, functions }) => [
          file,
          String(functions.length),
          String(calls),
          functions.slice(0, mostShown).map(({ calls, name }) => `${name} ${calls}`).join(", ")
        ])
      ))
      figures[name] = { onTheWay, behind, calls: callsOf(onTheWay) }
    }
    const summary = Table("one warm request at raw | files | functions | calls | behind the answer", 1, rows)
    return { text: [...texts, summary].join("\n\n"), figures }
  } finally {
    await Effect.runPromise(Scope.close(scope, Exit.void))
    upstream.closeAllConnections()
    upstream.close()
  }
}
