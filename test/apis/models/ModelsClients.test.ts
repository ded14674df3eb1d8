/** Models as the clients of OpenAI and Llama Stack read them. */
import Anthropic from "@anthropic-ai/sdk"
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { LlamaStackClient } from "llama-stack-client"
import { NotFoundError } from "openai"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Sdk } from "../../support/Sdk.ts"
import { Strata } from "../../support/Strata.ts"
import { ways } from "../../support/StrataBehindStrata.ts"

const given = Effect.gen(function*() {
  const upstream = yield* FakeUpstream.make({ models: ["gpt-4o", "family/large"] })
  const strata = yield* Strata.make({ providers: [Strata.openAi(upstream)] })
  return {
    anthropic: new Anthropic({ baseURL: strata.url, apiKey: "key", maxRetries: 0 }),
    openai: Sdk.make(strata.url),
    stack: new LlamaStackClient({ baseURL: strata.url, apiKey: "key", maxRetries: 0 })
  }
})

describe.each(ways)("models, before $way", ({ it, listed }) => {
  it.live("given models of a vendor, when OpenAI's client lists them, then each has what its types promise", () =>
    Effect.gen(function*() {
      const { openai } = yield* given
      const page = yield* Effect.promise(() => openai.models.list())
      assert.strictEqual(page.object, "list")
      assert.deepStrictEqual(page.data.map(({ id }) => id), ["upstream/family/large", "upstream/gpt-4o"].map(listed))
      for (const { created, id, object, owned_by } of page.data) {
        assert.strictEqual(object, "model", id)
        assert.isTrue(Number.isInteger(created), id)
        assert.isString(owned_by, id)
        const one = yield* Effect.promise(() => openai.models.retrieve(id))
        assert.deepStrictEqual([one.id, one.object, one.created, one.owned_by], [id, object, created, owned_by])
      }
    }).pipe(Effect.scoped))

  it.live("given a model that is not there, then OpenAI's client throws its own class", () =>
    Effect.gen(function*() {
      const { openai } = yield* given
      const error = yield* Sdk.failureOf(Effect.tryPromise(() => openai.models.retrieve("upstream/nothing")))
      assert.instanceOf(error, NotFoundError)
      assert.strictEqual(error.code, "model_not_found")
    }).pipe(Effect.scoped))

  it.live("given the same, when Llama Stack's client lists and retrieves them, then it reads them too", () =>
    Effect.gen(function*() {
      const { stack } = yield* given
      const models = yield* Effect.promise(() => stack.models.list())
      assert.deepStrictEqual(models.map(({ id }) => id), ["upstream/family/large", "upstream/gpt-4o"].map(listed))
      const one = yield* Effect.promise(() => stack.models.retrieve("upstream/gpt-4o"))
      assert.deepInclude(one as object, { id: listed("upstream/gpt-4o") })
    }).pipe(Effect.scoped))

  it.live("given the same, when Anthropic's client lists and retrieves them, then it has their names", () =>
    Effect.gen(function*() {
      const { anthropic } = yield* given
      const { data } = yield* Effect.promise(() => anthropic.models.list())
      const ids = data.map(({ id }) => id)
      assert.deepStrictEqual(ids, ["upstream/family/large", "upstream/gpt-4o"].map(listed))
      const one = yield* Effect.promise(() => anthropic.models.retrieve(ids[1]!))
      assert.strictEqual(one.id, ids[1])
    }).pipe(Effect.scoped))
})
