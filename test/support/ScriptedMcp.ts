/** An MCP server over HTTP on 127.0.0.1 that answers as a script says, however bad that is. */
import { Effect } from "effect"
import type { Schema } from "effect"
import type { IncomingHttpHeaders } from "node:http"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { field } from "../../src/events/types/JsonAccess.ts"

export interface Script {
  /** A page of its tools: `page` counts from 1. */
  readonly list?: (page: number) => Schema.JsonObject
  /** What a tool gives back, as text. */
  readonly call?: (name: string, headers: IncomingHttpHeaders) => string
}

const inputSchema = { type: "object", properties: { message: { type: "string" } } }

/** Listed by their names. */
export const toolsOf = (...names: ReadonlyArray<string>) => ({ tools: names.map((name) => ({ name, inputSchema })) })

const bodyOf = (text: string): unknown => text === "" ? undefined : JSON.parse(text)

/** Until the scope closes. */
export const make = ({ call = () => "done", list = () => toolsOf("echo") }: Script = {}) =>
  Effect.gen(function*() {
    const called: Array<string> = []
    let [pages, ended] = [0, 0]
    const answerTo = (body: unknown, headers: IncomingHttpHeaders): Schema.JsonObject => {
      const params = field(body, "params")
      switch (field(body, "method")) {
        case "initialize":
          return {
            protocolVersion: String(field(params, "protocolVersion")),
            capabilities: { tools: {} },
            serverInfo: { name: "scripted", version: "1" }
          }
        case "tools/list":
          return list(++pages)
        case "tools/call": {
          const name = String(field(params, "name"))
          called.push(name)
          return { content: [{ type: "text", text: call(name, headers) }] }
        }
        default:
          return {}
      }
    }
    const server = createServer((request, response) => {
      const chunks: Array<Buffer> = []
      request.on("data", (chunk: Buffer) => chunks.push(chunk))
      request.on("end", () => {
        if (request.method === "DELETE") ended++
        const body = bodyOf(Buffer.concat(chunks).toString("utf8"))
        const id = field(body, "id")
        if (request.method !== "POST") return response.writeHead(request.method === "GET" ? 405 : 200).end()
        if (id === undefined) return response.writeHead(202).end()
        response.writeHead(200, { "content-type": "application/json", "mcp-session-id": "1" })
        return response.end(JSON.stringify({ jsonrpc: "2.0", id, result: answerTo(body, request.headers) }))
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
    return {
      url: `http://127.0.0.1:${port}/mcp`,
      /** The tools that were called, in order. */
      called,
      /** Sessions that its client has ended. */
      ended: () => ended
    }
  })
