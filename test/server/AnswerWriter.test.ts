/** Bytes reach the connection as they come, no faster than it takes them; who leaves wants no more of them. */
import * as NodeStream from "@effect/platform-node/NodeStream"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Deferred, Effect, Stream } from "effect"
import { createServer, get } from "node:http"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import type { ByteControl } from "../../src/kernel/bytes/ByteSource.ts"
import { AnswerWriter } from "../../src/server/AnswerWriter.ts"

const headers = { "content-type": "text/event-stream" }

/** A connection, both ends of it. */
const connect = Effect.gen(function*() {
  const server = yield* Effect.acquireRelease(
    Effect.sync(() => createServer()),
    (server) => Effect.sync(() => server.close().closeAllConnections())
  )
  const client = yield* Deferred.make<IncomingMessage, Error>()
  const connection = yield* Effect.callback<ServerResponse>((resume) => {
    server.on("request", (_, connection) => resume(Effect.succeed(connection)))
    server.listen(0, "127.0.0.1", () => {
      get({ port: (server.address() as AddressInfo).port, agent: false })
        .on("response", (answer) => Deferred.doneUnsafe(client, Effect.succeed(answer)))
        .on("error", (error) => Deferred.doneUnsafe(client, Effect.fail(error)))
    })
  })
  return { connection, client: Deferred.await(client) }
})

/** One turn of the event loop. */
const turn = Effect.callback<void>((resume) => void setImmediate(() => resume(Effect.void)))

/** A control that counts what is asked of it. */
const control = () => {
  const calls: Array<string> = []
  const call = (name: string) => () => void calls.push(name)
  return {
    calls,
    control: { pause: call("pause"), resume: call("resume"), cancel: call("cancel") } satisfies ByteControl
  }
}

const textOf = (client: IncomingMessage) =>
  Stream.mkString(
    Stream.decodeText(NodeStream.fromReadable<Uint8Array, Error>({
      evaluate: () => client,
      onError: (error) => error as Error
    }))
  )

describe("AnswerWriter", () => {
  it.live("writes what came before it began, what comes later, and the end", () =>
    Effect.gen(function*() {
      const { client, connection } = yield* connect
      const writer = new AnswerWriter(connection)
      writer.chunk(Buffer.from("data: 1\n\n"))
      writer.begin(control().control, 201, headers)
      const answer = yield* client
      assert.strictEqual(answer.statusCode, 201)
      assert.strictEqual(answer.headers["content-type"], "text/event-stream")
      writer.chunk(Buffer.from("data: 2\n\n"))
      writer.chunk(Buffer.from("data: 3\n\n"))
      writer.end()
      assert.strictEqual(yield* textOf(answer), "data: 1\n\ndata: 2\n\ndata: 3\n\n")
      yield* writer.whole
    }))

  it.live("keeps what came in one turn with the word that its end is near, and writes it with the end", () =>
    Effect.gen(function*() {
      const { client, connection } = yield* connect
      const writer = new AnswerWriter(connection)
      writer.chunk(Buffer.from("data: 1\n\n"))
      writer.begin(control().control, 200, headers)
      writer.ending()
      yield* turn
      yield* turn
      assert.strictEqual(connection.socket!.bytesWritten, 0)
      writer.chunk(Buffer.from("data: [DONE]\n\n"))
      writer.end()
      assert.strictEqual(yield* textOf(yield* client), "data: 1\n\ndata: [DONE]\n\n")
      yield* writer.whole
    }))

  it.live("has written before what came in an earlier turn", () =>
    Effect.gen(function*() {
      const { client, connection } = yield* connect
      const writer = new AnswerWriter(connection)
      writer.begin(control().control, 200, headers)
      writer.chunk(Buffer.from("data: 1\n\n"))
      yield* turn
      writer.ending()
      const answer = yield* client
      assert.isAbove(connection.socket!.bytesWritten, 0)
      writer.end()
      assert.strictEqual(yield* textOf(answer), "data: 1\n\n")
    }))

  it.live("sends the head where nothing comes", () =>
    Effect.gen(function*() {
      const { client, connection } = yield* connect
      const writer = new AnswerWriter(connection)
      writer.begin(control().control, 200, headers)
      assert.strictEqual((yield* client).statusCode, 200)
      writer.end()
      yield* writer.whole
    }))

  it.live("pauses the source where the client does not read, and resumes it when it does", () =>
    Effect.gen(function*() {
      const { client, connection } = yield* connect
      const { calls, control: source } = control()
      const writer = new AnswerWriter(connection)
      writer.begin(source, 200, headers)
      const answer = yield* client
      let bytes = 0
      while (!calls.includes("pause")) {
        writer.chunk(Buffer.alloc(1 << 20, "x"))
        bytes += 1 << 20
        yield* turn
        assert.isBelow(bytes, 1 << 28)
      }
      answer.resume()
      yield* Effect.repeat(turn, { until: () => calls.includes("resume") })
      assert.deepStrictEqual(calls.slice(0, 2), ["pause", "resume"])
    }))

  it.live("cancels the source where nobody wants the rest", () =>
    Effect.gen(function*() {
      const { connection } = yield* connect
      const { calls, control: source } = control()
      const writer = new AnswerWriter(connection)
      writer.begin(source, 200, headers)
      writer.cancel()
      assert.deepStrictEqual(calls, ["cancel"])
    }))

  it.live("cancels the source of a client that has left", () =>
    Effect.gen(function*() {
      const { connection } = yield* connect
      connection.destroy()
      const { calls, control: source } = control()
      new AnswerWriter(connection).begin(source, 200, headers)
      assert.deepStrictEqual(calls, ["cancel"])
    }))

  it.live("breaks the connection where the source fails", () =>
    Effect.gen(function*() {
      const { client, connection } = yield* connect
      const writer = new AnswerWriter(connection)
      writer.begin(control().control, 200, headers)
      const answer = yield* client
      writer.fail(Cause.die("the log can't be written"))
      const broken = yield* Effect.callback<unknown>((resume) =>
        void answer.on("error", (error) => resume(Effect.succeed(error))).resume()
      )
      assert.instanceOf(broken, Error)
      const exit = yield* Effect.exit(writer.whole)
      assert.strictEqual(exit._tag, "Failure")
    }))
})
