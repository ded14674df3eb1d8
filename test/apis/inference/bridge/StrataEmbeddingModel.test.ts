/** One suite over both layers: vectors of `effect/ai`, by a Strata. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { EmbeddingModel } from "effect/ai"
import * as StrataEmbeddingModel from "../../../../src/apis/inference/bridge/StrataEmbeddingModel.ts"
import * as BridgedStrata from "../../../support/BridgedStrata.ts"
import type { ReceivedRequest } from "../../../support/FakeUpstream.ts"
import { FakeUpstream } from "../../../support/FakeUpstream.ts"
import { ScriptedAnswer } from "../../../support/ScriptedAnswer.ts"

/** A vector of each text: how long it is, and 1. */
const embedding = ({ body }: ReceivedRequest) => {
  const { input } = body as { readonly input: ReadonlyArray<string> }
  return ScriptedAnswer.json(200, {
    object: "list",
    model: "m",
    data: input.map((text, index) => ({ object: "embedding", index, embedding: [text.length, 1] })).toReversed(),
    usage: { prompt_tokens: 7, total_tokens: 7 }
  })
}

describe.each(BridgedStrata.ways)("an embedding model of effect/ai, %s", (way) => {
  const given = (respond: (request: ReceivedRequest) => ScriptedAnswer) =>
    Effect.gen(function*() {
      const vendor = yield* FakeUpstream.make({ respond })
      const { by, strata } = yield* BridgedStrata.make([BridgedStrata.openAi(vendor)])
      const model = StrataEmbeddingModel.model("openai/m", { session: "s", dimensions: 2 })
      return {
        vendor,
        strata,
        ask: <A, E>(effect: Effect.Effect<A, E, EmbeddingModel.EmbeddingModel | EmbeddingModel.Dimensions>) =>
          by(way)(Effect.provide(effect, model))
      }
    })

  it.live("gives each text its vector, and what they cost in tokens; the request is recorded", () =>
    Effect.gen(function*() {
      const { ask, strata, vendor } = yield* given(embedding)
      const answer = yield* ask(
        Effect.flatMap(EmbeddingModel.EmbeddingModel, ({ embedMany }) => embedMany(["one", "three"]))
      )
      assert.deepStrictEqual(answer.embeddings.map(({ vector }) => vector), [[3, 1], [5, 1]])
      assert.strictEqual(answer.usage.inputTokens, 7)
      assert.deepInclude(vendor.received[0]!.body, { dimensions: 2 })
      const types = yield* strata.events({ types: ["embedding:request", "embedding:response"] })
      assert.deepStrictEqual(types.map(({ sessionId }) => sessionId), ["s", "s"])
    }).pipe(Effect.scoped))

  it.live("asks once for texts that are asked for at once", () =>
    Effect.gen(function*() {
      const { ask, vendor } = yield* given(embedding)
      const vectors = yield* ask(Effect.gen(function*() {
        const { embed } = yield* EmbeddingModel.EmbeddingModel
        assert.strictEqual(yield* EmbeddingModel.Dimensions, 2)
        return yield* Effect.all([embed("one"), embed("three")], { concurrency: "unbounded" })
      }))
      assert.deepStrictEqual(vectors.map(({ vector }) => vector), [[3, 1], [5, 1]])
      assert.strictEqual(vendor.received.length, 1)
    }).pipe(Effect.scoped))

  it.live("fails with its reason", () =>
    Effect.gen(function*() {
      const { ask } = yield* given(() => ScriptedAnswer.error(429, "Slow down", "rate_limit_exceeded"))
      const failed = yield* ask(
        Effect.flip(Effect.flatMap(EmbeddingModel.EmbeddingModel, ({ embedMany }) => embedMany(["one"])))
      )
      assert.strictEqual(failed.reason._tag, "RateLimitError")
    }).pipe(Effect.scoped))
})
