/** A follower at raw beside the server it follows, at half of what the server can do: CPU, and how far behind. */
// @effect-diagnostics *:off
import { once } from "node:events"
import * as fs from "node:fs"
import * as path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { ChildProcess, freePort } from "../ChildProcess.ts"
import { LoadProcess } from "../LoadProcess.ts"
import { cpuMicroseconds } from "../ProcessUsage.ts"
import { startVendor } from "../Targets.ts"
import type { LagFigures } from "./Lag.ts"

export interface Followed {
  readonly name: "nobody" | "in process" | "over HTTP"
  readonly requestsPerSecond: number
  /** Of the server, for one request. */
  readonly serverCpu: number
  /** Of a follower in a process of its own, for one request. */
  readonly followerCpu: number
  readonly lag: LagFigures | undefined
}

const serverScript = fileURLToPath(import.meta.resolve("./FollowedServer.ts"))
const followerScript = fileURLToPath(import.meta.resolve("./Follower.ts"))
const connections = 50
const warm = 3000

const ask = async ({ node }: ChildProcess, what: "head" | "lag"): Promise<unknown> => {
  const answer = once(node, "message")
  node.send(what)
  const [given]: ReadonlyArray<unknown> = await answer
  return given
}

const lagOf = async (follower: ChildProcess): Promise<LagFigures> => await ask(follower, "lag") as LagFigures

interface Options {
  readonly folder: string
  readonly seconds: number
  readonly load: LoadProcess
  readonly upstreamPort: number
  readonly name: Followed["name"]
  /** Undefined: as many requests as there can be. */
  readonly rate: number | undefined
}

const measure = async ({ folder, load, name, rate, seconds, upstreamPort }: Options): Promise<Followed> => {
  const own = path.join(folder, `${name.replaceAll(" ", "-")}-${rate ?? "most"}`)
  fs.mkdirSync(own)
  const port = await freePort()
  const kind = name === "in process" ? "follow" : "alone"
  const server = new ChildProcess({
    name: "followed",
    script: serverScript,
    arguments: [String(port), String(upstreamPort), path.join(own, "data"), kind],
    core: 1,
    folder: own,
    channel: true
  })
  await server.ready(`http://127.0.0.1:${port}/v1/health`)
  await load.open({ operation: "chat", port, model: "bench/bench-model" }, "json", connections)
  await load.warm(warm)
  const follower = name !== "over HTTP" ? undefined : new ChildProcess({
    name: "follower",
    script: followerScript,
    arguments: [String(port), String(await ask(server, "head"))],
    core: 0,
    folder: own,
    channel: true
  })
  if (follower !== undefined) await once(follower.node, "message")
  await load.run(1, rate)
  const follows = follower ?? server
  if (name !== "nobody") await lagOf(follows)
  const cpuOf = () => [server, follower].map((each) => each === undefined ? Number.NaN : cpuMicroseconds(each.pid))
  const [serverBefore = 0, followerBefore = 0] = cpuOf()
  const result = await load.run(seconds, rate)
  await sleep(1000)
  const [serverAfter = 0, followerAfter = 0] = cpuOf()
  const lag = name === "nobody" ? undefined : await lagOf(follows)
  await load.close()
  await follower?.stop(2)
  await server.stop()
  fs.rmSync(own, { recursive: true, force: true })
  return {
    name,
    requestsPerSecond: result.requestsPerSecond,
    serverCpu: (serverAfter - serverBefore) / result.requests,
    followerCpu: (followerAfter - followerBefore) / result.requests,
    lag
  }
}

export const measureFollowers = async (
  folder: string,
  seconds: number,
  progress: (text: string) => void
): Promise<ReadonlyArray<Followed>> => {
  const { upstream, upstreamPort } = await startVendor("followed-upstream", folder)
  const load = new LoadProcess(folder)
  progress("readers: the most that can be asked")
  const most = await measure({ folder, seconds, load, upstreamPort, name: "nobody", rate: undefined })
  const figures: Array<Followed> = []
  for (const name of ["nobody", "in process", "over HTTP"] as const) {
    progress(`readers: ${name}`)
    figures.push(await measure({ folder, seconds, load, upstreamPort, name, rate: most.requestsPerSecond / 2 }))
  }
  await load.stop()
  await upstream.stop(2)
  return figures
}
