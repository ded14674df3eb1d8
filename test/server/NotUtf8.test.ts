/** Bodies that are no UTF-8 pass byte for byte, and stand in the log as base64: read, masked, verified and replayed. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { request } from "node:http"
import type { Socket } from "node:net"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import { Http } from "../support/Http.ts"
import * as RawVendor from "../support/RawVendor.ts"
import { Strata } from "../support/Strata.ts"
import { verify } from "../support/verify.ts"

const key = "Zx9-quite-secret-7"

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly bytes: Buffer
}

/** Sends bytes, and gives the bytes that come. */
const send = (url: string, body: Uint8Array | string, session = "s") =>
  Effect.callback<Answer>((resume) => {
    const { hostname, port } = new URL(url)
    const headers = { "content-type": "application/json", "x-strata-session-id": session }
    const sent = request({ hostname, port, path: "/v1/chat/completions", method: "POST", headers }, (response) => {
      const parts: Array<Buffer> = []
      response.on("data", (part: Buffer) => parts.push(part))
      response.on("end", () =>
        resume(Effect.succeed({
          status: response.statusCode ?? 0,
          headers: response.headers,
          bytes: Buffer.concat(parts)
        })))
    })
    sent.end(body)
  })

const asked = (stream: boolean) => JSON.stringify({ model: "v/m", stream, messages: [{ role: "user", content: "hi" }] })

const given = Effect.fnUntraced(function*(answer: (socket: Socket) => unknown, body: Uint8Array | string) {
  const vendor = yield* RawVendor.make((socket) => answer(socket))
  const strata = yield* Strata.make({
    providers: [{
      provider_id: "v",
      provider_type: "remote::openai",
      config: { base_url: `${vendor.url}/v1`, models: ["m"], api_key: key }
    }]
  })
  const answered = yield* send(strata.url, body)
  const events = Strata.ofClients(yield* strata.events())
  const raw = (type: string) =>
    Object(payloadOf(events.find((event) => event.type === `${type}:raw`)!)) as Schema.JsonObject
  const state = yield* Http.send(strata.url, "/v1/sessions/s/state")
  yield* strata.close
  const [verified] = yield* verify(strata.folder, ["s"])
  assert.deepInclude(verified, { requests: 1, skipped: [], divergence: undefined })
  return { answered, raw, types: events.map(({ type }) => type), log: JSON.stringify(events), state, vendor }
})

const latin1 = (text: string) => Buffer.from(text, "latin1")
const completion = (content: string) =>
  `{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"${content}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}`

const bodies: ReadonlyArray<readonly [name: string, bytes: Buffer, encoding: string]> = [
  ["Latin-1", latin1(completion("caf\u00e9")), "base64"],
  [
    "half a surrogate",
    Buffer.concat([
      latin1(completion("x")).subarray(0, 120),
      Buffer.from([0xed, 0xa0, 0x80]),
      latin1(completion("x")).subarray(120)
    ]),
    "base64"
  ],
  ["a torn character", Buffer.concat([latin1(completion("x")), Buffer.from([0x0a, 0xe2, 0x82])]), "base64"],
  [
    "a mark of its encoding",
    Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(completion("caf\u00e9"))]),
    "utf-8"
  ],
  ["NUL", Buffer.from(completion("a\u0000b")), "utf-8"]
]

const contentOf = (payload: Schema.JsonObject): Buffer => {
  const form = payload["encoding"] === "base64" ? "base64" : "utf8"
  const frames = payload["frames"] as ReadonlyArray<readonly [number, string]> | undefined
  return payload["body"] === undefined
    ? Buffer.concat(frames!.map(([, frame]) => Buffer.from(frame, form)))
    : Buffer.from(String(payload["body"]), form)
}

