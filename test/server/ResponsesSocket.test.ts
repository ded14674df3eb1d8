/** Responses over a WebSocket, by OpenAI's own client, and by one that says anything. */
// @effect-diagnostics asyncFunction:off newPromise:off
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { setTimeout as sleep } from "node:timers/promises"
import { ResponsesWS } from "openai/resources/responses/ws"
import { WebSocket } from "ws"
import { field, parse } from "../../src/events/types/JsonAccess.ts"
import { Chat } from "../support/Chat.ts"
import { Keys } from "../support/Keys.ts"
import * as OpenResponses from "../support/OpenResponses.ts"
import * as World from "../support/ResponsesWorld.ts"
import { Sdk } from "../support/Sdk.ts"

type Event = Schema.JsonObject

const isLast = ({ type }: Event): boolean =>
  type === "response.completed" || type === "response.failed" || type === "response.incomplete" || type === "error"

/** The events up to the one that ends a response. */
const responseOf = async (events: AsyncIterator<unknown>): Promise<ReadonlyArray<Event>> => {
  const found: Array<Event> = []
  while (true) {
    const { done, value } = await events.next()
    if (done === true) return found
    if (field(value, "type") !== "message") continue
    const event = field(value, "message") as Event
    found.push(event)
    if (isLast(event)) return found
  }
}

/** A connection that sends whatever it is given. */
const rawSocket = async (url: string, headers: Readonly<Record<string, string>> = {}) => {
  const socket = new WebSocket(`${url.replace("http", "ws")}/v1/responses`, { headers })
  const events: Array<Event> = []
  const waiting: Array<() => void> = []
  socket.on("message", (data) => {
    events.push(parse(String(data)) as Event)
    waiting.shift()?.()
  })
  const refused = new Promise<number>((resolve) =>
    socket.on("unexpected-response", (_, { statusCode = 0 }) => resolve(statusCode))
  )
  const opened = new Promise<"open">((resolve) => socket.on("open", () => resolve("open")))
  const closed = new Promise<number>((resolve) => socket.on("close", resolve))
  socket.on("error", () => undefined)
  return {
    socket,
    refused,
    opened,
    closed,
    next: async () => {
      if (events.length === 0) await new Promise<void>((resolve) => waiting.push(resolve))
      return events.shift()!
    }
  }
}

const deepList = `${"[".repeat(30_000)}${"]".repeat(30_000)}`

