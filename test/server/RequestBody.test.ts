/** A request's body is read whole, however it comes; what is cut off or too long is a failure. */
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert, describe, it } from "@effect/vitest"
import { ByteSize, Deferred, Effect, Exit } from "effect"
import { HttpIncomingMessage, HttpServer, HttpServerRequest, HttpServerResponse } from "effect/http"
import { connect } from "node:net"
import * as RequestBody from "../../src/server/RequestBody.ts"

const most = 100_000

/** Serves what is read of each body, and sends texts over a connection of its own. */
const world = Effect.gen(function*() {
  const read = yield* Deferred.make<Exit.Exit<Uint8Array, unknown>>()
  const app = Effect.gen(function*() {
    const request = yield* HttpServerRequest.HttpServerRequest
    yield* Deferred.succeed(read, yield* Effect.exit(Effect.interruptible(RequestBody.read(request, most))))
    return HttpServerResponse.empty()
  })
  yield* Effect.provideService(HttpServer.serveEffect(app), HttpIncomingMessage.MaxBodySize, ByteSize.bytes(most))
  const { address } = yield* HttpServer.HttpServer
  const port = Number(/:(\d+)$/.exec(HttpServer.formatAddress(address))?.[1])
  const socket = yield* Effect.acquireRelease(
    Effect.sync(() => connect(port, "127.0.0.1").on("error", () => {})),
    (socket) => Effect.sync(() => socket.destroy())
  )
  const send = (head: string, ...body: ReadonlyArray<string>) => {
    socket.write(`POST / HTTP/1.1\r\nhost: a\r\n${head}\r\n\r\n`)
    for (const text of body) socket.write(text)
  }
  return { send, socket, read: Deferred.await(read) }
})

const textOf = (exit: Exit.Exit<Uint8Array, unknown>) =>
  Exit.isSuccess(exit) ? Buffer.from(exit.value).toString("utf8") : exit.cause

const long = "ä".repeat(most / 2)

const bodies = [
  { name: "in one piece", head: "content-length: 5", body: ["hello"], text: "hello" },
  { name: "in pieces", head: "content-length: 10", body: ["he", "llo ", "you!"], text: "hello you!" },
  { name: "that is empty", head: "content-length: 0", body: [], text: "" },
  { name: "as long as it may be", head: `content-length: ${most}`, body: [long], text: long },
  {
    name: "of unknown length",
    head: "transfer-encoding: chunked",
    body: ["5\r\nhello\r\n", "0\r\n\r\n"],
    text: "hello"
  },
  {
    name: "that waits to be asked for",
    head: "content-length: 5\r\nexpect: 100-continue",
    body: ["hello"],
    text: "hello"
  }
]

describe("RequestBody", () => {
  it.live.each(bodies)("reads a body $name", ({ body, head, text }) =>
    Effect.gen(function*() {
      const { read, send } = yield* world
      send(head, ...body)
      assert.strictEqual(textOf(yield* read), text)
    }).pipe(Effect.provide(NodeHttpServer.layerTest)))

  it.live.each([
    { name: "by its length", head: `content-length: ${most + 1}`, body: ["x".repeat(most + 1)] },
    {
      name: "by what comes",
      head: "transfer-encoding: chunked",
      body: [`${(most + 1).toString(16)}\r\n${"x".repeat(most + 1)}\r\n`]
    }
  ])("fails for a body that is too long $name", ({ body, head }) =>
    Effect.gen(function*() {
      const { read, send } = yield* world
      send(head, ...body)
      assert.include(String(textOf(yield* read)), "maxBytes exceeded")
    }).pipe(Effect.provide(NodeHttpServer.layerTest)))

  it.live("ends where the client leaves before it was complete", () =>
    Effect.gen(function*() {
      const { read, send, socket } = yield* world
      send("content-length: 10", "hel")
      socket.end()
      assert.isTrue(Exit.isFailure(yield* read))
    }).pipe(Effect.provide(NodeHttpServer.layerTest)))
})
