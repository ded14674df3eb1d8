/** The vendor of a run: which request it has in hand, and so what it does, it learns from the mark in its body. */
import { Effect } from "effect"
import { createServer } from "node:http"
import type { ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { setImmediate } from "node:timers"
import * as Scenario from "./Scenario.ts"
import type { VendorAnswer } from "./VendorAnswer.ts"
import * as Answer from "./VendorAnswer.ts"

/** A chunk at a time, so that each goes out by itself. */
const write = (response: ServerResponse, answer: VendorAnswer, next = 0): void => {
  const { chunks, ending } = answer
  const chunk = chunks[next]
  if (response.destroyed) return
  if (chunk === undefined) {
    if (ending === "end") response.end()
    if (ending === "cut") response.destroy()
    return
  }
  response.write(chunk)
  setImmediate(() => write(response, answer, next + 1))
}

const begin = (response: ServerResponse, answer: VendorAnswer): void => {
  if (answer.status === 0) return void response.destroy()
  response.writeHead(answer.status, answer.headers)
  response.flushHeaders()
  write(response, answer)
}

export const make = (seed: number) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly url: string; readonly close: () => void }>((resume) => {
      const server = createServer((request, response) => {
        const parts: Array<Buffer> = []
        request.on("data", (part: Buffer) => parts.push(part))
        request.on("end", () => {
          const body = Buffer.concat(parts).toString("utf8")
          const number = /"golden-(\d+)(?:-(\d))?"/.exec(body)
          const answer = number === null
            ? { status: 200, headers: {}, chunks: [Buffer.from("{\"data\":[]}")], ending: "end" as const }
            : Answer.of(Scenario.of(seed, Number(number[1])), seed, Number(number[2] ?? 1))
          begin(response, answer)
        })
      })
      server.listen(0, "127.0.0.1", () => {
        const { port } = server.address() as AddressInfo
        resume(Effect.succeed({
          url: `http://127.0.0.1:${port}/v1`,
          close: () => {
            server.close()
            server.closeAllConnections()
          }
        }))
      })
    }),
    ({ close }) => Effect.sync(close)
  )
