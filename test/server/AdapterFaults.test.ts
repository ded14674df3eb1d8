/** A vendor that breaks in every way, behind every adapter: what the client gets, what the log says, and what is left open. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Socket } from "node:net"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import type { Dialect } from "../../src/kernel/dialects/Dialect.ts"
import * as Translation from "../../src/kernel/dialects/Translation.ts"
import type { ChatResponse } from "../../src/kernel/messages/ChatResponse.ts"
import type { StreamPart } from "../../src/kernel/messages/StreamPart.ts"
import * as Adapters from "../support/Adapters.ts"
import * as FiberCount from "../support/FiberCount.ts"
import { Http } from "../support/Http.ts"
import * as RawVendor from "../support/RawVendor.ts"
import { Strata } from "../support/Strata.ts"
import { vendorKey } from "../support/Vendors.ts"

const { answerOf, chunkedHead, chunkOf, lastChunk, reset } = RawVendor

const json = { "content-type": "application/json" }

const saying = (text: string): ChatResponse => ({
  content: [{ type: "text", text }],
  finish_reason: "stop",
  usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 },
  metadata: { id: "a", model: "m", created: 1 }
})

/** A vendor's stream, each word of it a delta. */
const streamOf = (dialect: Dialect, words: ReadonlyArray<string>): Buffer => {
  const { add } = dialect.lower.stream()
  const parts = Translation.partsOf(saying(words.join(""))).flatMap((part): ReadonlyArray<StreamPart> =>
    part.type === "block_delta" ? words.map((text) => ({ ...part, text })) : [part]
  )
  const frames = [...parts.flatMap(add), dialect.lastFrame].filter(({ length }) => length > 0)
  return Buffer.concat(Adapters.framesOf(dialect, frames))
}

const half = (bytes: Buffer): Buffer => bytes.subarray(0, Math.floor(bytes.length / 2))

const stream = (
  socket: Socket,
  dialect: Dialect,
  pieces: ReadonlyArray<Uint8Array>,
  ending: (socket: Socket) => unknown
) => {
  socket.write(chunkedHead({ "content-type": Adapters.contentTypeOf(dialect) }))
  for (const piece of pieces) socket.write(chunkOf(piece))
  return ending(socket)
}

const ends = (socket: Socket) => socket.write(lastChunk)
const resets = (socket: Socket) => reset(socket, 50)
const stalls = () => undefined

const words = ["Blåbær", "grød ", "🌧", "!"]

interface Fault {
  readonly name: string
  readonly streams: boolean
  readonly answer: (socket: Socket, dialect: Dialect) => unknown
  /** Of the answer to the client. */
  readonly status: number
  /** Of `llm:error`; absent where an answer came, which is recorded as one. */
  readonly error?: string
  readonly retryAfter?: string
}

const refusal = (dialect: Dialect, kind: "rate_limit" | "unavailable" | "overloaded", status: number) =>
  JSON.stringify(dialect.errors.envelope({ message: "no", kind, status }))

const faults: ReadonlyArray<Fault> = [
  { name: "resets before it answers", streams: false, answer: resets, status: 502, error: "TransportError" },
  { name: "stalls before it answers", streams: false, answer: stalls, status: 504, error: "timeout" },
  {
    name: "answers what is no JSON",
    streams: false,
    answer: (socket) => socket.write(answerOf("no JSON", { headers: json })),
    status: 502
  },
  {
    name: "answers a page",
    streams: false,
    answer: (socket) => socket.write(answerOf("<html>", { headers: { "content-type": "text/html" } })),
    status: 502
  },
  {
    name: "refuses, and says for how long",
    streams: false,
    answer: (socket, dialect) =>
      socket.write(
        answerOf(refusal(dialect, "rate_limit", 429), {
          status: "429 Too Many Requests",
          headers: { ...json, "retry-after": "7" }
        })
      ),
    status: 429,
    error: "http_429",
    retryAfter: "7"
  },
  ...([[429, "rate_limit"], [500, "unavailable"], [529, "overloaded"]] as const).map(([status, kind]): Fault => ({
    name: `refuses with ${status}`,
    streams: true,
    answer: (socket, dialect) =>
      socket.write(answerOf(refusal(dialect, kind, status), { status: `${status} No`, headers: json })),
    status,
    error: `http_${status}`
  })),
  {
    name: "resets in its stream",
    streams: true,
    answer: (socket, dialect) => stream(socket, dialect, [half(streamOf(dialect, words))], resets),
    status: 200,
    error: "DecodeError"
  },
  {
    name: "ends its stream too early",
    streams: true,
    answer: (socket, dialect) => stream(socket, dialect, [half(streamOf(dialect, words))], ends),
    status: 200,
    error: "cut_off"
  },
  {
    name: "stalls in its stream",
    streams: true,
    answer: (socket, dialect) => stream(socket, dialect, [half(streamOf(dialect, words))], stalls),
    status: 200,
    error: "timeout"
  }
]

