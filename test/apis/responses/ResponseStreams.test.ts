/** Streams of responses that are made in the background: read from another server, and cancelled while they are read. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Redacted } from "effect"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import { field } from "../../../src/events/types/JsonAccess.ts"
import { Chat } from "../../support/Chat.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import * as Postgres from "../../support/Postgres.ts"
import * as World from "../../support/ResponsesWorld.ts"
import * as StrataProcess from "../../support/StrataProcess.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const words = Array.from({ length: 20 }, (_, index) => `word${index} `)
const idOf = (answer: { readonly json: unknown }) => String(field(answer.json, "id"))
const numbersOf = (events: ReadonlyArray<World.Json>) => events.map((event) => Number(event["sequence_number"]))

describe("a response that is made in the background", () => {
  it.live(
    "given it is cancelled while a client reads its stream, then the stream ends, and so does the vendor's",
    () =>
      Effect.gen(function*() {
        const { create, get, post, strata, upstream, verify } = yield* World.given({
          model: Chat.answering(words, "200 millis")
        })
        const reading = yield* Effect.forkChild(create({ input: "hello", background: true, stream: true }, "s"))
        const [created] = yield* strata.awaitEvents({ types: ["response:streamed"] })
        const id = String(field(payloadOf(created!), "response"))
        const cancelled = yield* post(`/v1/responses/${id}/cancel`, {})
        assert.deepInclude(cancelled.json as object, { id, status: "cancelled" })
        const events = World.eventsOf(yield* Fiber.join(reading))
        assert.deepStrictEqual(numbersOf(events), events.map((_, index) => index))
        assert.strictEqual(field(events.at(-1)?.["response"], "status"), "cancelled")
        yield* upstream.awaitAborted(1)
        const again = World.eventsOf(yield* get(`/v1/responses/${id}?stream=true`))
        assert.deepStrictEqual(again, events)
        const from = (number: string) => get(`/v1/responses/${id}?stream=true&starting_after=${number}`)
        assert.deepStrictEqual(World.eventsOf(yield* from("0")), events.slice(1))
        for (const number of ["", "0x1", "1.5"]) {
          const { json, status } = yield* from(number)
          assert.strictEqual(status, 400)
          assert.deepInclude(field(json, "error"), { param: "starting_after" })
        }
        assert.strictEqual((yield* post(`/v1/responses/${id}/cancel`, {})).status, 200)
        assert.deepInclude((yield* verify("s")) as object, { status: "identical" })
      }).pipe(Effect.scoped),
    20_000
  )

  it.live(
    "given it is deleted while a client reads its stream, then the last event says so, and nobody makes it any more",
    () =>
      Effect.gen(function*() {
        const { create, get, remove, strata, upstream, verify } = yield* World.given({
          model: Chat.answering(words, "200 millis")
        })
        const reading = yield* Effect.forkChild(create({ input: "hello", background: true, stream: true }, "s"))
        const [created] = yield* strata.awaitEvents({ types: ["response:streamed"] })
        const id = String(field(payloadOf(created!), "response"))
        assert.deepInclude((yield* remove(`/v1/responses/${id}`)).json as object, { id, deleted: true })
        yield* upstream.awaitAborted(1)
        const answer = yield* Fiber.join(reading)
        assert.isTrue(answer.text.endsWith("data: [DONE]\n\n"), answer.text)
        const events = World.eventsOf(answer)
        assert.deepStrictEqual(numbersOf(events), events.map((_, index) => index))
        const { response, type } = events.at(-1)!
        assert.strictEqual(type, "response.failed")
        assert.deepInclude(response as object, { id, status: "failed" })
        assert.deepInclude(field(response, "error"), { code: "response_deleted" })
        assert.strictEqual((yield* get(`/v1/responses/${id}`)).status, 404)
        assert.deepInclude((yield* verify("s")) as object, { status: "identical" })
      }).pipe(Effect.scoped),
    20_000
  )

  it.live.skipIf(Postgres.unsupported !== undefined)(
    "given two servers over one log, when the other one is asked for its stream from an event on, then it gives the rest as it comes",
    () =>
      Effect.gen(function*() {
        const upstream = yield* FakeUpstream.make({ respond: Chat.answering(words, "200 millis"), models: ["m"] })
        const schema = yield* Postgres.schema
        const configuration = JSON.stringify({
          storage: { type: "postgres", url: Redacted.value(Postgres.url), schema, pool_size: 4 },
          providers: {
            inference: [{
              provider_id: "upstream",
              provider_type: "remote::openai",
              config: { base_url: upstream.url }
            }]
          }
        })
        const start = Effect.flatMap(
          TemporaryFolder.make,
          (folder) => StrataProcess.serve({ folder, configuration })
        )
        const [one, other] = [yield* start, yield* start]
        const id = idOf(
          yield* Http.post(one.url, "/v1/responses", { model: "upstream/m", input: "hello", background: true })
        )
        yield* World.awaitStatus((path) => Http.send(other.url, path), id, "in_progress")
        const path = `/v1/responses/${id}?stream=true&starting_after=3`
        const [rest, whole] = yield* Effect.all([
          Http.send(other.url, path),
          Http.send(one.url, `/v1/responses/${id}?stream=true`)
        ], { concurrency: "unbounded" })
        const [after, all] = [World.eventsOf(rest), World.eventsOf(whole)]
        assert.strictEqual(all.at(-1)?.["type"], "response.completed")
        assert.deepStrictEqual(numbersOf(all), all.map((_, index) => index))
        assert.deepStrictEqual(after, all.slice(4))
        assert.strictEqual(World.textOf(all.at(-1)!["response"]), words.join(""))
        assert.deepStrictEqual(World.eventsOf(yield* Http.send(other.url, path)), after)
      }).pipe(Effect.scoped),
    60_000
  )
})

describe("a response whose client leaves while it is streamed", () => {
  it.live("is kept as cancelled with what was whole, and gone on from", () =>
    Effect.gen(function*() {
      const { create, get, remove, strata, upstream } = yield* World.given({
        model: Chat.answering(words, "100 millis")
      })
      const body = JSON.stringify({ model: "upstream/m", input: "hello", stream: true })
      const options = { method: "POST", headers: { "content-type": "application/json" }, body }
      const text = yield* Http.readUntil(strata.url, "/v1/responses", options, (text) => text.includes("word2"))
      yield* upstream.awaitAborted(1)
      const id = String(/"id":"(resp_\w+)"/.exec(String(text))?.[1])
      const kept = yield* World.awaitStatus(get, id, "cancelled")
      assert.deepInclude(kept.json as object, { output: [], error: null })
      const next = yield* create({ input: "and now?", previous_response_id: id, background: true })
      assert.strictEqual(next.status, 200, next.text)
      assert.strictEqual((yield* remove(`/v1/responses/${id}`)).status, 200)
    }).pipe(Effect.scoped), 60_000)
})
