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

/** Longest answer, milliseconds. */
const slowest = 150

export const startVendor = (random: SeededRandom): Promise<WorkVendor> =>
  new Promise((resolve) => {
    const calls = new Map<string, number>()
    const server = createServer((request, response) => {
      const piece = request.url?.slice(1) ?? ""
      calls.set(piece, (calls.get(piece) ?? 0) + 1)
      setTimeout(() => response.end("done"), random.between(0, slowest))
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
