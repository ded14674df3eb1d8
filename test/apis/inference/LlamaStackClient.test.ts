/** Llama Stack's client asks for everything that models do: chats, texts, embeddings and orders. */
// @effect-diagnostics asyncFunction:off
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { BadRequestError, LlamaStackClient } from "llama-stack-client"
import type { ReceivedRequest } from "../../support/FakeUpstream.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { ask } from "../../support/FilesWorld.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"
import { ways } from "../../support/StrataBehindStrata.ts"
import { chatModel } from "../../support/TurnWorld.ts"

const answers: Readonly<Record<string, Schema.JsonObject>> = {
  "/v1/embeddings": { object: "list", model: "m", data: [{ object: "embedding", index: 0, embedding: [0.5, 1] }] },
  "/v1/rerank": { results: [{ index: 1, relevance_score: 0.9 }, { index: 0, relevance_score: 0.1 }] },
  "/v1/completions": {
    id: "cmpl-1",
    object: "text_completion",
    created: 1,
    model: "m",
    choices: [{ index: 0, text: " cold.", finish_reason: "stop", logprobs: null }]
  }
}

const respond = (request: ReceivedRequest) => {
  const answer = answers[request.path]
  return answer === undefined ? chatModel(request) : ScriptedAnswer.json(200, answer)
}

const given = Effect.gen(function*() {
  const vendor = yield* FakeUpstream.make({ respond })
  const strata = yield* Strata.make({ level: "raw", providers: [Strata.openAi(vendor, { models: ["m"] })] })
  return { client: new LlamaStackClient({ baseURL: strata.url, apiKey: "key", maxRetries: 0 }), vendor }
})

const model = "upstream/m"

describe.each(ways)("Llama Stack's client, before $way", ({ it }) => {
  it.live("chats, whole and streamed", () =>
    Effect.gen(function*() {
      const { client } = yield* given
      const messages = [{ role: "user" as const, content: "hello" }]
      const whole = yield* ask(() => client.chat.completions.create({ model, messages }))
      assert.strictEqual((whole as { choices: ReadonlyArray<{ message: unknown }> }).choices.length, 1)
      const text = yield* ask(async () => {
        let all = ""
        for await (const chunk of await client.chat.completions.create({ model, messages, stream: true })) {
          all += chunk.choices[0]?.delta.content ?? ""
        }
        return all
      })
      assert.strictEqual(text, "You said hello")
    }).pipe(Effect.scoped))

  it.live("completes a text, embeds one, and puts items in order", () =>
    Effect.gen(function*() {
      const { client } = yield* given
      const completion = yield* ask(() => client.completions.create({ model, prompt: "Oslo is" }))
      assert.strictEqual(completion.choices[0]?.text, " cold.")
      const { data } = yield* ask(() => client.embeddings.create({ model, input: "Oslo" }))
      assert.deepStrictEqual(data[0]?.embedding as unknown, [0.5, 1])
      const ranked = yield* ask(() => client.alpha.inference.rerank({ model, query: "snow", items: ["sand", "ice"] }))
      assert.deepStrictEqual(ranked.map(({ index }) => index), [1, 0])
    }).pipe(Effect.scoped))

  it.live("gets its own class for what is no request", () =>
    Effect.gen(function*() {
      const { client, vendor } = yield* given
      const error = yield* Effect.flip(ask(() => client.embeddings.create({ model, input: [] })))
      assert.instanceOf(error.cause, BadRequestError)
      assert.isFalse(vendor.received.some(({ path }) => path === "/v1/embeddings"))
    }).pipe(Effect.scoped))
})
