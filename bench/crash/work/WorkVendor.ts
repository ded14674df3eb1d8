/** The vendor that pieces of work call: it counts the calls for each, and takes its time. */
// @effect-diagnostics *:off
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import type { SeededRandom } from "../SeededRandom.ts"

export interface WorkVendor {
  readonly url: string
  /** By the piece. */
  readonly calls: ReadonlyMap<string, number>
  readonly stop: () => Promise<void>
}

/** How a piece is called, in a path or in a conversation. */
export const pieceName = /r\d+-\d+/

/** A chat completion, for servers that ask for one. */
const answer = JSON.stringify({
  id: "chatcmpl-crash",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: "done" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }
})

/** Longest answer, milliseconds. */
const slowest = 150

export const startVendor = (random: SeededRandom): Promise<WorkVendor> =>
  new Promise((resolve) => {
    const calls = new Map<string, number>()
    const server = createServer((request, response) => {
      let asked = request.url ?? ""
      request.setEncoding("utf8").on("data", (text: string) => asked += text)
      request.on("end", () => {
        const [piece] = pieceName.exec(asked) ?? []
        if (piece !== undefined) calls.set(piece, (calls.get(piece) ?? 0) + 1)
        setTimeout(() => {
          response.writeHead(200, { "content-type": "application/json" })
          response.end(answer)
        }, random.between(0, slowest))
      })
    })
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo
      const stop = (): Promise<void> =>
        new Promise((done) => {
          server.close(() => done())
          server.closeAllConnections()
        })
      resolve({ url: `http://127.0.0.1:${port}`, calls, stop })
    })
  })