/** Waits for what comes soon, or never; in no fiber of its own, which would be counted. */
const awaitTrue = (holds: () => boolean) =>
  Effect.sleep("2 millis").pipe(
    Effect.repeat({ until: holds, times: 2500 }),
    Effect.andThen(Effect.sync(() => assert.isTrue(holds())))
  )

interface Asking {
  readonly streams: boolean
  readonly patience?: number
  /** Sessions in which the same is asked again. */
  readonly further?: ReadonlyArray<string>
}

const list = JSON.stringify({ object: "list", data: [{ id: "m", object: "model", created: 1, owned_by: "other" }] })

const token = JSON.stringify({ access_token: "iam-token-1", expires_in: 3600 })

const modelsOf = (listsModels: true | undefined) => listsModels === true ? {} : { models: ["m"] }

const ask = (
  { config: more, configAt, listsModels, name }: Adapters.Adapter,
  answer: (socket: Socket) => unknown,
  { further = [], patience = 300, streams }: Asking
) => {
  const fibers = FiberCount.make()
  return fibers.counted(Effect.gen(function*() {
    const vendor = yield* RawVendor.make((socket, { text }) =>
      text.startsWith("GET")
        ? socket.write(answerOf(list, { headers: json }))
        : text.startsWith("POST /identity/token")
        ? socket.write(answerOf(token, { headers: json }))
        : answer(socket)
    )
    const limits = { timeout_ms: patience, idle_timeout_ms: patience }
    const config = {
      base_url: `${vendor.url}/v1`,
      api_key: vendorKey,
      ...modelsOf(listsModels),
      ...limits,
      ...more,
      ...configAt?.(vendor.url)
    }
    const strata = yield* Strata.make({
      level: "raw",
      providers: [{ provider_id: "v", provider_type: name, config }]
    })
    const body = { model: "v/m", stream: streams, messages: [{ role: "user", content: "hi" }] }
    const asked = (session: string) =>
      Http.post(strata.url, "/v1/chat/completions", body, { "x-strata-session-id": session })
    const answered = yield* asked("s")
    const events = yield* strata.events()
    const verified = yield* Http.post(strata.url, "/v1/sessions/s/verify", {})
    yield* Effect.sleep("20 millis")
    const running = fibers.running()
    // A timer of the server's may begin meanwhile: a fiber that each request leaves is one more for each.
    yield* Effect.forEach(further, asked, { concurrency: "unbounded", discard: true })
    yield* awaitTrue(() => fibers.running() < running + Math.max(1, further.length))
    yield* strata.close
    yield* awaitTrue(() => vendor.open() === 0)
    assert.notInclude(JSON.stringify(events), vendorKey)
    assert.notInclude(answered.text, vendorKey)
    return { answered, events, verified: Object(verified.json) }
  }))
}

/** One that buys tokens with its key. */
const watsonx: Adapters.Adapter = {
  ...Adapters.openai,
  name: "remote::watsonx",
  configAt: (iam_url) => ({ iam_url, project_id: "p" })
}

const wires = [...Adapters.all.filter(({ name }) => name.startsWith("remote::")), watsonx]

