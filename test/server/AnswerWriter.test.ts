/** Bytes reach the connection as they come, no faster than it takes them; who leaves wants no more of them. */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect } from "effect"
import { createServer, get } from "node:http"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import type { ByteControl } from "../../src/kernel/bytes/ByteSource.ts"
import { AnswerWriter } from "../../src/server/AnswerWriter.ts"

const headers = { "content-type": "text/event-stream" }

/** A connection, both ends of it. */
const connect = Effect.acquireRelease(
  Effect.promise(() =>
    new Promise<
      { server: ReturnType<typeof createServer>; connection: ServerResponse; client: Promise<IncomingMessage> }
    >(
      (resolve) => {
        const server = createServer((_, connection) => resolve({ server, connection, client }))
        let client: Promise<IncomingMessage>
        server.listen(0, "127.0.0.1", () => {
          const { port } = server.address() as AddressInfo
          client = new Promise((resolve, reject) => get({ port, agent: false }, resolve).on("error", reject))
          // Whoever waits for it learns that it failed.
          client.catch(() => {})
        })
      }
    )
  ),
  ({ server }) => Effect.sync(() => server.close().closeAllConnections())
)

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
  Effect.promise(async () => {
    let text = ""
    for await (const chunk of client) text += chunk
    return text
  })

describe("AnswerWriter", () => {
  it.live("writes what came before it began, what comes later, and the end", () =>
    Effect.gen(function*() {
      const { client, connection } = yield* connect
      const writer = new AnswerWriter(connection)
      writer.chunk(Buffer.from("data: 1\n\n"))
      writer.begin(control().control, 201, headers)
      const answer = yield* Effect.promise(() => client)
      assert.strictEqual(answer.statusCode, 201)
      assert.strictEqual(answer.headers["content-type"], "text/event-stream")
      writer.chunk(Buffer.from("data: 2\n\n"))
      writer.chunk(Buffer.from("data: 3\n\n"))
      writer.end()
      assert.strictEqual(yield* textOf(answer), "data: 1\n\ndata: 2\n\ndata: 3\n\n")
      yield* writer.whole
    }))

  it.live("sends the head where nothing comes", () =>
    Effect.gen(function*() {
      const { client, connection } = yield* connect
      const writer = new AnswerWriter(connection)
      writer.begin(control().control, 200, headers)
      assert.strictEqual((yield* Effect.promise(() => client)).statusCode, 200)
      writer.end()
      yield* writer.whole
    }))

  it.live("pauses the source where the client does not read, and resumes it when it does", () =>
    Effect.gen(function*() {
      const { client, connection } = yield* connect
      const { calls, control: source } = control()
      const writer = new AnswerWriter(connection)
      writer.begin(source, 200, headers)
      const answer = yield* Effect.promise(() => client)
      let bytes = 0
      while (!calls.includes("pause")) {
        writer.chunk(Buffer.alloc(1 << 20, "x"))
        bytes += 1 << 20
        yield* Effect.promise(() => new Promise(setImmediate))
        assert.isBelow(bytes, 1 << 28)
      }
      answer.resume()
      yield* Effect.promise(async () => {
        while (!calls.includes("resume")) await new Promise(setImmediate)
      })
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
      const answer = yield* Effect.promise(() => client)
      writer.fail(Cause.die(new Error("the log can't be written")))
      const broken = yield* Effect.promise(() => new Promise((resolve) => answer.on("error", resolve).resume()))
      assert.instanceOf(broken, Error)
      const exit = yield* Effect.exit(writer.whole)
      assert.strictEqual(exit._tag, "Failure")
    }))
})
