/** Real traffic for the suites of the log: chat completions through a Strata server, recorded at raw level. */
// @effect-diagnostics *:off
import * as fs from "node:fs"
import * as path from "node:path"
import { ChildProcess, freePort } from "../ChildProcess.ts"
import { chatBody } from "../Payloads.ts"
import { startTarget, type Target, upstreamScript } from "../Targets.ts"

export interface RecordedTraffic {
  readonly dataFolder: string
  readonly sessions: ReadonlyArray<string>
  readonly requests: number
  /** How long the live server took for all requests, one after the other. */
  readonly liveSeconds: number
}

const sessionHeader = "x-strata-session-id"

/** Starts an upstream and a Strata server, hands the server over, and stops both. */
export const withServer = async <A>(folder: string, use: (server: Target) => Promise<A>): Promise<A> => {
  fs.mkdirSync(folder, { recursive: true })
  const port = await freePort()
  const options = { name: "upstream", script: upstreamScript, core: 0, folder, channel: true } as const
  const upstream = new ChildProcess({ ...options, arguments: [String(port)] })
  try {
    await upstream.ready(`http://127.0.0.1:${port}/v1/models`)
    const server = await startTarget("strata", port, folder)
    try {
      return await use(server)
    } finally {
      await server.process.stop()
    }
  } finally {
    await upstream.stop(2)
  }
}

/** Asks once, in the session or in one of its own; answers with the session's id. */
const ask = async (server: Target, mode: "json" | "sse", session: string | undefined): Promise<string> => {
  const response = await fetch(`http://127.0.0.1:${server.port}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(session === undefined ? {} : { [sessionHeader]: session }) },
    body: chatBody(server.model, mode)
  })
  const text = await response.text()
  if (response.status !== 200) throw new Error(`the server answered ${response.status}: ${text}`)
  return response.headers.get(sessionHeader) ?? ""
}

/** So many sessions of so many requests, in turn answered as JSON and as a stream. */
export const recordTraffic = (
  folder: string,
  sessions: number,
  requestsEach: number
): Promise<RecordedTraffic> =>
  withServer(folder, async (server) => {
    const ids: Array<string> = []
    for (let warmUp = 0; warmUp < 20; warmUp += 1) await ask(server, warmUp % 2 === 0 ? "json" : "sse", undefined)
    const startedAt = performance.now()
    for (let count = 0; count < sessions; count += 1) {
      let session: string | undefined
      for (let turn = 0; turn < requestsEach; turn += 1) {
        session = await ask(server, turn % 2 === 0 ? "json" : "sse", session)
      }
      ids.push(session ?? "")
    }
    return {
      dataFolder: server.dataFolder ?? path.join(folder, "data"),
      sessions: ids,
      requests: sessions * requestsEach,
      liveSeconds: (performance.now() - startedAt) / 1000
    }
  })
