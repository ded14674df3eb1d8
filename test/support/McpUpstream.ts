/** An MCP server that is the SDK's own, on 127.0.0.1: it has a tool that reads and one that writes, and says what it was sent. */
// @effect-diagnostics asyncFunction:off newPromise:off
import { Server } from "@modelcontextprotocol/sdk/server/index.js"
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js"
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js"
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js"
import { Effect } from "effect"
import { createServer } from "node:http"
import type { IncomingHttpHeaders } from "node:http"
import type { AddressInfo } from "node:net"

interface Called {
  readonly name: string
  readonly message: string
}

const inputSchema = { type: "object", properties: { message: { type: "string" } }, required: ["message"] } as const
const tools = [
  { name: "read", inputSchema, annotations: { readOnlyHint: true } },
  { name: "write", inputSchema, annotations: { readOnlyHint: false } }
]

const serverOf = (called: Array<Called>) => {
  const server = new Server({ name: "upstream", version: "1.0.0" }, { capabilities: { tools: {} } })
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools }))
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
    const call = { name: params.name, message: String(params.arguments?.["message"]) }
    called.push(call)
    return { content: [{ type: "text", text: `${call.name}: ${call.message}` }] }
  })
  return server
}

/** Until the scope closes. `at`: the host that it is asked by. */
const make = (at = "127.0.0.1") =>
  Effect.gen(function*() {
    const called: Array<Called> = []
    const headers: Array<IncomingHttpHeaders> = []
    const server = createServer((request, response) => {
      headers.push(request.headers)
      // Without sessions: each request has a server of its own.
      const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true })
      const own = serverOf(called)
      void own.connect(transport as Transport).then(() => transport.handleRequest(request, response))
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
    return {
      url: `http://${at}:${port}/mcp`,
      port,
      /** The tools that were called, in order. */
      called,
      /** Of each request. */
      headers
    }
  })

export const McpUpstream = { make }
