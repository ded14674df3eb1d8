/** The yardstick: the least a proxy on node:http can do, pipe the request there and the answer back. */
// @effect-diagnostics *:off
import * as http from "node:http"

export const MinimalProxy = (port: number, upstreamPort: number): http.Server => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 512 })
  const server = http.createServer((request, response) => {
    const outgoing = http.request({
      host: "127.0.0.1",
      port: upstreamPort,
      agent,
      method: request.method,
      path: request.url,
      headers: request.headers
    }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    outgoing.on("error", () => {
      if (!response.headersSent) response.writeHead(502)
      response.end()
    })
    request.pipe(outgoing)
  })
  return server.listen(port, "127.0.0.1", 1024)
}

if (import.meta.main) {
  process.once("disconnect", () => process.exit())
  MinimalProxy(Number(process.argv[2]), Number(process.argv[3]))
}
