/** A vendor that compresses without being asked is understood all the same, and can't fill the memory with it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { randomBytes } from "node:crypto"
import * as zlib from "node:zlib"
import * as VendorError from "../../../src/kernel/calls/VendorError.ts"
import * as VendorClient from "../../../src/kernel/client/VendorClient.ts"
import * as RawVendor from "../../support/RawVendor.ts"

const { answerOf, chunkedHead, chunkOf, lastChunk, reset, writeCompressed } = RawVendor

const text = JSON.stringify({ text: "ü".repeat(1000) })

const respond = (url: string) =>
  Effect.flatMap(HttpClient.HttpClient, (client) => client.execute(HttpClientRequest.post(url)))

const codings: ReadonlyArray<readonly [encoding: string, encode: (text: string | Buffer) => Buffer]> = [
  ["gzip", zlib.gzipSync],
  ["x-gzip", zlib.gzipSync],
  ["deflate", zlib.deflateSync],
  ["Deflate", zlib.deflateRawSync],
  ["br", zlib.brotliCompressSync],
  ["zstd", zlib.zstdCompressSync],
  ["br, gzip", (text) => zlib.gzipSync(zlib.brotliCompressSync(text))],
  ["identity", (text) => Buffer.from(text)]
]

describe("a compressed answer", () => {
  it.live.each(codings)("is decoded: %s", ([encoding, encode]) =>
    Effect.gen(function*() {
      const vendor = yield* RawVendor.make((socket) =>
        socket.write(answerOf(encode(text), { headers: { "content-encoding": encoding } }))
      )
      const response = yield* respond(vendor.url)
      assert.strictEqual(yield* response.text, text)
      assert.isUndefined(encoding === "identity" ? undefined : response.headers["content-encoding"])
      const again = yield* respond(vendor.url)
      assert.strictEqual(yield* Stream.mkString(Stream.decodeText(again.stream)), text)
    }).pipe(Effect.provide(VendorClient.layer)))

  it.live("comes piece by piece, as it was flushed", () =>
    Effect.gen(function*() {
      const vendor = yield* RawVendor.make((socket) => {
        socket.write(chunkedHead({ "content-encoding": "gzip" }))
        return Effect.map(writeCompressed(socket, ["one", "two", "three"], 20), (end) => end())
      })
      const { stream } = yield* respond(vendor.url)
      const seen = yield* Stream.runCollect(stream)
      assert.deepStrictEqual(seen.map((bytes) => Buffer.from(bytes).toString()), ["one", "two", "three"])
    }).pipe(Effect.provide(VendorClient.layer)))

  it.live.each([
    { name: "is cut off", bytes: zlib.gzipSync(text).subarray(0, 20), message: /unexpected end of file/ },
    { name: "is none", bytes: Buffer.from("{\"plain\":true}"), message: /incorrect header check/ },
    {
      name: "is a bomb",
      bytes: zlib.gzipSync(Buffer.alloc(200 * 1024 * 1024)),
      message: /more than 100 times as large/
    }
  ])("that $name is a failure", ({ bytes, message }) =>
    Effect.gen(function*() {
      const vendor = yield* RawVendor.make((socket) =>
        socket.write(answerOf(bytes, { headers: { "content-encoding": "gzip" } }))
      )
      for (const read of ["text", "stream"] as const) {
        const response = yield* respond(vendor.url)
        const error = yield* Effect.flip(
          read === "text" ? Effect.asVoid(response.text) : Stream.runDrain(response.stream)
        )
        assert.match(VendorError.describe(error), message)
      }
    }).pipe(Effect.provide(VendorClient.layer)))

  it.live("may be empty, and a coding that nobody knows passes as it is", () =>
    Effect.gen(function*() {
      const vendor = yield* RawVendor.make((socket, { number }) =>
        socket.write(
          number === 1
            ? answerOf("", { headers: { "content-encoding": "gzip" } })
            : answerOf("plain", { headers: { "content-encoding": "utf-8" } })
        )
      )
      assert.strictEqual(yield* Effect.flatMap(respond(vendor.url), ({ text }) => text), "")
      yield* Effect.sleep("5 millis")
      const response = yield* respond(vendor.url)
      assert.strictEqual(yield* response.text, "plain")
      assert.strictEqual(response.headers["content-encoding"], "utf-8")
    }).pipe(Effect.provide(VendorClient.layer)))

  it.live("gives what came before its connection broke", () =>
    Effect.gen(function*() {
      const vendor = yield* RawVendor.make((socket) => {
        socket.write(chunkedHead({ "content-encoding": "gzip" }))
        return Effect.andThen(writeCompressed(socket, ["one"]), reset(socket))
      })
      const { stream } = yield* respond(vendor.url)
      const seen: Array<string> = []
      const error = yield* Effect.flip(
        Stream.runForEach(stream, (bytes) => Effect.sync(() => seen.push(Buffer.from(bytes).toString())))
      )
      assert.deepStrictEqual(seen, ["one"])
      assert.strictEqual(error.reason._tag, "DecodeError")
    }).pipe(Effect.provide(VendorClient.layer)))

  it.live("is slowed down where it is read slowly", () =>
    Effect.gen(function*() {
      const piece = zlib.gzipSync(randomBytes(65_536))
      let written = 0
      const vendor = yield* RawVendor.make((socket) => {
        socket.write(chunkedHead({ "content-encoding": "gzip" }))
        const more = () => {
          while (written < 256 * 1024 * 1024) {
            written += piece.length
            if (!socket.write(chunkOf(piece))) return socket.once("drain", more)
          }
          return socket.end(lastChunk)
        }
        more()
      })
      const { stream } = yield* respond(vendor.url)
      yield* stream.pipe(Stream.take(50), Stream.runForEach(() => Effect.sleep("5 millis")))
      assert.isBelow(written, 64 * 1024 * 1024)
    }).pipe(Effect.provide(VendorClient.layer)))
})
