/** Public reports about streams, their time limits and compression: each case is a test. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Socket } from "node:net"
import * as zlib from "node:zlib"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import { Chat } from "../support/Chat.ts"
import { Http } from "../support/Http.ts"
import * as PublicCases from "../support/PublicCases.ts"
import * as RawVendor from "../support/RawVendor.ts"
import { Strata } from "../support/Strata.ts"

const { ask, chunksOf, codeIn, nameOf, requestOf, vendorOf, write } = PublicCases

const done = "data: [DONE]\n\n"

/** Asks as the case does, of a vendor that answers as its. */
const asked = (id: string, config = {}) => ask(requestOf(id), write(vendorOf(id)), { config })

const until = (condition: () => boolean) =>
  Effect.sleep("2 millis").pipe(Effect.repeat({ until: condition }), Effect.timeout("5 seconds"), Effect.orDie)

const assertWhole = ({ answered, frames, payloads }: PublicCases.Outcome, expected: ReadonlyArray<string>) => {
  assert.strictEqual(answered.status, 200)
  assert.match(String(answered.headers["content-type"]), /^text\/event-stream/)
  assert.deepStrictEqual(frames, expected)
  assert.deepNestedInclude(payloads.get("llm:response"), {
    "finish_reason": "stop",
    "usage.input_tokens": 7,
    "usage.output_tokens": 2
  })
  assert.isTrue(payloads.has("api:response"))
}

/** The frames that came whole, one that says what failed, and a log that says the same. */
const assertCutOff = ({ answered, frames, payloads }: PublicCases.Outcome, passed: ReadonlyArray<string>) => {
  assert.strictEqual(answered.status, 200)
  assert.deepStrictEqual(frames.slice(0, -1), passed)
  assert.strictEqual(codeIn(frames.at(-1)), "provider_unreachable")
  assert.isTrue(payloads.has("llm:error") && payloads.has("api:error"))
  assert.isFalse(payloads.has("llm:response") || payloads.has("api:response"))
}

describe("streaming", () => {
  it.live(nameOf("stream-clean-eof-without-finish"), () =>
    Effect.gen(function*() {
      const id = "stream-clean-eof-without-finish"
      assertCutOff(yield* asked(id), chunksOf(id))
    }).pipe(Effect.scoped))

  it.live(nameOf("stream-reset-inside-a-frame"), () =>
    Effect.gen(function*() {
      const id = "stream-reset-inside-a-frame"
      assertCutOff(yield* asked(id), chunksOf(id).slice(0, 2))
    }).pipe(Effect.scoped))

  it.live(nameOf("stream-empty-200"), () =>
    Effect.gen(function*() {
      assertCutOff(yield* asked("stream-empty-200"), [])
    }).pipe(Effect.scoped))

  it.live(nameOf("stream-error-frame-in-200"), () =>
    Effect.gen(function*() {
      const id = "stream-error-frame-in-200"
      const { frames, payloads } = yield* asked(id)
      assert.deepStrictEqual(frames, chunksOf(id))
      assert.deepNestedInclude(payloads.get("llm:error"), { "error.message": "You exceeded your current quota" })
      assert.deepNestedInclude(payloads.get("api:error"), { "status": 200, "error.code": "insufficient_quota" })
    }).pipe(Effect.scoped))

  it.live.each([
    "stream-mislabelled-text-plain",
    "stream-mislabelled-no-type",
    "frames-with-id-behind-data"
  ].map((id) => [nameOf(id), id] as const))("%s", ([, id]) =>
    Effect.gen(function*() {
      assertWhole(yield* asked(id), [...chunksOf(id).slice(0, -1), done])
    }).pipe(Effect.scoped))

  it.live(nameOf("vendor-stays-open-behind-done"), () =>
    Effect.gen(function*() {
      const chunks = chunksOf("stream-mislabelled-no-type")
      const outcome = yield* ask(requestOf("vendor-stays-open-behind-done"), write({ chunks }, true))
      assertWhole(outcome, chunks)
      yield* until(() => outcome.vendor.open() === 0)
    }).pipe(Effect.scoped))

  it.live(nameOf("json-for-a-stream-request"), () =>
    Effect.gen(function*() {
      const { frames, payloads } = yield* asked("json-for-a-stream-request")
      assert.deepNestedInclude(JSON.parse(frames[0]!.slice(5)), { "choices[0].delta.content": "whole" })
      assert.deepStrictEqual(frames.slice(1), [done])
      assert.deepNestedInclude(payloads.get("llm:response"), { "usage.total_tokens": 5 })
    }).pipe(Effect.scoped))
})

describe("timeouts", () => {
  it.live(nameOf("stream-stall-mid-answer"), () =>
    Effect.gen(function*() {
      const chunks = chunksOf("stream-clean-eof-without-finish")
      const { frames, payloads, vendor } = yield* ask(
        requestOf("stream-stall-mid-answer"),
        write({ chunks }, true),
        { config: { idle_timeout_ms: 200 } }
      )
      assert.deepStrictEqual(frames.slice(0, -1), chunks)
      assert.strictEqual(codeIn(frames.at(-1)), "provider_timeout")
      assert.deepNestedInclude(payloads.get("llm:error"), { "error.type": "timeout" })
      yield* until(() => vendor.open() === 0)
    }).pipe(Effect.scoped))
})

const beat = ": keep-alive\n\n"
const beating = { server: { stream_heartbeat_ms: 60 } }
const silence = "250 millis"

/** Writes after a silence. */
const late = (answer: (socket: Socket) => Effect.Effect<unknown>) => (socket: Socket) =>
  Effect.andThen(Effect.sleep(silence), Effect.suspend(() => answer(socket)))

