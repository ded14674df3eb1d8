/** What a client and the log get of a vendor that breaks its answer, hides it, or never ends it: as people have reported. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Socket } from "node:net"
import * as zlib from "node:zlib"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import { Http } from "../support/Http.ts"
import * as RawVendor from "../support/RawVendor.ts"
import { Strata } from "../support/Strata.ts"
import { verify } from "../support/verify.ts"

const { answerOf, chunkedHead, lastChunk, reset, writeChunks, writeCompressed } = RawVendor

const frameOf = (fields: object) =>
  `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "m", ...fields })}\n\n`
const delta = (content: string, finish_reason: string | null = null) =>
  frameOf({ choices: [{ index: 0, delta: { content }, finish_reason }] })
const usage = frameOf({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 } })
const done = "data: [DONE]\n\n"
const whole = [delta("Hel"), delta("lo"), delta("", "stop"), usage, done]

const completion = {
  id: "c",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: "whole" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 }
}

const sse = { "content-type": "text/event-stream" }
const json = { "content-type": "application/json" }

/** Writes the pieces in chunks of their own, then does what it is told. */
const pieces = (
  texts: ReadonlyArray<string>,
  ending: (socket: Socket) => Effect.Effect<void>,
  headers: Record<string, string> = sse
) =>
(socket: Socket) => {
  socket.write(chunkedHead(headers))
  return Effect.andThen(writeChunks(socket, texts), Effect.suspend(() => ending(socket)))
}

const ends = (socket: Socket) => Effect.sync(() => void socket.write(lastChunk))
const resets = (socket: Socket) => reset(socket, 100)
const closes = (socket: Socket) => Effect.sync(() => void socket.end())
const staysOpen = () => Effect.void

const ask = Effect.fnUntraced(function*(
  answer: (socket: Socket) => unknown,
  { config = {}, stream = true }: { readonly config?: object; readonly stream?: boolean } = {}
) {
  const vendor = yield* RawVendor.make((socket, { text }) =>
    text.startsWith("GET") ? socket.write(answerOf(`{"data":[]}`, { headers: json })) : answer(socket)
  )
  const strata = yield* Strata.make({
    providers: [{
      provider_id: "v",
      provider_type: "remote::openai",
      config: { base_url: `${vendor.url}/v1`, models: ["m"], ...config }
    }]
  })
  const answered = yield* Http.send(strata.url, "/v1/chat/completions", {
    method: "POST",
    headers: { "content-type": "application/json", "x-strata-session-id": "s" },
    body: JSON.stringify({ model: "v/m", stream, messages: [{ role: "user", content: "hi" }] })
  })
  const events = Strata.ofClients(yield* strata.events({ level: "default" }))
  const payloads = new Map<string, Readonly<Record<string, unknown>>>(
    events.map((event) => [event.type, Object(payloadOf(event))])
  )
  const frames = answered.text.split("\n\n").filter((frame) => frame !== "").map((frame) => `${frame}\n\n`)
  const session = Object((yield* Http.send(strata.url, "/v1/sessions/s")).json)
  yield* strata.close
  const [verified] = yield* verify(strata.folder, ["s"])
  assert.deepInclude(verified, { requests: 1, skipped: [], divergence: undefined })
  return { vendor, answered, frames, payloads, session }
})

const until = (condition: () => boolean) =>
  Effect.sleep("2 millis").pipe(Effect.repeat({ until: condition }), Effect.timeout("5 seconds"), Effect.orDie)

const codeIn = (frame: string | undefined): unknown => Object(JSON.parse(frame!.slice(5))).error.code

const cutOff = { type: "cut_off", message: "the stream ended before the answer was complete" }

