/** A server on 127.0.0.1 that writes bytes as they are given, and breaks as a network does. */
import { Effect } from "effect"
import type { Scope } from "effect"
import type { AddressInfo, Socket } from "node:net"
import { createServer } from "node:net"
import { createGzip } from "node:zlib"

export interface RawRequest {
  /** Of the server, from 1. */
  readonly connection: number
  /** Of its connection, from 1. */
  readonly number: number
  /** Head and body. */
  readonly text: string
}

export interface RawVendor {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** Grows as requests arrive. */
  readonly received: ReadonlyArray<RawRequest>
  /** Connections that are open now. */
  readonly open: () => number
}

const isWhole = (text: string): boolean => {
  const [head, body] = text.split("\r\n\r\n", 2)
  return body !== undefined && body.length >= Number(/content-length: (\d+)/i.exec(head!)?.[1] ?? 0)
}

/** `answer` is asked for each request, when all of it is there: for what it has done, or an effect that does it. */
export const make = Effect.fnUntraced(function*(
  answer: (socket: Socket, request: RawRequest) => unknown
): Effect.fn.Return<RawVendor, never, Scope.Scope> {
  const fork = Effect.runForkWith(yield* Effect.context<never>())
  const received: Array<RawRequest> = []
  const sockets = new Set<Socket>()
  let connections = 0

  const server = createServer((socket) => {
    const connection = ++connections
    let [number, text] = [0, ""]
    sockets.add(socket)
    socket.on("error", () => undefined)
    socket.on("close", () => sockets.delete(socket))
    socket.on("data", (bytes: Buffer) => {
      text += bytes.toString("latin1")
      if (!isWhole(text)) return
      const request = { connection, number: ++number, text }
      text = ""
      received.push(request)
      const answering = answer(socket, request)
      if (Effect.isEffect(answering)) fork(answering as Effect.Effect<void>)
    })
  })

  yield* Effect.acquireRelease(
    Effect.callback<void>((resume) => void server.listen(0, "127.0.0.1", () => resume(Effect.void))),
    () =>
      Effect.callback<void>((resume) => {
        server.close(() => resume(Effect.void))
        for (const socket of sockets) socket.destroy()
      })
  )
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, received, open: () => sockets.size }
})

/** An answer with its length. */
export const answerOf = (
  body: string | Uint8Array,
  { headers = {}, status = "200 OK" }: {
    readonly headers?: Readonly<Record<string, string>>
    readonly status?: string
  } = {}
): Buffer => {
  const bytes = Buffer.from(body)
  const lines = Object.entries({ "content-length": String(bytes.length), ...headers }).map(([name, value]) =>
    `${name}: ${value}\r\n`
  )
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\n${lines.join("")}\r\n`), bytes])
}

/** Of an answer in chunks. */
export const chunkedHead = (headers: Readonly<Record<string, string>> = {}): string =>
  `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n${
    Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("")
  }\r\n`

export const chunkOf = (body: string | Uint8Array): Buffer => {
  const bytes = Buffer.from(body)
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")])
}

export const lastChunk = "0\r\n\r\n"

/** Writes the pieces in a chunk each, one by one. */
export const writeChunks = Effect.fnUntraced(function*(
  socket: Socket,
  pieces: ReadonlyArray<string | Uint8Array>,
  every = 5
) {
  for (const piece of pieces) {
    socket.write(chunkOf(piece))
    yield* Effect.sleep(every)
  }
})

/** The same, compressed and flushed one by one; gives the end of the compression. */
export const writeCompressed = Effect.fnUntraced(function*(socket: Socket, pieces: ReadonlyArray<string>, every = 5) {
  const gzip = createGzip()
  gzip.on("data", (bytes: Buffer) => socket.write(chunkOf(bytes)))
  gzip.on("end", () => socket.write(lastChunk))
  for (const piece of pieces) {
    gzip.write(piece)
    yield* Effect.callback<void>((resume) => gzip.flush(() => resume(Effect.void)))
    yield* Effect.sleep(every)
  }
  return () => void gzip.end()
})

/** What was sent before has arrived: a reset discards what has not been read. */
export const reset = (socket: Socket, after = 20): Effect.Effect<void> =>
  Effect.map(Effect.sleep(after), () => void socket.resetAndDestroy())
