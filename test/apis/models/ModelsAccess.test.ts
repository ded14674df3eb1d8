/** What the rules hide of models and providers is answered as what is not there, to the letter. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { Chat } from "../../support/Chat.ts"
import { each, PolicedServer } from "../../support/PolicedServer.ts"

/** `openal` is hidden by the documented rules; its one model is `m`. `plan` is what root calls a model of it. */
const attempts: ReadonlyArray<{
  readonly name: string
  readonly hidden: string
  readonly absent: string
  readonly method: string
  readonly path: (id: string) => string
  readonly body?: (id: string) => unknown
}> = [
  { name: "to look at it", hidden: "openal/m", absent: "openal/n", method: "GET", path: (id) => `/v1/models/${id}` },
  { name: "to look at a name", hidden: "plan", absent: "plam", method: "GET", path: (id) => `/v1/models/${id}` },
  {
    name: "to ask it",
    hidden: "openal/m",
    absent: "openal/n",
    method: "POST",
    path: () => "/v1/chat/completions",
    body: (id) => JSON.parse(Chat.post({ model: id }).body!)
  },
  {
    name: "to ask it by a name",
    hidden: "plan",
    absent: "plam",
    method: "POST",
    path: () => "/v1/chat/completions",
    body: (id) => JSON.parse(Chat.post({ model: id }).body!)
  },
  {
    name: "to unregister it",
    hidden: "openal/m",
    absent: "openal/n",
    method: "DELETE",
    path: (id) => `/v1/models/${id}`
  },
  { name: "to unregister a name", hidden: "plan", absent: "plam", method: "DELETE", path: (id) => `/v1/models/${id}` },
  {
    name: "to register it",
    hidden: "openal/m",
    absent: "openal/n",
    method: "POST",
    path: () => "/v1/models",
    body: (id) => ({ model_id: id })
  },
  {
    name: "to register its name",
    hidden: "plan",
    absent: "plam",
    method: "POST",
    path: () => "/v1/models",
    body: (id) => ({ model_id: id, provider_id: "openal", provider_model_id: "m" })
  },
  {
    name: "to register another name for it",
    hidden: "openal/m",
    absent: "openal/n",
    method: "POST",
    path: () => "/v1/models",
    body: (id) => ({ model_id: "mine", provider_id: "openal", provider_model_id: id.slice("openal/".length) })
  },
  {
    name: "to look at its provider",
    hidden: "openal",
    absent: "nobody",
    method: "GET",
    path: (id) => `/v1/providers/${id}`
  }
]

const plan = { model_id: "plan", provider_id: "openal", provider_model_id: "m" }

each("models and providers", (it, { rules }) => {
  if (rules === "default") {
    it.effect("are there for all where they are nobody's, and what one registered is one's own", () =>
      Effect.gen(function*() {
        const { send } = yield* PolicedServer
        assert.strictEqual((yield* send("alice", "POST", "/v1/models", plan)).status, 200)
        assert.include((yield* send("bob", "GET", "/v1/models")).text, "\"openal/m\"")
        assert.strictEqual((yield* send("bob", "GET", "/v1/providers/openal")).status, 200)
        assert.notInclude((yield* send("bob", "GET", "/v1/models")).text, "plan")
        for (const method of ["GET", "DELETE"]) {
          const [hidden, absent] = [
            yield* send("bob", method, "/v1/models/plan"),
            yield* send("bob", method, "/v1/models/plam")
          ]
          assert.deepStrictEqual([hidden.status, absent.status], [404, 404])
          assert.strictEqual(hidden.text.replaceAll("`plan`", "`plam`"), absent.text)
        }
      }))
    return
  }

  it.effect("are not in any list", () =>
    Effect.gen(function*() {
      const { send } = yield* PolicedServer
      assert.strictEqual((yield* send("root", "POST", "/v1/models", plan)).status, 200)
      for (const path of ["/v1/models", "/v1/providers"]) {
        assert.include((yield* send("root", "GET", path)).text, "openal", path)
        const { status, text } = yield* send("alice", "GET", path)
        assert.strictEqual(status, 200)
        for (const secret of ["openal", "plan"]) assert.notInclude(text, secret, path)
      }
      assert.include((yield* send("alice", "GET", "/v1/models")).text, "\"openai/m\"")
    }))

  it.effect.each(attempts)("answer alike: $name", ({ absent, body, hidden, method, path }) =>
    Effect.gen(function*() {
      const { send } = yield* PolicedServer
      yield* send("root", "POST", "/v1/models", plan)
      const tried = (id: string) => send("alice", method, path(id), body?.(id))
      const [known, unknown] = [yield* tried(hidden), yield* tried(absent)]
      assert.include([403, 404], known.status, known.text)
      assert.strictEqual(known.status, unknown.status)
      assert.strictEqual(known.text.replaceAll(hidden, absent), unknown.text)
    }))
})