describe("a stream that is cut off", () => {
  it.live.each([
    { name: "ends without a finish", texts: whole.slice(0, 2), ending: ends, passed: 2, error: cutOff },
    {
      name: "ends within a frame",
      texts: [...whole.slice(0, 2), "data: {\"id\":"],
      ending: ends,
      passed: 2,
      error: cutOff
    },
    { name: "has no frame at all", texts: [], ending: ends, passed: 0, error: cutOff },
    {
      name: "breaks within a frame",
      texts: [
        ...whole.slice(0, 2),
        `data: {"id":"c","object":"chat.completion.chunk","created":1700000000,"m${"x".repeat(200)}`
      ],
      ending: resets,
      passed: 2,
      error: { type: "DecodeError" }
    },
    {
      name: "closes its connection without the last chunk",
      texts: whole.slice(0, 2),
      ending: closes,
      passed: 2,
      error: { type: "DecodeError" }
    }
  ])(
    "where it $name: the client has an error frame of its own, and the log a failure",
    ({ ending, error, passed, texts }) =>
      Effect.gen(function*() {
        const { answered, frames, payloads } = yield* ask(pieces(texts, ending))
        assert.strictEqual(answered.status, 200)
        assert.deepStrictEqual(frames.slice(0, -1), whole.slice(0, passed))
        assert.strictEqual(codeIn(frames.at(-1)), "provider_unreachable")
        assert.deepInclude(payloads.get("llm:error")?.error, error)
        assert.deepNestedInclude(payloads.get("api:error"), { "error.code": "provider_unreachable" })
        assert.isFalse(payloads.has("llm:response") || payloads.has("api:response"))
      }).pipe(Effect.scoped)
  )

  it.live("stops, and its connection is closed after the time that is configured", () =>
    Effect.gen(function*() {
      const { frames, payloads, vendor } = yield* ask(pieces(whole.slice(0, 2), staysOpen), {
        config: { idle_timeout_ms: 150 }
      })
      assert.deepStrictEqual(frames.slice(0, -1), whole.slice(0, 2))
      assert.strictEqual(codeIn(frames.at(-1)), "provider_timeout")
      assert.deepStrictEqual(payloads.get("llm:error")?.error, {
        type: "timeout",
        message: "nothing more of the answer within 150ms"
      })
      assert.deepNestedInclude(payloads.get("api:error"), { "status": 504, "error.code": "provider_timeout" })
      yield* until(() => vendor.open() === 0)
    }).pipe(Effect.scoped))
})

describe("a stream that is whole", () => {
  it.live.each([
    { name: "as usual", answer: pieces(whole, ends) },
    { name: "without [DONE] behind a finish", answer: pieces(whole.slice(0, -1), ends) },
    { name: "under text/plain", answer: pieces(whole, ends, { "content-type": "text/plain; charset=utf-8" }) },
    { name: "under no type", answer: pieces(whole, ends, {}) },
    {
      name: "in small pieces under no type",
      answer: pieces(
        [...whole.join("")].map((letter) => letter).slice(0, 40).concat(whole.join("").slice(40)),
        ends,
        {}
      )
    }
  ])("reaches the client with one [DONE]: $name", ({ answer }) =>
    Effect.gen(function*() {
      const { answered, frames, payloads } = yield* ask(answer)
      assert.match(String(answered.headers["content-type"]), /^text\/event-stream/)
      assert.deepStrictEqual(frames, whole)
      assert.deepNestedInclude(payloads.get("llm:response"), { "finish_reason": "stop", "usage.total_tokens": 9 })
    }).pipe(Effect.scoped))

  it.live("ends with [DONE], and the vendor's connection is given up that stays open behind it", () =>
    Effect.gen(function*() {
      const { frames, payloads, vendor } = yield* ask(pieces([...whole, ": never mind\n\n"], staysOpen))
      assert.deepStrictEqual(frames, whole)
      assert.deepNestedInclude(payloads.get("llm:response"), { "finish_reason": "stop", "usage.total_tokens": 9 })
      yield* until(() => vendor.open() === 0)
    }).pipe(Effect.scoped))

  it.live("keeps what stands behind the data of its frames", () =>
    Effect.gen(function*() {
      const numbered = whole.map((frame, index) => frame.replace(/\n\n$/, `\nid: ${index}\n\n`))
      const { frames, payloads } = yield* ask(pieces(numbered, ends))
      assert.deepStrictEqual(frames, [...numbered.slice(0, -1), done])
      assert.deepNestedInclude(payloads.get("llm:response"), { "finish_reason": "stop", "usage.total_tokens": 9 })
    }).pipe(Effect.scoped))

  it.live("comes as it is flushed where it is compressed", () =>
    Effect.gen(function*() {
      const { frames, payloads, vendor } = yield* ask((socket) => {
        socket.write(chunkedHead({ ...sse, "content-encoding": "gzip" }))
        return Effect.map(writeCompressed(socket, whole), (end) => end())
      })
      assert.deepStrictEqual(frames, whole)
      assert.deepNestedInclude(payloads.get("llm:response"), { "usage.total_tokens": 9 })
      assert.match(vendor.received.at(-1)!.text, /accept-encoding: identity/)
    }).pipe(Effect.scoped))
})

