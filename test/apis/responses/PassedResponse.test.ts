/** Where the vendor has Responses itself, its bytes pass; and what passed is kept. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import * as ResponsesVendor from "../../support/ResponsesVendor.ts"
import * as World from "../../support/ResponsesWorld.ts"

const input = [{ type: "message", role: "user", content: "What is the weather?" }]

const given = World.given({ model: ResponsesVendor.respond, config: { api: "responses" } })

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
})
