/** A plain HTTP server behind HTTP tools: it says what it was sent. */
// @effect-diagnostics asyncFunction:off newPromise:off extendsNativeError:off
import { Effect } from "effect"
import { createServer } from "node:http"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

export interface Received {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>
  readonly body: string
}

type Respond = (received: Received, response: ServerResponse) => void

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString("utf8")
}

/** Until the scope closes. */
const make = (respond: Respond) =>
  Effect.gen(function*() {
    const received: Array<Received> = []
    const server = createServer((request, response) => {
      void bodyOf(request).then((body) => {
        const { headers, method = "", url = "" } = request
        const each = { method, url, headers, body }
        received.push(each)
        respond(each, response)
      })
    })
    const port = yield* Effect.acquireRelease(
      Effect.callback<number>((resume) => {
        server.listen(0, "127.0.0.1", () => resume(Effect.succeed((server.address() as AddressInfo).port)))
      }),
      () =>
        Effect.sync(() => {
          server.closeAllConnections()
          server.close()
        })
    )
    return { url: `http://127.0.0.1:${port}`, port, received, stop: Effect.sync(() => server.closeAllConnections()) }
  })

export const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { "content-type": "application/json" })
  response.end(JSON.stringify(body))
}

export const ToolUpstream = { make }