describe("a vendor's body", () => {
  it.live.each(bodies)(
    "of %s reaches the client byte for byte, and the log",
    ([, bytes, encoding]) =>
      Effect.gen(function*() {
        const { answered, raw } = yield* given(
          (socket) => socket.write(RawVendor.answerOf(bytes, { headers: { "content-type": "application/json" } })),
          asked(false)
        )
        assert.deepStrictEqual([answered.status, answered.bytes], [200, bytes])
        assert.strictEqual(answered.headers["content-length"], String(bytes.length))
        for (const type of ["llm:response", "api:response"]) {
          assert.strictEqual(raw(type)["encoding"], encoding)
          assert.deepStrictEqual(contentOf(raw(type)), bytes)
        }
      }).pipe(Effect.scoped)
  )

  it.live("that refuses passes byte for byte, without the key in it", () =>
    Effect.gen(function*() {
      const body = (word: string) => latin1(`{"error":{"message":"cl\u00e9 ${word} refus\u00e9e","code":"k"}}`)
      const { answered, log, raw } = yield* given(
        (socket) => socket.write(RawVendor.answerOf(body(key), { status: "401 Non" })),
        asked(false)
      )
      assert.deepStrictEqual([answered.status, answered.bytes], [401, body("[REDACTED]")])
      for (const type of ["llm:error", "api:error"]) {
        assert.strictEqual(raw(type)["encoding"], "base64")
        assert.deepStrictEqual(contentOf(raw(type)), body("[REDACTED]"))
      }
      assert.notInclude(log, key)
      assert.notInclude(log, Buffer.from(key).toString("base64").slice(0, -4))
    }).pipe(Effect.scoped))

  it.live.each([true, false])(
    "that is a stream passes byte for byte, and is understood (chunks torn: %s)",
    (torn) =>
      Effect.gen(function*() {
        const delta = (fields: object) =>
          `data: ${JSON.stringify({ id: "c", model: "m", choices: [{ index: 0, ...fields }] })}\n\n`
        const frames = [
          delta({ delta: { content: "caf\u00e9" }, finish_reason: null }),
          delta({ delta: { content: `my key is ${key}` }, finish_reason: "stop" }),
          "data: [DONE]\n\n"
        ].map(latin1)
        const whole = Buffer.concat(frames)
        const chunks = torn ? [whole.subarray(0, 50), whole.subarray(50, 190), whole.subarray(190)] : frames
        const { answered, log, raw, types } = yield* given((socket) => {
          socket.write(RawVendor.chunkedHead({ "content-type": "text/event-stream" }))
          return Effect.andThen(
            RawVendor.writeChunks(socket, chunks),
            Effect.sync(() => void socket.write(RawVendor.lastChunk))
          )
        }, asked(true))
        assert.deepStrictEqual([answered.status, answered.bytes], [200, whole])
        assert.includeMembers(types, ["llm:response", "api:response"])
        const masked = latin1(whole.toString("latin1").replace(key, "[REDACTED]"))
        for (const type of ["llm:response", "api:response"]) {
          assert.strictEqual(raw(type)["encoding"], "base64")
          assert.deepStrictEqual(contentOf(raw(type)), masked)
        }
        assert.notInclude(log, key)
      }).pipe(Effect.scoped)
  )
})

describe("a client's body", () => {
  it.live.each(
    [
      ["Latin-1", latin1(asked(false).replace("hi", "caf\u00e9"))],
      ["audio", Buffer.from([0x52, 0x49, 0x46, 0x46, 0xff, 0xfe, 0x00, 0x01])],
      ["half a surrogate", Buffer.concat([Buffer.from(asked(false)), Buffer.from([0xed, 0xb0, 0x80])])]
    ] as const
  )("of %s is refused with a clear error, and stands in the log as it came", ([, bytes]) =>
    Effect.gen(function*() {
      const { answered, raw, vendor } = yield* given(
        (socket) => socket.write(RawVendor.answerOf(completion("x"))),
        bytes
      )
      assert.strictEqual(answered.status, 400)
      assert.deepNestedInclude(JSON.parse(answered.bytes.toString()), { "error.code": "not_utf8" })
      assert.strictEqual(raw("api:request")["encoding"], "base64")
      assert.deepStrictEqual(contentOf(raw("api:request")), bytes)
      assert.isFalse(vendor.received.some(({ text }) => text.startsWith("POST")))
    }).pipe(Effect.scoped))
})
