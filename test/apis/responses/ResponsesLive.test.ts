/** Responses over HTTP: made on any vendor, streamed, kept, gone on from. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import * as World from "../../support/ResponsesWorld.ts"

const idOf = (answer: { readonly json: unknown }) => String(field(answer.json, "id"))

describe("a response over a vendor of chat completions", () => {
  it.live("given a question, when it is asked, then every field of the document is there", () =>
    Effect.gen(function*() {
      const { create } = yield* World.given()
      const answer = yield* create({ input: "hello", instructions: "Be brief.", metadata: { a: "b" } })
      assert.strictEqual(answer.status, 200)
      assert.strictEqual(World.textOf(answer.json), "You said hello")
      assert.deepInclude(answer.json as object, {
        status: "completed",
        instructions: "Be brief.",
        metadata: { a: "b" },
        store: true
      })
      assert.deepInclude(field(answer.json, "usage") as object, {
        input_tokens: 10,
        output_tokens: 5,
        total_tokens: 15
      })
    }).pipe(Effect.scoped))

  it.live("given a stream, when it is read, then its events are numbered without a gap and end with the whole response", () =>
    Effect.gen(function*() {
      const { create, get } = yield* World.given()
      const answer = yield* create({ input: "hello", stream: true })
      const events = World.eventsOf(answer)
      assert.deepStrictEqual(events.map((event) => event["sequence_number"]), events.map((_, index) => index))
      assert.deepStrictEqual([World.typesOf(events)[0], World.typesOf(events).at(-1)], [
        "response.created",
        "response.completed"
      ])
      const response = events.at(-1)!["response"]
      assert.strictEqual(World.textOf(response), "You said hello")
      const kept = yield* get(`/v1/responses/${String(field(response, "id"))}`)
      assert.deepStrictEqual(kept.json, response)
    }).pipe(Effect.scoped))

  it.live("given a function of the client, when its output is sent to the response before, then the vendor gets call and result", () =>
    Effect.gen(function*() {
      const { create, upstream } = yield* World.given()
      const tools = [{ type: "function", name: "echo", parameters: { type: "object" } }]
      const first = yield* create({ input: "call echo 1", tools })
      const call = listOf(field(first.json, "output"))[0]
      assert.deepInclude(call as object, { type: "function_call", name: "echo" })
      const second = yield* create({
        previous_response_id: idOf(first),
        input: [{ type: "function_call_output", call_id: String(field(call, "call_id")), output: "sunny" }],
        tools
      })
      assert.strictEqual(World.textOf(second.json), "Tools said sunny")
      const third = yield* create({ previous_response_id: idOf(second), input: "and now?" })
      assert.strictEqual(World.textOf(third.json), "You said and now?")
      const sent = listOf(field(upstream.received.at(-1)!.body, "messages"))
      assert.deepStrictEqual(sent.map((message) => field(message, "role")), [
        "user",
        "assistant",
        "tool",
        "assistant",
        "user"
      ])
    }).pipe(Effect.scoped))

  it.live("given what is deleted, not stored or unknown, when it is gone on from, then the answer says so", () =>
    Effect.gen(function*() {
      const { create, get, remove } = yield* World.given()
      const unstored = yield* create({ input: "hello", store: false })
      const stored = yield* create({ input: "hello" })
      const deleted = yield* remove(`/v1/responses/${idOf(stored)}`)
      assert.deepStrictEqual(deleted.json, { id: idOf(stored), object: "response", deleted: true })
      for (const id of [idOf(unstored), idOf(stored), "resp_unknown"]) {
        assert.strictEqual((yield* get(`/v1/responses/${id}`)).status, 404)
        const answer = yield* create({ previous_response_id: id, input: "and now?" })
        assert.strictEqual(answer.status, 404)
        assert.strictEqual(field(field(answer.json, "error"), "code"), "previous_response_not_found")
      }
    }).pipe(Effect.scoped))
})
