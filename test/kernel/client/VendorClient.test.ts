/** The client that reaches vendors, against servers on real sockets that break in every way. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Stream } from "effect"
import { HttpBody, HttpClient, HttpClientRequest } from "effect/http"
import type { HttpClientError } from "effect/http"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import * as VendorError from "../../../src/kernel/calls/VendorError.ts"
import * as VendorClient from "../../../src/kernel/client/VendorClient.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import * as RawVendor from "../../support/RawVendor.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"

const { answerOf, chunkedHead, chunkOf, lastChunk, reset, writeChunks } = RawVendor

const post = (url: string, body = "{}") =>
  HttpClientRequest.post(`${url}/v1/chat`).pipe(HttpClientRequest.bodyText(body, "application/json"))

/** A connection is free again in the turn of the event loop behind its answer. */
const textAt = (url: string) =>
  Effect.gen(function*() {
    yield* Effect.sleep("5 millis")
    const client = yield* HttpClient.HttpClient
    const { text } = yield* client.execute(post(url))
    return yield* text
  })

const failure = <A>(effect: Effect.Effect<A, HttpClientError.HttpClientError, HttpClient.HttpClient>) =>
  Effect.map(Effect.flip(effect), (error) => [error.reason._tag, VendorError.describe(error)] as const)

const until = (condition: () => boolean) =>
  Effect.sleep("2 millis").pipe(Effect.repeat({ until: condition }), Effect.timeout("5 seconds"), Effect.orDie)

