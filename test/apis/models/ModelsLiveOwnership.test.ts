/** What clients register is theirs: it takes nothing from others, shows them nothing, and stays what it was called. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Chat } from "../../support/Chat.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { Keys } from "../../support/Keys.ts"
import { fast, given, ids, post } from "../../support/ModelRegistrations.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import type { StrataOptions } from "../../support/Strata.ts"
import { Strata } from "../../support/Strata.ts"

/** Everybody owns what they register; what vendors bring is for all but what a rule hides. */
const rules = [
  { forbid: { actions: "read" as const, resource: "model::upstream/large" } },
  { permit: { actions: ["create", "read", "update", "delete"] as const }, when: "user is owner" },
  { permit: { actions: "read" as const, resource: "model::*" }, when: "resource is unowned" },
  { permit: { actions: ["create", "read"] as const, resource: "session::*" } }
]
const auth = (access_policy: ReadonlyArray<object> = rules) =>
  ({ providers: [Keys.provider({ alice: {}, mallory: {} })], access_policy }) as unknown as NonNullable<
    StrataOptions["auth"]
  >
const [alice, mallory] = [Keys.headers("alice"), Keys.headers("mallory")]

const chat = (strata: Strata, model: string, headers: Readonly<Record<string, string>>, session?: string) => {
  const { headers: own, ...request } = Chat.post({ model, ...session === undefined ? {} : { session } })
  return Http.send(strata.url, "/v1/chat/completions", { ...request, headers: { ...own, ...headers } })
}