describe("an error under 200", () => {
  const error = { message: "You exceeded your current quota", type: "insufficient_quota", param: null, code: "q" }
  const failure = { type: "vendor_error", message: "You exceeded your current quota" }

  it.live.each([
    { name: "with [DONE]", behind: [done] },
    { name: "without [DONE]", behind: [] }
  ])("passes as a frame $name, and is a failure in the log", ({ behind }) =>
    Effect.gen(function*() {
      const texts = [...whole.slice(0, 2), `data: ${JSON.stringify({ error })}\n\n`, ...behind]
      const { frames, payloads, session } = yield* ask(pieces(texts, ends))
      assert.deepStrictEqual(frames, texts)
      assert.deepStrictEqual(payloads.get("llm:error")?.error, failure)
      assert.deepInclude(payloads.get("api:error"), { status: 200, error })
      assert.isFalse(payloads.has("llm:response") || payloads.has("api:response"))
      assert.deepInclude(session, { turn_count: 0, error_count: 1 })
    }).pipe(Effect.scoped))

  it.live.each([
    { name: "", stream: false, said: error, logged: error },
    { name: " that answers a stream", stream: true, said: error, logged: error },
    {
      name: " that is a text",
      stream: false,
      said: error.message,
      logged: { message: error.message, type: "", param: null, code: null }
    }
  ])("passes as a body$name, and is a failure in the log", ({ logged, said, stream }) =>
    Effect.gen(function*() {
      const body = JSON.stringify({ error: said })
      const { answered, payloads, session } = yield* ask(
        (socket) => socket.write(answerOf(body, { headers: json })),
        { stream }
      )
      assert.deepStrictEqual([answered.status, answered.text], [200, body])
      assert.deepStrictEqual(payloads.get("llm:error")?.error, failure)
      assert.deepInclude(payloads.get("api:error"), { status: 200, error: logged })
      assert.isFalse(payloads.has("llm:response") || payloads.has("api:response"))
      assert.deepInclude(session, { turn_count: 0, error_count: 1 })
    }).pipe(Effect.scoped))
})

describe("a JSON answer", () => {
  it.live.each([
    { name: "as JSON", headers: json },
    { name: "under no type", headers: {} }
  ])("becomes a stream where one was asked for: $name", ({ headers }) =>
    Effect.gen(function*() {
      const { frames, payloads } = yield* ask((socket) =>
        socket.write(answerOf(JSON.stringify(completion), { headers }))
      )
      const chunk = JSON.parse(frames[0]!.slice(5))
      assert.deepInclude(chunk, { object: "chat.completion.chunk", usage: completion.usage })
      assert.deepStrictEqual(chunk.choices, [{
        index: 0,
        delta: { role: "assistant", content: "whole" },
        finish_reason: "stop"
      }])
      assert.deepStrictEqual(frames.slice(1), [done])
      assert.isTrue(payloads.has("llm:response"))
    }).pipe(Effect.scoped))

  it.live("that is compressed is read", () =>
    Effect.gen(function*() {
      const body = JSON.stringify(completion)
      const { answered, payloads } = yield* ask(
        (socket) => socket.write(answerOf(zlib.gzipSync(body), { headers: { ...json, "content-encoding": "gzip" } })),
        {
          stream: false
        }
      )
      assert.deepStrictEqual([answered.status, answered.text], [200, body])
      assert.deepNestedInclude(payloads.get("llm:response"), { "usage.total_tokens": 5 })
    }).pipe(Effect.scoped))

  it.live.each(
    [
      {
        name: "is shorter than its length",
        answer: (socket: Socket) =>
          void socket.end(answerOf("{\"id\":", { headers: { ...json, "content-length": "900" } })),
        config: {},
        expected: [502, "provider_unreachable", "DecodeError"]
      },
      {
        name: "is reset",
        answer: (socket: Socket) => {
          socket.write(answerOf("{\"id\":", { headers: { ...json, "content-length": "900" } }))
          return reset(socket)
        },
        config: {},
        expected: [502, "provider_unreachable", "DecodeError"]
      },
      {
        name: "stops",
        answer: (socket: Socket) =>
          void socket.write(answerOf("{\"id\":", { headers: { ...json, "content-length": "900" } })),
        config: { idle_timeout_ms: 100 },
        expected: [504, "provider_timeout", "timeout"]
      },
      {
        name: "never begins",
        answer: staysOpen,
        config: { timeout_ms: 100 },
        expected: [504, "provider_timeout", "timeout"]
      },
      {
        name: "takes too long in all",
        answer: pieces(Array.from({ length: 100 }, () => " "), staysOpen, json),
        config: { total_timeout_ms: 150 },
        expected: [504, "provider_timeout", "timeout"]
      },
      {
        name: "has a status that is none",
        answer: (socket: Socket) => void socket.write(answerOf("{}", { headers: json, status: "799 Odd" })),
        config: {},
        expected: [502, "provider_unreachable", "TransportError"]
      }
    ] as const
  )("that $name is an error, to the client and in the log", ({ answer, config, expected }) =>
    Effect.gen(function*() {
      const { answered, payloads, vendor } = yield* ask(answer, { config, stream: false })
      const [status, code, type] = expected
      assert.strictEqual(answered.status, status)
      assert.deepNestedInclude(answered.json, { "error.code": code })
      assert.deepNestedInclude(payloads.get("llm:error"), { "error.type": type })
      yield* until(() => vendor.open() === 0)
    }).pipe(Effect.scoped))
})