const withoutBeats = (frames: ReadonlyArray<string>) => frames.filter((frame) => frame !== beat)

describe("heartbeat", () => {
  const whole = chunksOf("stream-mislabelled-no-type")

  it.live(nameOf("stream-heartbeat"), () =>
    Effect.gen(function*() {
      const outcome = yield* ask(requestOf("stream-heartbeat"), late(write({ chunks: whole })), beating)
      const { answered, frames, log } = outcome
      assert.isAtLeast(frames.indexOf(whole[0]!), 3)
      assertWhole({ ...outcome, frames: withoutBeats(frames) }, whole)
      assert.isString(answered.headers["x-request-id"])
      assert.strictEqual(answered.headers["x-strata-session-id"], "s0")
      assert.notInclude(log, "keep-alive\\n")
    }).pipe(Effect.scoped))

  it.live("stands between frames, never within one, and is not recorded", () =>
    Effect.gen(function*() {
      const torn = [whole[0]!, whole[1]!.slice(0, 30)]
      const rest = [whole[1]!.slice(30), ...whole.slice(2)]
      const outcome = yield* ask(requestOf("stream-heartbeat"), (socket) => {
        socket.write(RawVendor.chunkedHead({ "content-type": "text/event-stream" }))
        return RawVendor.writeChunks(socket, torn).pipe(
          Effect.andThen(Effect.sleep(silence)),
          Effect.andThen(RawVendor.writeChunks(socket, rest)),
          Effect.andThen(Effect.sync(() => void socket.write(RawVendor.lastChunk)))
        )
      }, beating)
      assertWhole({ ...outcome, frames: withoutBeats(outcome.frames) }, whole)
      assert.isAtLeast(outcome.frames.filter((frame) => frame === beat).length, 2)
      assert.notInclude(outcome.log, "keep-alive\\n")
    }).pipe(Effect.scoped))

  it.live("is not sent where there is none, nor to who asked for no stream, nor to who gets bytes in time", () =>
    Effect.gen(function*() {
      const id = "stream-heartbeat"
      const none = yield* ask(requestOf(id), late(write({ chunks: whole })), { server: { stream_heartbeat_ms: 0 } })
      const body = vendorOf("json-for-a-stream-request").body!
      const json = yield* ask({ ...requestOf(id), stream: false }, late(write({ body })), beating)
      const soon = yield* ask(requestOf(id), write({ chunks: whole }), beating)
      assert.deepStrictEqual([none.answered.text, soon.answered.text], [whole.join(""), whole.join("")])
      assert.deepStrictEqual([json.answered.text, json.answered.headers["content-type"]], [body, "application/json"])
    }).pipe(Effect.scoped))

  it.live("a failure that comes after it is a frame, and in the log what it is", () =>
    Effect.gen(function*() {
      const error = `{\n  "error": {"message": "slow down", "code": "limit"}\n}`
      const refused = yield* ask(requestOf("stream-heartbeat"), late(write({ status: 429, body: error })), beating)
      assert.strictEqual(refused.answered.status, 200)
      const [frame, ...others] = withoutBeats(refused.frames)
      assert.deepStrictEqual(others, [])
      assert.strictEqual(codeIn(frame!.replaceAll("data:", "")), "limit")
      assert.deepNestedInclude(refused.payloads.get("api:error"), { "status": 429, "error.code": "limit" })
      const slow = yield* ask(requestOf("stream-heartbeat"), () => Effect.void, {
        ...beating,
        config: { timeout_ms: 200 }
      })
      assert.strictEqual(codeIn(withoutBeats(slow.frames).at(-1)), "provider_timeout")
      assert.deepNestedInclude(slow.payloads.get("api:error"), { "status": 504, "error.code": "provider_timeout" })
    }).pipe(Effect.scoped))
})

describe("a client that leaves while it waits", () => {
  it.live("is known to have left, and the vendor is left too", () =>
    Effect.gen(function*() {
      const vendor = yield* RawVendor.make(() => Effect.void)
      const strata = yield* Strata.make({
        ...beating,
        providers: [{
          provider_id: "v",
          provider_type: "remote::openai",
          config: { base_url: `${vendor.url}/v1`, models: ["m"] }
        }]
      })
      const request = Chat.post({ model: "v/m", stream: true })
      yield* Http.readUntil(strata.url, "/v1/chat/completions", request, (text) => text.includes(beat))
      const [left] = yield* strata.awaitEvents({ types: ["api:error"] })
      assert.deepInclude(payloadOf(left!), { status: 499 })
      yield* until(() => vendor.open() === 0)
    }).pipe(Effect.scoped))
})

describe("compression", () => {
  it.live(nameOf("chat-gzip-stream"), () =>
    Effect.gen(function*() {
      const id = "chat-gzip-stream"
      assertWhole(yield* asked(id), chunksOf(id))
    }).pipe(Effect.scoped))

  it.live(nameOf("chat-gzip-json"), () =>
    Effect.gen(function*() {
      const body = vendorOf("json-for-a-stream-request").body!
      const { answered, log, vendor } = yield* ask(
        requestOf("chat-gzip-json"),
        (socket: Socket) =>
          socket.write(RawVendor.answerOf(zlib.gzipSync(body), {
            headers: { "content-type": "application/json", "content-encoding": "gzip" }
          }))
      )
      assert.deepStrictEqual([answered.status, answered.text], [200, body])
      assert.include(log, JSON.stringify(JSON.stringify(body)).slice(1, -1).slice(1, -1))
      assert.match(vendor.received.at(-1)!.text, /accept-encoding: identity/)
    }).pipe(Effect.scoped))
})