describe("VendorClient", () => {
  it.live("sends what it is given, and asks for no compression", () =>
    Effect.gen(function*() {
      const vendor = yield* RawVendor.make((socket) => socket.write(answerOf(`{"a":1}`)))
      const client = yield* HttpClient.HttpClient
      const response = yield* client.execute(
        HttpClientRequest.setHeader(post(`${vendor.url}`, `{"q":"ü"}`), "authorization", "Bearer k")
      )
      assert.strictEqual(response.status, 200)
      assert.deepStrictEqual(yield* response.json, { a: 1 })
      assert.strictEqual(yield* response.text, `{"a":1}`)
      assert.strictEqual(response.url, `${vendor.url}/v1/chat`)
      const [request] = vendor.received
      const [head, body] = request!.text.split("\r\n\r\n")
      assert.match(head!, /^POST \/v1\/chat HTTP\/1\.1\r\n/)
      for (const line of ["accept-encoding: identity", "authorization: Bearer k", "content-type: application/json"]) {
        assert.include(head!.split("\r\n"), line)
      }
      assert.strictEqual(Buffer.from(body!, "latin1").toString("utf8"), `{"q":"ü"}`)
    }).pipe(Effect.provide(VendorClient.layer)))

  it.live("keeps an encoding that is asked for, a query, and what no text is", () =>
    Effect.gen(function*() {
      const vendor = yield* RawVendor.make((socket) => socket.write(answerOf(new Uint8Array([0, 255, 254]))))
      const client = yield* HttpClient.HttpClient
      const request = HttpClientRequest.get(`${vendor.url}/a?b=1`, {
        urlParams: { c: "d e" },
        headers: { "accept-encoding": "gzip" }
      })
      for (const again of [request, request]) {
        const response = yield* client.execute(again)
        assert.deepStrictEqual([...new Uint8Array(yield* response.arrayBuffer)], [0, 255, 254])
      }
      for (const { text } of vendor.received) {
        assert.match(text, /^GET \/a\?b=1&c=d(\+|%20)e HTTP/)
        assert.include(text, "accept-encoding: gzip")
        assert.notInclude(text, "identity")
      }
    }).pipe(Effect.provide(VendorClient.layer)))

  it.live("sends streams and forms", () =>
    Effect.gen(function*() {
      const vendor = yield* FakeUpstream.make({ respond: () => ScriptedAnswer.json(200, {}) })
      const client = yield* HttpClient.HttpClient
      const form = new FormData()
      form.append("purpose", "batch")
      const stream = Stream.make(Buffer.from("one "), Buffer.from("two"))
      for (const body of [HttpBody.stream(stream, "text/plain"), HttpBody.formData(form)]) {
        const response = yield* client.execute(HttpClientRequest.setBody(HttpClientRequest.post(vendor.url), body))
        assert.strictEqual(yield* response.text, "{}")
      }
      const [streamed, formed] = vendor.received
      assert.deepInclude(streamed, { bodyText: "one two" })
      assert.strictEqual(streamed!.headers["content-type"], "text/plain")
      assert.match(formed!.bodyText, /name="purpose"\r\n\r\nbatch\r\n/)
      assert.match(formed!.headers["content-type"]!, /^multipart\/form-data; boundary=/)
    }).pipe(Effect.provide(VendorClient.layer)))

  it.live.each([
    ["an error", new Error("no more")],
    ["a text", "no more"],
    ["nothing", null],
    ["an object", { _tag: "Gone" }]
  ])("fails where a body breaks while it is sent: with %s", ([, broken]) =>
    Effect.gen(function*() {
      const vendor = yield* RawVendor.make(() => {})
      const client = yield* HttpClient.HttpClient
      const body = Stream.concat(Stream.succeed(new Uint8Array(10)), Stream.fail(broken))
      const request = HttpClientRequest.post(vendor.url, { body: HttpBody.stream(body) })
      const [tag] = yield* failure(client.execute(request))
      assert.strictEqual(tag, "TransportError")
    }).pipe(Effect.provide(VendorClient.layer)))

  it.live("uses a connection again, and gives each chunk as it comes", () =>
    Effect.gen(function*() {
      const vendor = yield* RawVendor.make((socket) => {
        socket.write(chunkedHead({ "content-type": "text/event-stream" }))
        return Effect.map(writeChunks(socket, ["one", "two", "three"], 10), () => socket.write(lastChunk))
      })
      const client = yield* HttpClient.HttpClient
      for (const connection of [1, 1, 1]) {
        const response = yield* client.execute(post(vendor.url))
        const chunks = yield* Stream.runCollect(response.stream)
        assert.deepStrictEqual(chunks.map((chunk) => Buffer.from(chunk).toString()), ["one", "two", "three"])
        assert.strictEqual(vendor.received.at(-1)!.connection, connection)
        yield* Effect.sleep("5 millis")
      }
    }).pipe(Effect.provide(VendorClient.layer)))

  it.live("slows a vendor down whose stream is read slowly", () =>
    Effect.gen(function*() {
      let written = 0
      const vendor = yield* RawVendor.make((socket) => {
        socket.write(chunkedHead())
        const more = () => {
          while (written < 256 * 1024 * 1024) {
            written += 65_536
            if (!socket.write(chunkOf(Buffer.alloc(65_536, "x")))) return socket.once("drain", more)
          }
          return socket.end(lastChunk)
        }
        more()
      })
      const response = yield* Effect.flatMap(HttpClient.HttpClient, (client) => client.execute(post(vendor.url)))
      yield* response.stream.pipe(
        Stream.take(20),
        Stream.runForEach(() => Effect.sleep("10 millis"))
      )
      assert.isBelow(written, 64 * 1024 * 1024)
      yield* until(() => vendor.open() === 0)
    }).pipe(Effect.provide(VendorClient.layer)))

  it.live.each([
    { name: "before the answer", written: "" },
    { name: "within a body", written: `${chunkedHead()}${chunkOf("a").toString()}` }
  ])("closes the connection of a request that is interrupted $name", ({ written }) =>
    Effect.gen(function*() {
      const vendor = yield* RawVendor.make((socket) => socket.write(written))
      const fiber = yield* Effect.forkChild(textAt(vendor.url))
      yield* until(() => vendor.received.length === 1)
      yield* Effect.sleep("20 millis")
      yield* Fiber.interrupt(fiber)
      yield* until(() => vendor.open() === 0)
    }).pipe(Effect.provide(VendorClient.layer)))

  it.live("skips informational answers", () =>
    Effect.gen(function*() {
      const vendor = yield* RawVendor.make((socket) => {
        socket.write("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n")
        socket.write(answerOf("whole"))
      })
      assert.strictEqual(yield* textAt(vendor.url), "whole")
    }).pipe(Effect.provide(VendorClient.layer)))

  it.live.each(
    [
      {
        name: "a status that is none",
        bytes: answerOf("", { status: "799 Odd" }),
        expected: ["TransportError", /status 799/]
      },
      { name: "no HTTP", bytes: Buffer.from("SSH-2.0-OpenSSH\r\n\r\n"), expected: ["TransportError", /HTTP\/1.1/] },
      {
        name: "a body that is shorter than its length",
        bytes: answerOf("{\"a\":", { headers: { "content-length": "100" } }),
        expected: ["DecodeError", /UND_ERR/]
      },
      {
        name: "chunks without the last",
        bytes: Buffer.from(`${chunkedHead()}${chunkOf("{\"a\":").toString()}`),
        expected: ["DecodeError", /UND_ERR/]
      },
      {
        name: "a chunk that is cut off",
        bytes: Buffer.from(`${chunkedHead()}ff\r\n{"a"`),
        expected: ["DecodeError", /UND_ERR/]
      }
    ] as const
  )("fails on $name", ({ bytes, expected: [tag, message] }) =>
    Effect.gen(function*() {
      const vendor = yield* RawVendor.make((socket) => socket.end(bytes))
      const [found, described] = yield* failure(textAt(vendor.url))
      assert.strictEqual(found, tag)
      assert.match(described, message)
    }).pipe(Effect.provide(VendorClient.layer)))

  it.live("gives what came of a stream before it breaks", () =>
    Effect.gen(function*() {
      const vendor = yield* RawVendor.make((socket) => {
        socket.write(`${chunkedHead()}${chunkOf("one").toString()}`)
        return reset(socket)
      })
      const seen: Array<string> = []
      const read = Effect.gen(function*() {
        const client = yield* HttpClient.HttpClient
        const { stream } = yield* client.execute(post(vendor.url))
        yield* Stream.runForEach(stream, (bytes) => Effect.sync(() => seen.push(Buffer.from(bytes).toString())))
      })
      assert.deepStrictEqual((yield* failure(read))[0], "DecodeError")
      assert.deepStrictEqual(seen, ["one"])
      assert.lengthOf(vendor.received, 1)
    }).pipe(Effect.provide(VendorClient.layer)))

  it.live.each(["reset", "closed"] as const)(
    "sends once more where a reused connection was %s before an answer",
    (how) =>
      Effect.gen(function*() {
        const vendor = yield* RawVendor.make((socket, { connection, number }) => {
          if (connection > 1 || number === 1) return socket.write(answerOf(`from ${connection}`))
          return how === "reset" ? socket.resetAndDestroy() : socket.destroy()
        })
        assert.strictEqual(yield* textAt(vendor.url), "from 1")
        assert.strictEqual(yield* textAt(vendor.url), "from 2")
        assert.deepStrictEqual(vendor.received.map(({ connection }) => connection), [1, 1, 2])
      }).pipe(Effect.provide(VendorClient.layer))
  )

  it.live.each([
    { name: "on a fresh connection", breaks: () => true, partial: "", requests: 1 },
    {
      name: "behind the first bytes of an answer",
      breaks: ({ number }: RawVendor.RawRequest) => number > 1,
      partial: "HTTP/1.1 20",
      requests: 2
    }
  ])("does not send again $name", ({ breaks, partial, requests }) =>
    Effect.gen(function*() {
      const vendor = yield* RawVendor.make((socket, request) => {
        if (!breaks(request)) return socket.write(answerOf("ok"))
        socket.write(partial)
        return reset(socket)
      })
      if (requests > 1) yield* textAt(vendor.url)
      assert.strictEqual((yield* failure(textAt(vendor.url)))[0], "TransportError")
      assert.lengthOf(vendor.received, requests)
    }).pipe(Effect.provide(VendorClient.layer)))

  it.live("sends again once only", () =>
    Effect.gen(function*() {
      const vendor = yield* RawVendor.make((socket, { connection, number }) =>
        connection === 1 && number === 1 ? socket.write(answerOf("ok")) : socket.resetAndDestroy()
      )
      yield* textAt(vendor.url)
      assert.strictEqual((yield* failure(textAt(vendor.url)))[0], "TransportError")
      assert.lengthOf(vendor.received, 3)
    }).pipe(Effect.provide(VendorClient.layer)))

  it.live("fails on an address that is none, and where nobody listens", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* failure(textAt("http://[")))[0], "InvalidUrlError")
      assert.match((yield* failure(textAt("http://127.0.0.1:1")))[1], /ECONNREFUSED/)
    }).pipe(Effect.provide(VendorClient.layer)))

  it.live("reads a body once", () =>
    Effect.gen(function*() {
      const vendor = yield* RawVendor.make((socket) => socket.write(answerOf("ok")))
      const response = yield* Effect.flatMap(HttpClient.HttpClient, (client) => client.execute(post(vendor.url)))
      yield* Stream.runDrain(response.stream)
      assert.match((yield* failure(Stream.runDrain(response.stream)))[1], /read already/)
    }).pipe(Effect.provide(VendorClient.layer)))

  it.live("gives up an answer that nobody can read any more", () =>
    Effect.gen(function*() {
      const vendor = yield* RawVendor.make((socket) => {
        socket.write(chunkedHead())
        return writeChunks(socket, ["one", "two"])
      })
      const client = yield* HttpClient.HttpClient
      const { status } = yield* client.execute(post(vendor.url))
      assert.strictEqual(status, 200)
      yield* Effect.sleep("30 millis")
      assert.strictEqual(vendor.open(), 1)
      setFlagsFromString("--expose-gc")
      const collect = runInNewContext("gc") as () => void
      yield* Effect.sleep("5 millis").pipe(
        Effect.tap(() => Effect.sync(collect)),
        Effect.repeat({ until: () => vendor.open() === 0 }),
        Effect.timeout("5 seconds")
      )
    }).pipe(Effect.provide(VendorClient.layer)))
})