describe("responses over a WebSocket", () => {
  it.live("are made one after the other in one session, with the events of a stream, and verify", () =>
    Effect.gen(function*() {
      const { get, strata, verify } = yield* World.given()
      const client = Sdk.make(strata.url)
      const [first, second] = yield* Effect.promise(async () => {
        const socket = new ResponsesWS(client)
        const events = socket.stream()[Symbol.asyncIterator]()
        socket.send({ type: "response.create", model: "upstream/m", input: "hello" })
        const one = await responseOf(events)
        const previous_response_id = String(field(one.at(-1)!["response"], "id"))
        socket.send({ type: "response.create", model: "upstream/m", input: "and now?", previous_response_id })
        const two = await responseOf(events)
        socket.close()
        return [one, two] as const
      })
      for (const events of [first, second]) {
        for (const event of events) OpenResponses.checkEvent(event)
        assert.deepStrictEqual(events.map(({ sequence_number }) => sequence_number), events.map((_, index) => index))
      }
      const [one, two] = [first.at(-1)!["response"], second.at(-1)!["response"]]
      assert.deepStrictEqual([World.textOf(one), World.textOf(two)], ["You said hello", "You said and now?"])
      const kept = yield* get(`/v1/responses/${String(field(two, "id"))}`)
      assert.strictEqual(field(kept.json, "previous_response_id"), field(one, "id"))
      const starts = yield* strata.events({ types: ["session:start"] })
      assert.lengthOf(starts, 1)
      const requests = yield* strata.events({ types: ["api:request"] })
      assert.lengthOf(requests.filter(({ payload }) => payload.includes("createResponse")), 2)
      assert.deepInclude((yield* verify(starts[0]!.sessionId!)) as object, { status: "identical" })
    }).pipe(Effect.scoped))

  it.live("answer with an error what can't be done, and go on", () =>
    Effect.gen(function*() {
      const { strata } = yield* World.given()
      yield* Effect.promise(async () => {
        const { next, opened, socket } = await rawSocket(strata.url)
        await opened
        const asked: ReadonlyArray<[message: string | Buffer, status: number, param: string | null]> = [
          ["no JSON", 400, null],
          ["[]", 400, null],
          [Buffer.from([1, 2, 3]), 400, null],
          [JSON.stringify({ type: "session.update" }), 400, "type"],
          [`{"type":"response.create","model":"upstream/m","input":${deepList}}`, 400, null],
          [`{"type":${deepList}}`, 400, null],
          [
            JSON.stringify({ type: "response.create", model: "upstream/m", input: "x", background: true }),
            400,
            "background"
          ],
          [JSON.stringify({ type: "response.create", model: "upstream/nowhere", input: "x" }), 404, null],
          [
            JSON.stringify({
              type: "response.create",
              model: "upstream/m",
              input: "x",
              previous_response_id: "resp_0"
            }),
            404,
            "previous_response_id"
          ]
        ]
        for (const [message, status, param] of asked) {
          socket.send(message)
          const event = await next()
          assert.deepInclude(event, { type: "error", status }, String(message).slice(0, 100))
          if (param !== null) assert.strictEqual(event["param"], param)
          assert.isString(event["message"])
        }
        socket.send(JSON.stringify({ type: "response.create", model: "upstream/m", input: "hello" }))
        let event = await next()
        while (!isLast(event)) event = await next()
        assert.strictEqual(event["type"], "response.completed")
        socket.close()
      })
    }).pipe(Effect.scoped))

  it.live("are no one's who may not ask: the connection is refused as a request is", () =>
    Effect.gen(function*() {
      const { strata } = yield* World.given({ auth: { providers: [Keys.provider({ alice: {} })] } })
      yield* Effect.promise(async () => {
        const stranger = await rawSocket(strata.url)
        assert.strictEqual(await stranger.refused, 401)
        const elsewhere = await rawSocket(strata.url, { ...Keys.headers("alice"), origin: "http://elsewhere.example" })
        assert.strictEqual(await elsewhere.refused, 403)
        const known = await rawSocket(strata.url, Keys.headers("alice"))
        assert.strictEqual(await known.opened, "open")
        known.socket.close()
      })
    }).pipe(Effect.scoped))

  it.live("end with the connection: what runs is given up, and the vendor is left", () =>
    Effect.gen(function*() {
      const words = Array.from({ length: 200 }, (_, index) => `word ${index}`)
      const { strata } = yield* World.given({ model: Chat.answering(words, "50 millis") })
      yield* Effect.promise(async () => {
        const { next, opened, socket } = await rawSocket(strata.url)
        await opened
        socket.send(JSON.stringify({ type: "response.create", model: "upstream/m", input: "hello" }))
        await next()
        socket.close()
      })
      const failed = yield* strata.awaitEvents({ types: ["api:error"] })
      assert.include(failed[0]!.payload, "499")
    }).pipe(Effect.scoped))

  it.live("end with the server: an idle one at once, and what is under way in the time it has", () =>
    Effect.gen(function*() {
      const codes = yield* Effect.scoped(Effect.gen(function*() {
        const words = Array.from({ length: 10_000 }, (_, index) => `word ${index}`)
        const { strata } = yield* World.given({
          model: Chat.answering(words, "20 millis"),
          server: { shutdown_timeout_ms: 300 }
        })
        return yield* Effect.promise(async () => {
          const [idle, busy] = [await rawSocket(strata.url), await rawSocket(strata.url)]
          await Promise.all([idle.opened, busy.opened])
          busy.socket.send(JSON.stringify({ type: "response.create", model: "upstream/m", input: "hello" }))
          await busy.next()
          return [idle.closed, busy.closed]
        })
      }))
      assert.strictEqual(yield* Effect.promise(() => codes[0]!), 1001)
      assert.include([1001, 1006, 1011], yield* Effect.promise(() => codes[1]!))
    }))

  it.live("are so many at once and no more, and each that ends makes room for another", () =>
    Effect.gen(function*() {
      const { strata } = yield* World.given({ server: { max_websockets: 2 } })
      yield* Effect.promise(async () => {
        const [one, two] = [await rawSocket(strata.url), await rawSocket(strata.url)]
        assert.deepStrictEqual(await Promise.all([one.opened, two.opened]), ["open", "open"])
        const third = await rawSocket(strata.url)
        assert.strictEqual(await third.refused, 503)
        one.socket.close()
        await one.closed
        for (let attempt = 0; attempt < 200; attempt++) {
          const next = await rawSocket(strata.url)
          const outcome = await Promise.race([next.opened, next.refused])
          if (outcome === "open") return next.socket.close()
          await sleep(20)
        }
        assert.fail("no room was made")
      })
    }).pipe(Effect.scoped))

  it.live("are closed where nothing is asked for too long, and not while a response is made", () =>
    Effect.gen(function*() {
      const { strata } = yield* World.given({
        server: { websocket_idle_ms: 300 },
        model: Chat.answering(["one ", "two ", "three ", "four "], "200 millis")
      })
      yield* Effect.promise(async () => {
        const { closed, next, opened, socket } = await rawSocket(strata.url)
        await opened
        socket.send(JSON.stringify({ type: "response.create", model: "upstream/m", input: "hello" }))
        let event = await next()
        while (!isLast(event)) event = await next()
        assert.strictEqual(event["type"], "response.completed")
        assert.strictEqual(await closed, 1000)
      })
    }).pipe(Effect.scoped))

  it.live("run one after the other, however many are asked for at once", () =>
    Effect.gen(function*() {
      const { strata } = yield* World.given()
      yield* Effect.promise(async () => {
        const { next, opened, socket } = await rawSocket(strata.url)
        await opened
        const inputs = Array.from({ length: 60 }, (_, index) => `number ${index}`)
        for (const input of inputs) {
          socket.send(JSON.stringify({ type: "response.create", model: "upstream/m", input }))
        }
        for (const input of inputs) {
          let event = await next()
          while (!isLast(event)) event = await next()
          assert.strictEqual(World.textOf(event["response"]), `You said ${input}`)
        }
        socket.close()
      })
    }).pipe(Effect.scoped))

  it.live("take no message that is longer than a body may be", () =>
    Effect.gen(function*() {
      const { strata } = yield* World.given({ maxBodyBytes: 2000 })
      yield* Effect.promise(async () => {
        const { closed, opened, socket } = await rawSocket(strata.url)
        await opened
        socket.send(JSON.stringify({ type: "response.create", model: "upstream/m", input: "x".repeat(3000) }))
        assert.strictEqual(await closed, 1009)
      })
    }).pipe(Effect.scoped))
})
