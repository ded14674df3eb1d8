/** As `RecordedHttp`, for what is asked over gRPC: one message, and one answer. */
import { Effect } from "effect"
import type { Scope } from "effect"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from "node:http2"
import { connect, createServer } from "node:http2"
import type { AddressInfo } from "node:net"
import { gunzipSync, gzipSync } from "node:zlib"
import type { Options, RecordedHttp } from "./RecordedHttp.ts"
import { realOf } from "./RecordedHttp.ts"

interface Exchange {
  readonly asked: string
  readonly status: string
  readonly message: string
  /** Base64 of the frames. */
  readonly body: string
}

const unimplemented = "12"

const reply = (stream: ServerHttp2Stream, { body, message, status }: Exchange): void => {
  stream.respond({ ":status": 200, "content-type": "application/grpc+proto" }, { waitForTrailers: true })
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": status, "grpc-message": message }))
  stream.end(Buffer.from(body, "base64"))
}

export const make = Effect.fnUntraced(function*(
  { file, variable }: Options
): Effect.fn.Return<RecordedHttp, never, Scope.Scope> {
  const real = yield* realOf(variable)
  const recorded: Array<Exchange> = []
  const exchanges = real === undefined && existsSync(file)
    ? JSON.parse(gunzipSync(readFileSync(file)).toString()) as ReadonlyArray<Exchange>
    : []
  const waiting = Map.groupBy(exchanges, ({ asked }) => asked)
  const sessions = new Set<ServerHttp2Session>()
  const upstream = real === undefined ? undefined : connect(real)

  const forwarded = (
    asked: string,
    path: string,
    headers: IncomingHttpHeaders,
    body: Buffer,
    to: ServerHttp2Stream
  ) => {
    const outgoing = upstream!.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc+proto",
      te: "trailers",
      ...headers.authorization === undefined ? {} : { authorization: headers.authorization }
    })
    let trailers: IncomingHttpHeaders = {}
    const chunks: Array<Buffer> = []
    const keep = (received: IncomingHttpHeaders) => void (trailers = { ...trailers, ...received })
    outgoing.on("response", keep).on("trailers", keep).on("data", (chunk: Buffer) => chunks.push(chunk))
    outgoing.on("end", () => {
      const exchange = {
        asked,
        status: String(trailers["grpc-status"] ?? "0"),
        message: String(trailers["grpc-message"] ?? ""),
        body: Buffer.concat(chunks).toString("base64")
      }
      recorded.push(exchange)
      reply(to, exchange)
    })
    outgoing.end(body)
  }

  const server = createServer()
  server.on("session", (session) => {
    sessions.add(session)
    session.on("close", () => sessions.delete(session))
  })
  server.on("stream", (stream, headers) => {
    void stream.toArray().then((chunks) => {
      const body = Buffer.concat(chunks as Array<Buffer>)
      const path = String(headers[":path"])
      const asked = `${path} ${body.toString("base64")}`
      if (real !== undefined) return forwarded(asked, path, headers, body, stream)
      const answers = waiting.get(asked)
      const next = answers !== undefined && answers.length > 1 ? answers.shift() : answers?.[0]
      return reply(stream, next ?? { asked, status: unimplemented, message: `nobody recorded ${path}`, body: "" })
    })
  })
  yield* Effect.acquireRelease(
    Effect.callback<void>((resume) => {
      server.listen(0, "127.0.0.1", () => resume(Effect.void))
    }),
    () =>
      Effect.callback<void>((resume) => {
        if (real !== undefined) writeFileSync(file, gzipSync(JSON.stringify(recorded)))
        upstream?.close()
        for (const session of sessions) session.destroy()
        server.close(() => resume(Effect.void))
      })
  )
  return { port: (server.address() as AddressInfo).port }
})
