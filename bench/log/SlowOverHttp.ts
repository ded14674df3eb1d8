/** One stretch of load on a server, with or without a client of its event stream that does not read its socket. */
// @effect-diagnostics *:off
import { Effect } from "effect"
import * as http from "node:http"
import { EventHub } from "../../src/events/log/EventHub.ts"
import { LoadProcess } from "../LoadProcess.ts"
import { cpuMicroseconds, residentMegabytes } from "../ProcessUsage.ts"
import type { Target } from "../Targets.ts"
import { openLog } from "./OpenLog.ts"
import { withServer } from "./RecordedTraffic.ts"
import { CaughtUp, type Stretch } from "./SlowStretch.ts"

const connections = 10

/** Opens the event stream; Node takes some of the answer in, then leaves the rest in the socket. */
const connect = (server: Target): Promise<http.IncomingMessage> =>
  new Promise((resolve, reject) => {
    http.get(
      {
        port: server.port,
        host: "127.0.0.1",
        path: "/v1/events?follow=true",
        headers: { accept: "text/event-stream" },
        agent: false
      },
      resolve
    ).once("error", reject)
  })

/** Reads on until the position. */
const readOn = (response: http.IncomingMessage, head: number, caughtUp: CaughtUp): Promise<void> =>
  new Promise((resolve, reject) => {
    let rest = ""
    response.setEncoding("utf8")
    response.on("data", (text: string) => {
      const frames = (rest + text).split("\n\n")
      rest = frames.pop() ?? ""
      for (const frame of frames) {
        const position = Number(/^id: (\d+)\nevent: /.exec(frame)?.[1] ?? 0)
        if (position > 0) caughtUp.saw(position)
      }
      if (caughtUp.position >= head) {
        response.destroy()
        resolve()
      }
    })
    response.once("error", reject)
    response.once("end", () => reject(new Error("the event stream ended")))
  })

const headOf = async (folder: string): Promise<number> => {
  const log = openLog({ folder, access: "read" })
  const head = await log.runPromise(Effect.flatMap(EventHub, (hub) => hub.head))
  await log.dispose()
  return head
}

export const stretchOverHttp = (folder: string, seconds: number, consumer: boolean): Promise<Stretch> =>
  withServer(folder, async (server) => {
    const dataFolder = server.dataFolder ?? ""
    const load = new LoadProcess(folder)
    await load.open(server, "json", connections)
    await load.run(Math.min(2, seconds))
    const response = consumer ? await connect(server) : undefined
    const before = await headOf(dataFolder)
    const cpuBefore = cpuMicroseconds(server.process.pid)
    const startedAt = performance.now()
    await load.run(seconds)
    const elapsed = (performance.now() - startedAt) / 1000
    const cpu = cpuMicroseconds(server.process.pid) - cpuBefore
    const megabytes = residentMegabytes(server.process.pid, "now")
    await load.close()
    await load.stop()
    const head = await headOf(dataFolder)
    const caughtUp = new CaughtUp()
    const readOnAt = performance.now()
    if (response !== undefined) await readOn(response, head, caughtUp)
    return {
      perSecond: (head - before) / elapsed,
      cpuPerEvent: cpu / (head - before),
      events: head,
      megabytes,
      seenInTime: 0,
      caughtUp: response === undefined ? undefined : caughtUp.result(head, readOnAt)
    }
  })