const cases = wires.flatMap((adapter) =>
  faults.map((fault) => ({ adapter, fault, name: `${adapter.name}: a vendor that ${fault.name}` }))
)

/** The last frame before the end says that it failed, in the client's words. */
const failureIn = (text: string): unknown => {
  const frames = text.split("\n\n").filter((frame) => frame.startsWith("data: {"))
  return Object(JSON.parse(frames.at(-1)?.slice(6) ?? "{}")).error
}

describe("adapters before a vendor that breaks", () => {
  it.live.each(cases)("$name", ({ adapter, fault }) =>
    Effect.gen(function*() {
      const { answered, events, verified } = yield* ask(
        adapter,
        (socket) => fault.answer(socket, adapter.dialect),
        // Only a vendor that stalls is given up: any other may take its time on a busy machine.
        { streams: fault.streams, further: ["a", "b", "c", "d"], patience: fault.error === "timeout" ? 300 : 10_000 }
      )
      assert.strictEqual(answered.status, fault.status, answered.text)
      assert.strictEqual(answered.headers["retry-after"], fault.retryAfter)
      const error = fault.status === 200 ? failureIn(answered.text) : Object(answered.json).error
      assert.isString(Object(error).message, answered.text)
      const failures = events.filter(({ type }) => type === "llm:error").map((event) =>
        Object(payloadOf(event)).error.type
      )
      assert.deepStrictEqual(failures, fault.error === undefined ? [] : [fault.error])
      assert.include(events.map(({ type }) => type), "api:error")
      assert.deepInclude(verified, { status: "identical", requests: 1 })
    }).pipe(Effect.scoped))

  it.live.each(wires.filter(({ listsModels }) => listsModels !== true))(
    "$name: a vendor that is not there",
    ({ config: more, configAt, name }) =>
      Effect.gen(function*() {
        const vendor = yield* Effect.scoped(RawVendor.make(() => undefined))
        const config = {
          base_url: `${vendor.url}/v1`,
          api_key: vendorKey,
          models: ["m"],
          ...more,
          ...configAt?.(vendor.url)
        }
        const supervision = { health_interval_ms: 3_600_000 }
        const strata = yield* Strata.make({
          supervision,
          providers: [{ provider_id: "v", provider_type: name, config }]
        })
        const body = { model: "v/m", messages: [{ role: "user", content: "hi" }] }
        const { json, status } = yield* Http.post(strata.url, "/v1/chat/completions", body)
        assert.strictEqual(status, 502)
        assert.isString(Object(json).error.message)
      }).pipe(Effect.scoped)
  )

  const textIn = (text: string): string =>
    text.split("\n\n").filter((frame) => frame.startsWith("data: {")).map((frame) =>
      String(Object(JSON.parse(frame.slice(6))).choices?.[0]?.delta?.content ?? "")
    ).join("")

  it.live.each(wires)(
    "$name: a stream that comes byte by byte, characters cut",
    (adapter) =>
      Effect.gen(function*() {
        const { dialect } = adapter
        const bytes = streamOf(dialect, words)
        const pieces = Array.from({ length: bytes.length }, (_, at) => bytes.subarray(at, at + 1))
        const { answered, verified } = yield* ask(adapter, (socket) => stream(socket, dialect, pieces, ends), {
          streams: true,
          patience: 20_000
        })
        assert.strictEqual(textIn(answered.text), words.join(""))
        assert.isTrue(answered.text.endsWith("data: [DONE]\n\n"))
        assert.deepInclude(verified, { status: "identical", requests: 1 })
      }).pipe(Effect.scoped)
  )

  it.live.each(wires)("$name: a stream of 10 MB", (adapter) =>
    Effect.gen(function*() {
      const { dialect } = adapter
      const long = Array.from({ length: 1000 }, (_, index) => `${index} `.padEnd(10_000, "ø"))
      const bytes = streamOf(dialect, long)
      const { answered } = yield* ask(adapter, (socket) => stream(socket, dialect, [bytes], ends), {
        streams: true,
        patience: 20_000
      })
      assert.strictEqual(textIn(answered.text), long.join(""))
    }).pipe(Effect.scoped), 60_000)
})
