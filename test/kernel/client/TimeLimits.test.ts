/** How long a vendor may take: each limit ends the request by itself, closes its connection, and says which it was. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import type { Socket } from "node:net"
import * as VendorError from "../../../src/kernel/calls/VendorError.ts"
import { TimeLimitExceeded } from "../../../src/kernel/client/TimeLimitExceeded.ts"
import type { TimeLimits } from "../../../src/kernel/client/TimeLimits.ts"
import { defaults } from "../../../src/kernel/client/TimeLimits.ts"
import * as VendorClient from "../../../src/kernel/client/VendorClient.ts"
import * as RawVendor from "../../support/RawVendor.ts"

const { answerOf, chunkedHead, chunkOf, lastChunk, writeChunks } = RawVendor

const within = (limits: Partial<TimeLimits>) =>
  Effect.flatMap(HttpClient.HttpClient, (client) => VendorClient.dedicated(client, { ...defaults, ...limits }))

const until = (condition: () => boolean) =>
  Effect.sleep("2 millis").pipe(Effect.repeat({ until: condition }), Effect.timeout("5 seconds"), Effect.orDie)

const chunks = (socket: Socket, count: number, every: number) => {
  socket.write(chunkedHead())
  return writeChunks(socket, Array.from({ length: count }, () => "x"), every)
}

interface Row {
  readonly name: string
  readonly limits: Partial<TimeLimits>
  readonly answer: (socket: Socket) => unknown
  readonly message: string
}

const rows: ReadonlyArray<Row> = [
  {
    name: "nothing comes",
    limits: { firstByte: 50, idle: 5000, total: 5000 },
    answer: () => {},
    message: "no answer within 50ms"
  },
  {
    name: "only informational answers come",
    limits: { firstByte: 50 },
    answer: (socket) => void socket.write("HTTP/1.1 103 Early Hints\r\n\r\n"),
    message: "no answer within 50ms"
  },
  {
    name: "a head comes, and no body",
    limits: { firstByte: 5000, idle: 50 },
    answer: (socket) => void socket.write(chunkedHead()),
    message: "nothing more of the answer within 50ms"
  },
  {
    name: "a body stops",
    limits: { idle: 80 },
    answer: (socket) => chunks(socket, 4, 30),
    message: "nothing more of the answer within 80ms"
  },
  {
    name: "a JSON body stops",
    limits: { idle: 50 },
    answer: (socket) => void socket.write(answerOf("{\"a\":", { headers: { "content-length": "100" } })),
    message: "nothing more of the answer within 50ms"
  },
  {
    name: "a body goes on and on",
    limits: { firstByte: 5000, idle: 5000, total: 100 },
    answer: (socket) => chunks(socket, 1000, 10),
    message: "no whole answer within 100ms"
  }
]

describe("time limits of a client", () => {
  it.live.each(rows)("end a request where $name", ({ answer, limits, message }) =>
    Effect.gen(function*() {
      const vendor = yield* RawVendor.make(answer)
      const client = yield* within(limits)
      for (const read of ["text", "stream"] as const) {
        const error = yield* Effect.flip(
          Effect.flatMap(client.execute(HttpClientRequest.post(vendor.url)), (response) =>
            read === "text" ? Effect.asVoid(response.text) : Stream.runDrain(response.stream))
        )
        assert.instanceOf(error.reason.cause, TimeLimitExceeded)
        assert.strictEqual(VendorError.describe(error), message)
      }
      yield* until(() =>
        vendor.open() === 0
      )
    }).pipe(Effect.scoped, Effect.provide(VendorClient.layer)))

  it.live("do not end what is within them", () =>
    Effect.gen(function*() {
      const vendor = yield* RawVendor.make((socket) =>
        Effect.gen(function*() {
          yield* Effect.sleep("30 millis")
          yield* chunks(socket, 10, 20)
          socket.write(lastChunk)
        })
      )
      const client = yield* within({ firstByte: 150, idle: 150, total: 5000 })
      const response = yield* client.execute(HttpClientRequest.post(vendor.url))
      assert.strictEqual(yield* response.text, "xxxxxxxxxx")
    }).pipe(Effect.scoped, Effect.provide(VendorClient.layer)))

  it.live("do not count the time in which nobody takes what comes", () =>
    Effect.gen(function*() {
      const vendor = yield* RawVendor.make((socket) => {
        socket.write(chunkedHead())
        for (let index = 0; index < 200; index++) socket.write(chunkOf(Buffer.alloc(65_536, "x")))
        socket.write(lastChunk)
      })
      const client = yield* within({ idle: 500 })
      const { stream } = yield* client.execute(HttpClientRequest.post(vendor.url))
      let [first, bytes] = [true, 0]
      yield* Stream.runForEach(stream, (chunk) => {
        bytes += chunk.length
        const wait = first ? Effect.sleep("1200 millis") : Effect.void
        first = false
        return wait
      })
      assert.strictEqual(bytes, 200 * 65_536)
    }).pipe(Effect.scoped, Effect.provide(VendorClient.layer)))

  it.live("name a connection that is not made in time", () =>
    Effect.gen(function*() {
      // An address of documentation: packets to it go nowhere, or the network says so at once.
      const client = yield* within({ connect: 100 })
      const error = yield* Effect.flip(client.execute(HttpClientRequest.get("http://192.0.2.1:9")))
      if (error.reason.cause instanceof TimeLimitExceeded) {
        assert.strictEqual(VendorError.describe(error), "no connection within 100ms")
      } else assert.match(VendorError.describe(error), /E(NETUNREACH|HOSTUNREACH|CONNREFUSED|ACCES|PERM)/)
    }).pipe(Effect.scoped, Effect.provide(VendorClient.layer)))

  it.live("belong to one instance, whose connections end with it and not before its answers", () =>
    Effect.gen(function*() {
      const vendor = yield* RawVendor.make((socket) =>
        Effect.map(Effect.sleep("60 millis"), () => socket.write(answerOf("late")))
      )
      const shared = yield* HttpClient.HttpClient
      const response = yield* Effect.scoped(Effect.gen(function*() {
        const own = yield* within({ firstByte: 10 })
        assert.instanceOf(
          (yield* Effect.flip(own.execute(HttpClientRequest.get(vendor.url)))).reason.cause,
          TimeLimitExceeded
        )
        const patient = yield* within({ firstByte: 5000 })
        return yield* Effect.forkDetach(
          Effect.flatMap(patient.execute(HttpClientRequest.get(vendor.url)), ({ text }) => text),
          { startImmediately: true }
        )
      }))
      assert.strictEqual(
        yield* Effect.flatMap(shared.execute(HttpClientRequest.get(vendor.url)), ({ text }) => text),
        "late"
      )
      yield* until(() => response.pollUnsafe() !== undefined)
      assert.deepInclude(response.pollUnsafe(), { _tag: "Success", value: "late" })
      yield* until(() => vendor.open() === 1)
    }).pipe(Effect.provide(VendorClient.layer)))
})
