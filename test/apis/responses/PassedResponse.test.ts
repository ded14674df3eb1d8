/** Where the vendor has Responses itself, its bytes pass; and what passed is kept. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as PassedResponse from "../../../src/apis/responses/PassedResponse.ts"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import { field, listOf, parse } from "../../../src/events/types/JsonAccess.ts"
import * as Bytes from "../../../src/kernel/bytes/Bytes.ts"
import * as ByteSource from "../../../src/kernel/bytes/ByteSource.ts"
import type { ReceivedRequest } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import * as ResponsesVendor from "../../support/ResponsesVendor.ts"
import * as World from "../../support/ResponsesWorld.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import type { Frame } from "../../support/ScriptedAnswer.ts"

const input = [{ type: "message", role: "user", content: "What is the weather?" }]

const given = World.given({ model: ResponsesVendor.respond, config: { api: "responses" } })

const frame = (type: string, more: World.Json = {}) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`
const word = (delta: string) => frame("response.output_text.delta", { delta })
const last = frame("response.completed", { response: { id: "resp_1" } })
const long = word("a".repeat(2000))
const mentioned = word("it says response.completed")
const done = "data: [DONE]\n\n"
const crlf = (text: string) => text.replaceAll("\n", "\r\n")

const streams: ReadonlyArray<readonly [string, ReadonlyArray<string>, before: string]> = [
  ["all at once", [long + last], long],
  ["all at once, and more behind it", [long + last + done], long],
  ["much behind it", [long + last + done.repeat(4)], long],
  ["its own words mentioned before it", [long + mentioned + last + done], long + mentioned],
  ["lines that end in CRLF", [crlf(long + mentioned + last + done)], crlf(long + mentioned)],
  ["a frame of each kind of line", [crlf(long) + last], crlf(long)],
  ["a comment before it", [`${long}: ping\n\n${last}`], `${long}: ping\n\n`],
  ["nothing before it", [last + done], ""],
  ["a chunk for each frame", [long, mentioned, last, done], long + mentioned]
]

describe("the frame that carries a response", () => {
  it.effect.each(streams)("given %s, then all before it passes, and it waits until the response is kept", ([
    ,
    chunks,
    before
  ]) =>
    Effect.gen(function*() {
      const passed: Array<string> = []
      const answer = yield* PassedResponse.of(
        Bytes.events(200, ByteSource.fromChunks(chunks.map((text) => Buffer.from(text)))),
        ({ id }) => Effect.sync(() => void passed.push(`kept ${String(id)}`)),
        { captured: undefined, parse }
      )
      assert.isTrue(Bytes.isStreamed(answer))
      if (!Bytes.isStreamed(answer)) return
      const { open } = answer.body
      yield* Effect.callback<void>((resume) => {
        const chunk = (bytes: Uint8Array) => void passed.push(Buffer.from(bytes).toString())
        const end = () => resume(Effect.void)
        Effect.runFork(open({ chunk, end, fail: (cause) => resume(Effect.die(cause)) }))
      })
      const at = passed.indexOf("kept resp_1")
      assert.strictEqual(passed.slice(0, at).join(""), before)
      assert.strictEqual(passed.slice(at + 1).join(""), chunks.join("").slice(before.length))
    }))
})

describe("a response of a vendor that has Responses", () => {
  it.live("given nothing of ours is asked for, then the vendor gets the bytes, and the client gets the vendor's", () =>
    Effect.gen(function*() {
      const { post, upstream, get } = yield* given
      const body = { model: "upstream/m", input, reasoning: { effort: "low" }, unknown_field: 7 }
      const answer = yield* post("/v1/responses", body)
      assert.deepStrictEqual(upstream.received.at(-1)!.body, { ...body, model: "m" })
      assert.strictEqual(field(answer.json, "id"), "resp_1")
      const kept = yield* get("/v1/responses/resp_1")
      assert.deepStrictEqual(kept.json, answer.json)
    }).pipe(Effect.scoped))

  it.live("given a stream, then its frames pass in order, and what they came to is kept", () =>
    Effect.gen(function*() {
      const { get, post } = yield* given
      const answer = yield* post("/v1/responses", { model: "upstream/m", input, stream: true })
      const types = [...answer.text.matchAll(/^event: (.*)$/gm)].map(([, type]) => type)
      assert.deepStrictEqual([types[0], types.at(-1)], ["response.created", "response.completed"])
      const kept = yield* get("/v1/responses/resp_1")
      assert.strictEqual(kept.status, 200)
    }).pipe(Effect.scoped))

  it.live.each([false, true])(
    "given stream is %s, then what is kept names its request, and is gone on from in its session",
    (stream) =>
      Effect.gen(function*() {
        const { post, strata } = yield* given
        const first = yield* post("/v1/responses", { model: "upstream/m", input, stream }, "s")
        const [created] = yield* strata.events({ stream: "response/resp_1" })
        assert.strictEqual(created?.requestId, first.headers["x-request-id"])
        assert.strictEqual(field(payloadOf(created!), "session"), "s")
        const next = yield* post("/v1/responses", { model: "upstream/m", input, previous_response_id: "resp_1" })
        assert.strictEqual(next.headers["x-strata-session-id"], "s")
      }).pipe(Effect.scoped)
  )

  it.live("given its name is one that no store holds, then it passes, and is not kept", () =>
    Effect.gen(function*() {
      for (const id of ["resp_\u0000", "resp_\ud800"]) {
        const { get, post } = yield* World.given({
          model: (request) => {
            const answer = ResponsesVendor.respond(request)
            const name = JSON.stringify(id).slice(1, -1)
            return answer?._tag === "Fixed" ? { ...answer, body: answer.body.replaceAll("resp_1", name) } : answer
          },
          config: { api: "responses" }
        })
        const answer = yield* post("/v1/responses", { model: "upstream/m", input })
        assert.strictEqual(answer.status, 200)
        assert.strictEqual(field(answer.json, "id"), id)
        assert.deepStrictEqual(listOf(field((yield* get("/v1/responses")).json, "data")), [])
      }
    }).pipe(Effect.scoped))

  it.live("given the response before is ours, then the vendor gets the whole conversation", () =>
    Effect.gen(function*() {
      const { create, upstream, verify, post } = yield* given
      yield* post("/v1/responses", { model: "upstream/m", input }, "s")
      const second = yield* create({
        previous_response_id: "resp_1",
        input: [{ type: "function_call_output", call_id: "call_1", output: "rain" }]
      }, "s")
      assert.strictEqual(World.textOf(second.json), "It rains.")
      const sent = listOf(field(upstream.received.at(-1)!.body, "input")).map((item) => field(item, "type"))
      assert.deepStrictEqual(sent, ["message", "reasoning", "function_call", "function_call_output"])
      assert.deepInclude((yield* verify("s")) as object, { status: "identical" })
    }).pipe(Effect.scoped))

  /** The frames of an answer up to where its first item is done; then these. */
  const broken = (frames: ReadonlyArray<Frame>, more: { readonly destroyAfter?: number; readonly hold?: boolean }) =>
    World.given({
      config: { api: "responses" },
      model: (request: ReceivedRequest) => {
        const answer = ResponsesVendor.respond(request)
        if (answer?._tag !== "Frames") return answer
        const whole = answer.frames.slice(0, 7)
        return { ...answer, frames: [...whole, ...frames], ...more }
      }
    })

  const event = (value: World.Json): ReadonlyArray<Frame> => [
    { text: `event: ${value["type"]}\ndata: ${JSON.stringify({ sequence_number: 7, ...value })}\n\n` }
  ]
  const fell = { code: "server_error", message: "It fell over." }
  const failed = { ...ResponsesVendor.response(1, [ResponsesVendor.reasoning(1)]), status: "failed", error: fell }
  const ends: ReadonlyArray<
    readonly [end: string, frames: ReadonlyArray<Frame>, destroyAfter: number | undefined, code: string]
  > = [
    ["nothing more", [], undefined, "provider_unreachable"],
    ["its socket", [], 7, "provider_unreachable"],
    ["an error", event({ type: "error", ...fell, param: null }), undefined, "server_error"],
    ["response.failed", event({ type: "response.failed", response: failed }), undefined, "server_error"]
  ]
  it.live.each(ends)(
    "given a stream that ends with %s, then it is kept as failed with what was whole, and gone on from",
    ([, frames, destroyAfter, code]) =>
      Effect.gen(function*() {
        const { get, post, remove, upstream, verify } = yield* broken(
          frames,
          destroyAfter === undefined ? {} : { destroyAfter }
        )
        yield* post("/v1/responses", { model: "upstream/m", input, stream: true }, "s")
        const kept = yield* get("/v1/responses/resp_1")
        assert.strictEqual(kept.status, 200, kept.text)
        assert.deepInclude(kept.json as object, {
          id: "resp_1",
          status: "failed",
          output: [ResponsesVendor.reasoning(1)]
        })
        assert.strictEqual(field(field(kept.json, "error"), "code"), code)
        const list = yield* get("/v1/responses")
        assert.deepStrictEqual(listOf(field(list.json, "data")).map((one) => field(one, "id")), ["resp_1"])
        const items = yield* get("/v1/responses/resp_1/input_items")
        assert.strictEqual(listOf(field(items.json, "data")).length, 1)
        yield* post("/v1/responses", { model: "upstream/m", input, previous_response_id: "resp_1" }, "s")
        const sent = listOf(field(upstream.received.at(-1)!.body, "input")).map((item) => field(item, "type"))
        assert.deepStrictEqual(sent, ["message", "reasoning", "message"])
        assert.deepInclude((yield* verify("s")) as object, { status: "identical" })
        assert.strictEqual((yield* remove("/v1/responses/resp_1")).status, 200)
        assert.strictEqual((yield* get("/v1/responses/resp_1")).status, 404)
      }).pipe(Effect.scoped)
  )

  it.live("given a client that leaves, then it is kept as cancelled with what was whole", () =>
    Effect.gen(function*() {
      const { get, post, strata, verify } = yield* broken([], { hold: true })
      const body = JSON.stringify({ model: "upstream/m", input, stream: true })
      const headers = { "content-type": "application/json", "x-strata-session-id": "s" }
      const options = { method: "POST", headers, body }
      yield* Http.readUntil(strata.url, "/v1/responses", options, (text) => text.includes("output_item.done"))
      const kept = yield* World.awaitStatus(get, "resp_1", "cancelled")
      assert.deepInclude(kept.json as object, { output: [ResponsesVendor.reasoning(1)], error: null })
      yield* post("/v1/responses", { model: "upstream/m", input, previous_response_id: "resp_1" }, "s")
      assert.deepInclude((yield* verify("s")) as object, { divergence: null })
    }).pipe(Effect.scoped))

  it.live("given a JSON answer that breaks off, then the client learns so, no name of it, and nothing is kept", () =>
    Effect.gen(function*() {
      const { get, post, verify } = yield* World.given({
        config: { api: "responses" },
        model: (request) => {
          const answer = ResponsesVendor.respond(request)
          return answer?._tag === "Fixed" ? { ...answer, body: answer.body.slice(0, 120) } : answer
        }
      })
      const answer = yield* post("/v1/responses", { model: "upstream/m", input }, "s")
      assert.strictEqual(answer.status, 502, answer.text)
      assert.deepInclude(field(answer.json, "error"), { code: "provider_invalid_answer" })
      assert.deepStrictEqual(listOf(field((yield* get("/v1/responses")).json, "data")), [])
      assert.deepInclude((yield* verify("s")) as object, { status: "identical" })
    }).pipe(Effect.scoped))

  it.live("given a JSON answer that says it failed, then it is kept as that", () =>
    Effect.gen(function*() {
      const { get, post, verify } = yield* World.given({
        config: { api: "responses" },
        model: ({ method }) => method === "GET" ? undefined : ScriptedAnswer.json(200, failed)
      })
      const answer = yield* post("/v1/responses", { model: "upstream/m", input }, "s")
      assert.strictEqual(answer.status, 200)
      assert.deepStrictEqual((yield* get("/v1/responses/resp_1")).json, answer.json)
      assert.deepInclude((yield* verify("s")) as object, { status: "identical" })
    }).pipe(Effect.scoped))
})
