/** Responses that stand in conversations, and that are asked for with stored prompts. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import { Chat } from "../../support/Chat.ts"
import * as World from "../../support/ResponsesWorld.ts"

describe("a response in a conversation", () => {
  it.live("given its items, then they go before the input, and what is new is added", () =>
    Effect.gen(function*() {
      const { create, get, post, upstream, verify } = yield* World.given()
      const made = yield* post("/v1/conversations", { items: [{ type: "message", role: "user", content: "one" }] })
      const conversation = String(field(made.json, "id"))
      const first = yield* create({ conversation, input: "two" }, "s")
      assert.deepStrictEqual(field(first.json, "conversation"), { id: conversation })
      yield* create({ conversation: { id: conversation }, input: "three", stream: true }, "s")
      const sent = listOf(field(upstream.received.at(-1)!.body, "messages")).map((message) => field(message, "role"))
      assert.deepStrictEqual(sent, ["user", "user", "assistant", "user"])
      const items = yield* get(`/v1/conversations/${conversation}/items?order=asc`)
      assert.deepStrictEqual(listOf(field(items.json, "data")).map((item) => field(item, "role")), [
        "user",
        "user",
        "assistant",
        "user",
        "assistant"
      ])
      assert.deepInclude((yield* verify("s")) as object, { status: "identical" })
    }).pipe(Effect.scoped))

  it.live("given it is gone on from by its id, then the conversation before it stands there, whoever reads it", () =>
    Effect.gen(function*() {
      const { create, get, post, remove, upstream, verify } = yield* World.given()
      const items = [{ role: "user", content: "one" }]
      const conversation = String(field((yield* post("/v1/conversations", { items })).json, "id"))
      const id = String(field((yield* create({ conversation, input: "two" })).json, "id"))
      yield* create({ conversation, input: "later" })
      const sent = () =>
        listOf(field(upstream.received.at(-1)!.body, "messages")).filter((each) => field(each, "role") === "user").map(
          (message) => field(message, "content")
        )
      const next = yield* create({ previous_response_id: id, input: "three" }, "s")
      assert.deepStrictEqual(sent(), ["one", "two", "three"])
      const third = String(field(next.json, "id"))
      yield* create({ previous_response_id: third, input: "four" }, "s")
      assert.deepStrictEqual(sent(), ["one", "two", "three", "four"])
      const said = yield* get(`/v1/responses/${third}/input_items?order=asc`)
      assert.lengthOf(listOf(field(said.json, "data")), 4)
      const first = yield* get(`/v1/responses/${id}/input_items?order=asc`)
      assert.lengthOf(listOf(field(first.json, "data")), 2)
      assert.deepInclude((yield* verify("s")) as object, { status: "identical" })
      yield* remove(`/v1/conversations/${conversation}`)
      yield* create({ previous_response_id: third, input: "five" }, "s")
      assert.deepStrictEqual(sent(), ["two", "three", "five"])
      assert.deepInclude((yield* verify("s")) as object, { status: "identical" })
    }).pipe(Effect.scoped))

  it.live("given nothing is said between two answers, then a verification asks with the same messages", () =>
    Effect.gen(function*() {
      const { create, post, upstream, verify } = yield* World.given()
      const items = [{ role: "user", content: "one" }]
      const conversation = String(field((yield* post("/v1/conversations", { items })).json, "id"))
      for (const input of [[], [], "two"]) yield* create({ conversation, input }, "s")
      const roles = listOf(field(upstream.received.at(-1)!.body, "messages")).map((message) => field(message, "role"))
      assert.deepStrictEqual(roles, ["user", "assistant", "user"])
      assert.deepInclude((yield* verify("s")) as object, { status: "identical" })
    }).pipe(Effect.scoped))

  it.live("given several are asked for at once, then a verification reads of the conversation what each has read", () =>
    Effect.gen(function*() {
      const { create, post, verify } = yield* World.given({ model: Chat.answering(["one", " two"], "100 millis") })
      const conversation = String(field((yield* post("/v1/conversations", {})).json, "id"))
      const inputs = ["a", "b", "c"]
      yield* Effect.forEach(inputs, (input) => create({ conversation, input, stream: true }, "s"), {
        concurrency: "unbounded"
      })
      yield* create({ conversation, input: "d", stream: true }, "s")
      assert.deepInclude((yield* verify("s")) as object, { status: "identical", requests: 4 })
    }).pipe(Effect.scoped))

  it.live("given both a conversation and a response before, or one that is not there, then the answer says so", () =>
    Effect.gen(function*() {
      const { create } = yield* World.given()
      const both = yield* create({ conversation: "conv_1", previous_response_id: "resp_1", input: "x" })
      assert.deepStrictEqual([both.status, field(field(both.json, "error"), "param")], [400, "conversation"])
      assert.strictEqual((yield* create({ conversation: "conv_1", input: "x" })).status, 404)
    }).pipe(Effect.scoped))

  it.live("when it is counted or made shorter, then its items count, are told, and stay as they are", () =>
    Effect.gen(function*() {
      const { get, post, upstream, verify } = yield* World.given()
      const items = [{ type: "message", role: "user", content: "a long story of a fox".repeat(50) }]
      const conversation = String(field((yield* post("/v1/conversations", { items })).json, "id"))
      const request = { model: "upstream/m", input: "and?" }
      const count = (body: World.Json) =>
        Effect.map(
          post("/v1/responses/input_tokens", { ...request, ...body }, "s"),
          ({ json }) => Number(field(json, "input_tokens"))
        )
      const alone = yield* count({})
      for (const named of [conversation, { id: conversation }]) {
        assert.isAbove(yield* count({ conversation: named }), alone + 200)
      }
      const compacted = yield* post("/v1/responses/compact", { ...request, conversation }, "s")
      assert.strictEqual(compacted.status, 200, compacted.text)
      assert.include(upstream.received.at(-1)!.bodyText, "a long story of a fox")
      const kept = yield* get(`/v1/conversations/${conversation}/items`)
      assert.lengthOf(listOf(field(kept.json, "data")), 1)
      for (const path of ["/v1/responses/input_tokens", "/v1/responses/compact"]) {
        const unknown = yield* post(path, { ...request, conversation: "conv_1" })
        assert.deepStrictEqual([unknown.status, field(field(unknown.json, "error"), "param")], [404, "conversation"])
      }
      assert.deepInclude((yield* verify("s")) as object, { status: "identical" })
    }).pipe(Effect.scoped))

  it.live("given an item with an id that the conversation has, then it is refused before a model is asked", () =>
    Effect.gen(function*() {
      const { create, post, upstream } = yield* World.given()
      const first = { type: "message", role: "user", content: "first", id: "msg_1" }
      const conversation = String(field((yield* post("/v1/conversations", { items: [first] })).json, "id"))
      const before = upstream.received.length
      for (const input of [[first], [{ ...first, id: "msg_2" }, { ...first, id: "msg_2" }]]) {
        for (const stream of [false, true]) {
          const answer = yield* create({ conversation, stream, input })
          assert.strictEqual(answer.status, 400, answer.text)
          assert.strictEqual(field(field(answer.json, "error"), "param"), `input[${input.length - 1}].id`)
        }
      }
      assert.strictEqual(upstream.received.length, before)
    }).pipe(Effect.scoped))
})
