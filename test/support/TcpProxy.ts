/** A way to a server that can be cut: what its clients see when the network or the server goes away. */
import { Effect } from "effect"
import type { Scope } from "effect"
import type { AddressInfo, Server, Socket } from "node:net"
import { connect, createServer } from "node:net"

export interface TcpProxy {
  readonly port: number
  /** Cuts all connections, and takes no new ones. */
  readonly down: Effect.Effect<void>
  readonly up: Effect.Effect<void>
  /** Cuts a connection when the client sends this text: it still reaches the server, the answer gets lost. */
  readonly cutBehind: (text: string) => Effect.Effect<void>
  /** Pieces of data that the clients have sent: where each waits for its answer, round trips. */
  readonly sent: Effect.Effect<number>
}

const listen = (server: Server, port: number) =>
  Effect.callback<void>((resume) => {
    server.listen(port, "127.0.0.1", () => resume(Effect.void))
  })

export const make = Effect.fnUntraced(function*(
  target: { readonly host: string; readonly port: number }
): Effect.fn.Return<TcpProxy, never, Scope.Scope> {
  const sockets = new Set<Socket>()
  let marker: string | undefined
  let sent = 0

  const server = createServer((client) => {
    const upstream = connect(target)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on("error", () => undefined)
      socket.on("close", () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    upstream.pipe(client)
    client.on("data", (chunk: Buffer) => {
      sent++
      if (marker === undefined || !chunk.includes(marker)) return upstream.write(chunk)
      marker = undefined
      upstream.unpipe(client)
      // What comes back says that it was carried out.
      upstream.once("data", () => client.destroy()).resume()
      return upstream.write(chunk)
    })
  })

  const down = Effect.callback<void>((resume) => {
    server.close(() => resume(Effect.void))
    for (const socket of sockets) socket.destroy()
  })

  yield* Effect.acquireRelease(listen(server, 0), () => server.listening ? down : Effect.void)
  const { port } = server.address() as AddressInfo
  return {
    port,
    down,
    up: listen(server, port),
    cutBehind: (text) =>
      Effect.sync(() => {
        marker = text
      }),
    sent: Effect.sync(() => sent)
  }
})