describe("what one registers", () => {
  it.live("takes nothing from others: neither the vendors' names nor what is not listed", () =>
    Effect.gen(function*() {
      const { other, strata, upstream } = yield* given({ auth: auth() })
      const registered = [
        // An alias that is another vendor's name for a model; the same of a model that vendor does not have; a pin.
        { model_id: "only", provider_id: "upstream", provider_model_id: "small" },
        { model_id: "zzz", provider_id: "upstream", provider_model_id: "only" },
        { model_id: "upstream/new", provider_id: "upstream" }
      ]
      for (const body of registered) assert.strictEqual((yield* post(strata, body, mallory)).status, 200)
      assert.strictEqual((yield* chat(strata, "only", alice)).status, 200)
      assert.strictEqual(Object(other.received.at(-1)?.body).model, "only")
      assert.strictEqual((yield* chat(strata, "upstream/new", alice)).status, 200)
      assert.strictEqual(Object(upstream.received.at(-1)?.body).model, "new")
      assert.strictEqual((yield* chat(strata, "only", mallory)).status, 200)
      assert.strictEqual(Object(upstream.received.at(-1)?.body).model, "small")
    }))

  it.live("is everybody's when its vendor lists it", () =>
    Effect.gen(function*() {
      const models: Array<string> = ["small"]
      const upstream = yield* FakeUpstream.make({
        respond: Chat.answering(["Blue"]),
        list: () => ScriptedAnswer.json(200, { data: models.map((id) => ({ id })) })
      })
      const strata = yield* Strata.make({
        providers: [Strata.openAi(upstream)],
        auth: auth(),
        supervision: { health_interval_ms: 20 }
      })
      yield* post(strata, { model_id: "upstream/new" }, mallory)
      const get = Http.send(strata.url, "/v1/models/upstream/new", { headers: alice })
      assert.strictEqual((yield* get).status, 404)
      models.push("new")
      yield* strata.awaitEvents({ types: ["model:registered"] }, 3)
      assert.strictEqual((yield* get).status, 200)
    }))

  it.live("tells nobody who asks for the same name more than that it is taken", () =>
    Effect.gen(function*() {
      const { strata } = yield* given({ auth: auth() })
      const body = { ...fast, metadata: { secret_plan: "merger" } }
      yield* post(strata, body, alice)
      for (const asked of [body, fast, { ...fast, provider_model_id: "x" }]) {
        const answer = yield* post(strata, asked, mallory)
        assert.strictEqual(answer.status, 409)
        assert.strictEqual(Object(answer.json).error.message, "There is a model `fast` already: choose another name.")
      }
    }))

  it.live("gives no right to what it stands for, listed or not, under a name of one's own or the vendor's", () =>
    Effect.gen(function*() {
      const [, owned, , sessions] = rules
      const small = { permit: { actions: "read" as const, resource: "model::upstream/small" } }
      const { strata } = yield* given({ auth: auth([owned!, small, sessions!]) })
      const denied = [
        { model_id: "zzz", provider_id: "upstream", provider_model_id: "large" },
        { model_id: "zzz", provider_id: "upstream", provider_model_id: "new" },
        { model_id: "upstream/new", provider_id: "upstream" }
      ]
      for (const body of denied) assert.strictEqual((yield* post(strata, body, mallory)).status, 404, body.model_id)
      assert.strictEqual((yield* post(strata, fast, mallory)).status, 200)
    }))

  it.live("does not outlive the right to what it stands for", () =>
    Effect.gen(function*() {
      const { strata, upstream } = yield* given({ auth: auth(rules.slice(1)) })
      yield* post(strata, { ...fast, provider_model_id: "large" }, mallory)
      assert.strictEqual((yield* chat(strata, "fast", mallory)).status, 200)
      yield* strata.close
      const later = yield* Strata.make({ folder: strata.folder, providers: [Strata.openAi(upstream)], auth: auth() })
      for (const model of ["fast", "upstream/large"]) {
        assert.strictEqual((yield* chat(later, model, mallory)).status, 404, model)
      }
      const list = yield* Http.send(later.url, "/v1/models", { headers: mallory })
      assert.notInclude(list.text, "fast")
    }))

  const named = { permit: { actions: "read" as const, resource: "model::fast" } }
  const attempts = [
    { name: "look at it", method: "GET", body: undefined },
    { name: "unregister it", method: "DELETE", body: undefined },
    { name: "ask for the same name", method: "POST", body: { ...fast, provider_model_id: "small" } }
  ]

  it.live.each(attempts)(
    "is not there by a name that may be read, where what it stands for may not: $name",
    (row) =>
      Effect.gen(function*() {
        const { strata, upstream } = yield* given({ auth: auth(rules.slice(1)) })
        yield* post(strata, { ...fast, provider_model_id: "large" }, mallory)
        yield* strata.close
        const later = yield* Strata.make({
          folder: strata.folder,
          providers: [Strata.openAi(upstream)],
          auth: auth([named, ...rules])
        })
        const tried = (id: string) =>
          row.body === undefined
            ? Http.send(later.url, `/v1/models/${id}`, { method: row.method, headers: alice })
            : post(later, { ...row.body, model_id: id }, alice)
        const hidden = yield* tried("fast")
        if (row.body !== undefined) {
          assert.strictEqual(Object(hidden.json).error.message, "There is a model `fast` already: choose another name.")
          return
        }
        const absent = yield* tried("fasd")
        assert.deepStrictEqual([hidden.status, absent.status], [404, 404])
        assert.strictEqual(hidden.text.replaceAll("fast", "fasd"), absent.text)
      })
  )

  it.live("is not in the session files of others, nor is what rules hide", () =>
    Effect.gen(function*() {
      const { strata } = yield* given({ auth: auth() })
      yield* post(strata, { ...fast, model_id: "private", metadata: { plan: "merger" } }, alice)
      yield* post(strata, { ...fast, model_id: "own" }, mallory)
      assert.strictEqual((yield* chat(strata, "own", mallory, "m")).status, 200)
      yield* strata.close
      const open = yield* Strata.make({ folder: strata.folder, auth: auth(), providers: [] })
      const file = yield* Http.send(open.url, "/v1/sessions/m/export", { headers: mallory })
      assert.strictEqual(file.status, 200, file.text)
      for (const shown of ["own", "upstream/small"]) assert.include(file.text, `"model_id":"${shown}"`)
      for (const hidden of ["private", "merger", "upstream/large"]) assert.notInclude(file.text, hidden)
    }))
})

describe("names that a key happens to be in", () => {
  it.live("stay names: models are listed and asked for, and told once", () =>
    Effect.gen(function*() {
      const api_key = "vendor-1"
      const looks: Array<number> = []
      const upstream = yield* FakeUpstream.make({
        respond: Chat.answering(["Blue"]),
        list: () => {
          looks.push(1)
          return ScriptedAnswer.json(200, { data: [{ id: "m", owned_by: api_key }, { id: `${api_key}-tuned` }] })
        }
      })
      const strata = yield* Strata.make({
        providers: [Strata.openAi(upstream, { api_key }, api_key)],
        supervision: { health_interval_ms: 20 }
      })
      assert.deepStrictEqual(yield* ids(strata), ["vendor-1/m", "vendor-1/vendor-1-tuned"])
      assert.strictEqual((yield* Chat.ask(strata.url, { model: "vendor-1/m" })).status, 200)
      const metadata = { api_key: "abcdef-0123456789" }
      const first = yield* post(strata, { model_id: "mine", provider_model_id: "m", metadata })
      assert.notInclude(first.text, metadata.api_key)
      assert.deepStrictEqual(
        (yield* post(strata, { model_id: "mine", provider_model_id: "m", metadata })).json,
        first.json
      )
      while (looks.length < 5) yield* Effect.sleep("10 millis")
      assert.lengthOf(yield* strata.events({ types: ["model:*"] }), 3)
    }))
})
