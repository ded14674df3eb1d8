/** Responses of two clients: what is one's is not there for the other, whatever it is asked for. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import { Chat } from "../../support/Chat.ts"
import { Http } from "../../support/Http.ts"
import { Keys } from "../../support/Keys.ts"
import * as ResponsesVendor from "../../support/ResponsesVendor.ts"
import * as World from "../../support/ResponsesWorld.ts"

const providers = [Keys.provider({ alice: {}, bob: {} })]

const given = Effect.fnUntraced(function*(options: World.Options = {}) {
  const world = yield* World.given({ auth: { providers }, ...options })
  const { url } = world.strata
  const ask = (name: string, path: string, body?: World.Json, method?: string) =>
    body === undefined
      ? Http.send(url, path, { method: method ?? "GET", headers: Keys.headers(name) })
      : Http.post(url, path, body, Keys.headers(name))
  const create = (name: string, body: World.Json) => ask(name, "/v1/responses", { model: "upstream/m", ...body })
  return { ...world, ask, create }
})

const idOf = (answer: { readonly json: unknown }) => String(field(answer.json, "id"))

describe("a response of somebody else", () => {
  it.live("given its id, when it is asked for in any way, then it is as if it were not there", () =>
    Effect.gen(function*() {
      const { ask, create, upstream } = yield* given()
      const mine = yield* create("alice", { input: "a secret of alice" })
      const id = idOf(mine)
      const item = String(field(listOf(field(mine.json, "output"))[0], "id"))
      const conversation = idOf(
        yield* ask("alice", "/v1/conversations", { items: [{ role: "user", content: "a secret of alice" }] })
      )
      const prompt = String(
        field((yield* ask("alice", "/v1/prompts", { prompt: "a secret of alice" })).json, "prompt_id")
      )
      const before = upstream.received.length
      const refused = [
        yield* ask("bob", `/v1/responses/${id}`),
        yield* ask("bob", `/v1/responses/${id}?stream=true`),
        yield* ask("bob", `/v1/responses/${id}?stream=true&starting_after=1`),
        yield* ask("bob", `/v1/responses/${id}/input_items`),
        yield* ask("bob", `/v1/responses?after=${id}`),
        yield* ask("bob", `/v1/responses?before=${id}`),
        yield* ask("bob", `/v1/responses/${id}/cancel`, {}),
        yield* ask("bob", `/v1/responses/${id}`, undefined, "DELETE"),
        yield* create("bob", { input: "and?", conversation }),
        yield* create("bob", { input: "and?", conversation: { id: conversation }, stream: true }),
        yield* create("bob", { input: "and?", conversation, background: true }),
        yield* ask("bob", "/v1/responses/input_tokens", { model: "upstream/m", input: "and?", conversation }),
        yield* ask("bob", "/v1/responses/compact", { model: "upstream/m", input: "and?", conversation }),
        yield* create("bob", { input: "and?", prompt: { id: prompt } })
      ]
      assert.deepStrictEqual(refused.map(({ status }) => status), refused.map(() => 404), JSON.stringify(refused))
      const invalid = [
        yield* create("bob", { input: "and?", previous_response_id: id }),
        yield* create("bob", { input: "and?", previous_response_id: id, stream: true }),
        yield* create("bob", { input: "and?", previous_response_id: id, background: true }),
        yield* create("bob", { input: [{ type: "item_reference", id: item }] }),
        yield* ask("bob", "/v1/responses/input_tokens", { model: "upstream/m", input: "a", previous_response_id: id }),
        yield* ask("bob", "/v1/responses/compact", { model: "upstream/m", previous_response_id: id })
      ]
      for (const { status, text } of invalid) assert.include([400, 404], status, text)
      for (const { text } of [...refused, ...invalid]) assert.notInclude(text, "secret")
      assert.strictEqual(upstream.received.length, before)
      assert.deepInclude((yield* ask("bob", "/v1/responses")).json as object, { data: [], has_more: false })
      const unknown = yield* create("bob", { input: "and?", previous_response_id: "resp_unknown" })
      assert.strictEqual(invalid[0]!.text.replace(id, "resp_unknown"), unknown.text)
      assert.strictEqual((yield* ask("alice", `/v1/responses/${id}`)).status, 200)
      assert.strictEqual(idOf(yield* ask("alice", `/v1/responses/${id}`)), id)
      assert.strictEqual(
        (yield* create("alice", { input: "and?", previous_response_id: id, conversation: null })).status,
        200
      )
      assert.strictEqual((yield* create("alice", { input: "and?", conversation })).status, 200)
    }).pipe(Effect.scoped))

  it.live.each([false, true])(
    "given its vendor's bytes pass, stream %s, then it is its client's alone",
    (stream) =>
      Effect.gen(function*() {
        const { ask, create } = yield* given({ model: ResponsesVendor.respond, config: { api: "responses" } })
        const { text } = yield* create("alice", { input: "a secret of alice", stream })
        const [id = ""] = /resp_\w+/.exec(text) ?? []
        assert.strictEqual((yield* ask("alice", `/v1/responses/${id}`)).status, 200, text)
        assert.strictEqual((yield* ask("bob", `/v1/responses/${id}`)).status, 404)
        assert.deepInclude((yield* ask("bob", "/v1/responses")).json as object, { data: [] })
      }).pipe(Effect.scoped)
  )

  it.live(
    "given it is made in the background, then its owner alone streams and cancels it, and it goes on from what is its owner's",
    () =>
      Effect.gen(function*() {
        const { ask, create } = yield* given({ model: Chat.answering(["one ", "two ", "three"], "300 millis") })
        const first = idOf(yield* create("alice", { input: "first" }))
        const conversation = idOf(yield* ask("alice", "/v1/conversations", {}))
        const running = idOf(
          yield* create("alice", { input: "next", previous_response_id: first, background: true })
        )
        assert.strictEqual((yield* ask("bob", `/v1/responses/${running}?stream=true`)).status, 404)
        assert.strictEqual((yield* ask("bob", `/v1/responses/${running}/cancel`, {})).status, 404)
        const get = (path: string) => ask("alice", path)
        const done = yield* World.awaitStatus(get, running, "completed")
        assert.strictEqual(World.textOf(done.json), "one two three")
        const talked = idOf(yield* create("alice", { input: "next", conversation, background: true }))
        yield* World.awaitStatus(get, talked, "completed")
        assert.include((yield* get(`/v1/conversations/${conversation}/items`)).text, "one two three")
      }).pipe(Effect.scoped),
    20_000
  )

  it.live("given rules by which all may read it, when it is changed, then that is denied openly, and it may be gone on from", () =>
    Effect.gen(function*() {
      const { ask, create, upstream } = yield* given({
        auth: {
          providers,
          access_policy: [
            { permit: { actions: ["create", "read", "update", "delete"] }, when: "user is owner" },
            { permit: { actions: ["read"], resource: "response::*" } },
            { permit: { actions: ["read"], resource: "conversation::*" } },
            { permit: { actions: ["read"], resource: "model::*" } }
          ]
        }
      })
      const mine = yield* create("alice", { input: "hello" })
      const id = idOf(mine)
      assert.strictEqual((yield* ask("bob", `/v1/responses/${id}`)).status, 200, mine.text)
      assert.strictEqual((yield* ask("bob", `/v1/responses/${id}`, undefined, "DELETE")).status, 403)
      const queued = idOf(yield* create("alice", { input: "hello", background: true }))
      assert.strictEqual((yield* ask("bob", `/v1/responses/${queued}/cancel`, {})).status, 403)
      const next = yield* create("bob", { input: "and now?", previous_response_id: id })
      assert.strictEqual(next.status, 200, next.text)
      assert.strictEqual((yield* ask("alice", `/v1/responses/${idOf(next)}`, undefined, "DELETE")).status, 403)
      // What is said would stand in a conversation that bob may not change: nobody is asked for it.
      const conversation = idOf(yield* ask("alice", "/v1/conversations", {}))
      const before = upstream.received.length
      for (const stream of [false, true]) {
        assert.strictEqual((yield* create("bob", { input: "mine now", conversation, stream })).status, 403)
      }
      assert.strictEqual((yield* create("bob", { input: "mine now", conversation, background: true })).status, 403)
      assert.strictEqual(upstream.received.length, before)
      assert.notInclude((yield* ask("alice", `/v1/conversations/${conversation}/items`)).text, "mine now")
    }).pipe(Effect.scoped))
})
