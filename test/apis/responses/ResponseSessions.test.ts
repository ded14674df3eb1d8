/** In which session a response stands whose client names none. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { field } from "../../../src/events/types/JsonAccess.ts"
import { Http } from "../../support/Http.ts"
import type { HttpAnswer } from "../../support/Http.ts"
import { Keys } from "../../support/Keys.ts"
import * as ResponsesVendor from "../../support/ResponsesVendor.ts"
import * as World from "../../support/ResponsesWorld.ts"

const idOf = ({ json }: HttpAnswer) => String(field(json, "id"))
const sessionOf = ({ headers }: HttpAnswer) => String(headers["x-strata-session-id"])

describe("a response whose client names no session", () => {
  it.live(
    "stands in that of the response before, made, streamed, or in the background, and all verifies",
    () =>
      Effect.gen(function*() {
        const { create, get, verify } = yield* World.given()
        const first = yield* create({ input: "one" })
        const second = yield* create({ input: "two", previous_response_id: idOf(first) })
        const third = yield* create({ input: "three", previous_response_id: idOf(second), stream: true })
        const last = String(field(World.eventsOf(third)[0]?.["response"], "id"))
        const fourth = yield* create({ input: "four", previous_response_id: last, background: true })
        yield* World.awaitStatus(get, idOf(fourth), "completed")
        const fifth = yield* create({ input: "five", previous_response_id: idOf(fourth) })
        const session = sessionOf(first)
        for (const each of [second, third, fourth, fifth]) assert.strictEqual(sessionOf(each), session)
        assert.notStrictEqual(sessionOf(yield* create({ input: "another" })), session)
        assert.deepInclude((yield* verify(session)) as object, { status: "identical" })
      }).pipe(Effect.scoped),
    20_000
  )

  it.live("stands in the one that is named, and what goes on from it, too", () =>
    Effect.gen(function*() {
      const { create } = yield* World.given()
      const first = yield* create({ input: "one" })
      const second = yield* create({ input: "two", previous_response_id: idOf(first) }, "named")
      assert.strictEqual(sessionOf(second), "named")
      const third = yield* create({ input: "three", previous_response_id: idOf(second) })
      assert.strictEqual(sessionOf(third), "named")
    }).pipe(Effect.scoped))

  it.live("stands in the session of its conversation, which is called as it is", () =>
    Effect.gen(function*() {
      const { create, post, verify } = yield* World.given()
      const conversation = idOf(yield* post("/v1/conversations", {}))
      const first = yield* create({ input: "one", conversation })
      const second = yield* create({ input: "two", conversation: { id: conversation } })
      assert.deepStrictEqual([sessionOf(first), sessionOf(second)], [conversation, conversation])
      assert.deepInclude((yield* verify(conversation)) as object, { status: "identical" })
    }).pipe(Effect.scoped))

  it.live("stands in that of a response that passed from its vendor", () =>
    Effect.gen(function*() {
      const { post } = yield* World.given({ model: ResponsesVendor.respond, config: { api: "responses" } })
      const input = [{ type: "message", role: "user", content: "What is the weather?" }]
      const first = yield* post("/v1/responses", { model: "upstream/m", input })
      const second = yield* post("/v1/responses", {
        model: "upstream/m",
        previous_response_id: idOf(first),
        input: [{ type: "function_call_output", call_id: "call_1", output: "rain" }]
      })
      assert.strictEqual(second.status, 200, second.text)
      assert.strictEqual(sessionOf(second), sessionOf(first))
    }).pipe(Effect.scoped))

  it.live("has one of its own where what is before is not there, or somebody else's", () =>
    Effect.gen(function*() {
      const providers = [Keys.provider({ alice: {}, bob: {} })]
      const { post, strata: { url } } = yield* World.given({ auth: { providers } })
      const ask = (name: string, body: World.Json) =>
        Http.post(url, "/v1/responses", { model: "upstream/m", ...body }, Keys.headers(name))
      const conversation = idOf(yield* post("/v1/conversations", {}, undefined, Keys.headers("alice")))
      const mine = yield* ask("alice", { input: "one", conversation })
      assert.strictEqual(sessionOf(mine), conversation)
      const others = [
        yield* ask("bob", { input: "two", previous_response_id: idOf(mine) }),
        yield* ask("bob", { input: "two", conversation }),
        yield* ask("alice", { input: "two", previous_response_id: "resp_absent" })
      ]
      for (const each of others) {
        assert.strictEqual(each.status, 404, each.text)
        assert.notStrictEqual(sessionOf(each), sessionOf(mine))
      }
    }).pipe(Effect.scoped))
})
