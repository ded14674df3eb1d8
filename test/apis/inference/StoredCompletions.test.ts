/** `store: true`: chat completions that are kept, through OpenAI's and Llama Stack's own clients. */
import { assert, describe } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { LlamaStackClient } from "llama-stack-client"
import { BadRequestError, NotFoundError } from "openai"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Sdk } from "../../support/Sdk.ts"
import { Strata } from "../../support/Strata.ts"
import { ways } from "../../support/StrataBehindStrata.ts"
import { verify } from "../../support/verify.ts"

const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 }
const head = (id: string) => ({ id, created: 7, model: "m-2026" })

const chunksOf = (id: string) => {
  const chunk = (choice: object, more = {}) => ({
    ...head(id),
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta: {}, finish_reason: null, ...choice }],
    ...more
  })
  return [
    chunk({ delta: { role: "assistant", content: "Hel" } }),
    chunk({ index: 1, delta: { role: "assistant", content: "Other" } }),
    chunk({ delta: { content: "lo" }, logprobs: { content: [{ token: "lo", logprob: -1 }] } }),
    chunk({ finish_reason: "stop" }),
    { ...chunk({ index: 1, finish_reason: "length" }), usage }
  ]
}

/** A vendor whose answers have ids of their own, and which refuses the model `no`. */
const served = Effect.gen(function*() {
  let count = 0
  const upstream = yield* FakeUpstream.make({
    models: ["m", "no"],
    respond: ({ body, method }) => {
      if (method === "GET") return undefined
      const { model, stream, user } = Object(body) as { readonly model: string; stream?: boolean; user?: string }
      if (model === "no") return ScriptedAnswer.json(429, { error: { message: "slow down", type: "rate_limit" } })
      const id = user === undefined ? `chatcmpl-${++count}` : user
      if (stream === true) {
        return ScriptedAnswer.events(chunksOf(id) as never, user === "broken" ? { destroyAfter: 2, done: false } : {})
      }
      const choices = [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }]
      return ScriptedAnswer.json(200, { ...head(id), object: "chat.completion", choices, usage })
    }
  })
  const strata = yield* Strata.make({ providers: [Strata.openAi(upstream)] })
  return { ...strata, client: Sdk.make(strata.url) }
})

const call = <A>(make: () => PromiseLike<A>) => Effect.promise(() => Promise.resolve(make()))
const failure = <A>(make: () => PromiseLike<A>) => Sdk.failureOf(Effect.tryPromise(() => Promise.resolve(make())))

const asked = {
  model: "upstream/m",
  store: true,
  messages: [
    { role: "system" as const, content: "Be brief." },
    { role: "user" as const, content: [{ type: "text" as const, text: "Hello?" }] }
  ]
}

const idsOf = (list: AsyncIterable<{ readonly id: string }>) =>
  Effect.map(Effect.orDie(Stream.runCollect(Sdk.readAll(list))), (all) => all.map(({ id }) => id))

describe.each(ways)("stored chat completions, before $way", ({ it }) => {
  it.live("given store: true, when OpenAI's client walks the endpoints, then the answer is there as it was given", () =>
    Effect.gen(function*() {
      const { client: { chat: { completions } } } = yield* served
      const answer = yield* call(() => completions.create({ ...asked, temperature: 0.5, metadata: { topic: "demo" } }))
      const stored = yield* call(() => completions.retrieve(answer.id))
      assert.deepInclude(stored, { ...answer, temperature: 0.5, metadata: { topic: "demo" } } as never)
      const messages = yield* call(() => completions.messages.list(answer.id, { limit: 1 }))
      assert.deepInclude(messages.data[0], { id: "chatcmpl-1-0", role: "system", content: "Be brief." } as never)
      const second = yield* call(() => messages.getNextPage())
      assert.deepInclude(second.data[0], { content: null, content_parts: asked.messages[1]!.content } as never)
      assert.isFalse(second.hasNextPage())
      const updated = yield* call(() => completions.update(answer.id, { metadata: { topic: "other" } }))
      assert.deepStrictEqual(updated, { ...stored, metadata: { topic: "other" } } as never)
      assert.deepStrictEqual(yield* call(() => completions.delete(answer.id)), {
        object: "chat.completion.deleted",
        id: answer.id,
        deleted: true
      })
      const gone = [
        () => completions.retrieve(answer.id),
        () => completions.messages.list(answer.id),
        () => completions.update(answer.id, { metadata: {} }),
        () => completions.delete(answer.id)
      ]
      for (const ask of gone) {
        const error = yield* failure<unknown>(ask)
        assert.instanceOf(error, NotFoundError)
        assert.strictEqual(error.code, "chat_completion_not_found")
      }
    }))

  it.live("given a stream, then what its chunks add up to is kept when it has ended, and nothing of one that breaks off", () =>
    Effect.gen(function*() {
      const { client } = yield* served
      const chunks = yield* Sdk.collect(client, asked)
      assert.lengthOf(chunks, 5)
      const stored = yield* call(() => client.chat.completions.retrieve("chatcmpl-1"))
      assert.deepInclude(stored, { ...head("chatcmpl-1"), object: "chat.completion", usage } as never)
      assert.deepStrictEqual(stored.choices as unknown, [
        {
          index: 0,
          message: { refusal: null, role: "assistant", content: "Hello" },
          logprobs: { content: [{ token: "lo", logprob: -1 }] },
          finish_reason: "stop"
        },
        {
          index: 1,
          message: { refusal: null, role: "assistant", content: "Other" },
          logprobs: null,
          finish_reason: "length"
        }
      ])
      yield* Effect.flip(Sdk.collect(client, { ...asked, user: "broken" }))
      assert.lengthOf(yield* idsOf(client.chat.completions.list()), 1)
    }))

  it.live("given many, when they are listed, then pages, models and metadata choose among them", () =>
    Effect.gen(function*() {
      const { client: { chat: { completions } }, url } = yield* served
      for (let index = 1; index <= 5; index++) {
        yield* call(() => completions.create({ ...asked, metadata: { parity: index % 2 === 0 ? "even" : "odd" } }))
      }
      const ids = (query: object) => idsOf(completions.list(query))
      const all = [1, 2, 3, 4, 5].map((index) => `chatcmpl-${index}`)
      assert.deepStrictEqual(yield* ids({ limit: 2 }), all)
      assert.deepStrictEqual(yield* ids({ limit: 2, order: "desc" }), all.toReversed())
      assert.deepStrictEqual(yield* ids({ model: "upstream/m" }), all)
      assert.deepStrictEqual(yield* ids({ model: "m-2026", limit: 1 }), all)
      assert.deepStrictEqual(yield* ids({ model: "other" }), [])
      assert.deepStrictEqual(yield* ids({ metadata: { parity: "odd" }, limit: 1 }), [all[0], all[2], all[4]])
      const first = yield* call(() => completions.list({ metadata: { parity: "even" }, limit: 2 }))
      assert.deepStrictEqual([first.data.map(({ id }) => id), first.has_more], [[all[1], all[3]], false])
      const ogx = new LlamaStackClient({ baseURL: url, maxRetries: 0 })
      const listed = yield* call(() => ogx.chat.completions.list({ limit: 1, order: "desc" }))
      assert.deepInclude(listed.data[0], { id: all[4], input_messages: asked.messages } as never)
      assert.strictEqual((yield* call(() => ogx.chat.completions.retrieve(all[0]!))).id, all[0])
    }))

  it.live("given no store: true, or a refusal, then nothing is kept, and no event says so", () =>
    Effect.gen(function*() {
      const { client: { chat: { completions } }, events } = yield* served
      yield* call(() => completions.create({ ...asked, store: false }))
      yield* failure(() => completions.create({ ...asked, model: "upstream/no" }))
      const long = yield* failure(() => completions.create({ ...asked, metadata: { long: "x".repeat(513) } }))
      assert.instanceOf(long, BadRequestError)
      assert.strictEqual(long.param, "metadata.long")
      assert.deepStrictEqual(yield* idsOf(completions.list()), [])
      assert.deepStrictEqual(yield* events({ types: ["chat_completion:*"] }), [])
    }))

  it.live("given a vendor that uses an id again, then both are kept, and neither is another's", () =>
    Effect.gen(function*() {
      const { client: { chat: { completions } } } = yield* served
      yield* call(() => completions.create({ ...asked, user: "same" }))
      yield* call(() => completions.create({ ...asked, user: "same" }))
      yield* call(() => completions.create({ ...asked, user: "no name / of a thing" }))
      const [first, second, third] = yield* idsOf(completions.list())
      assert.strictEqual(first, "same")
      for (const id of [second, third]) assert.match(String(id), /^chatcmpl-[0-9a-f]{48}$/)
    }))

  it.live("given a session whose answers are kept, then it verifies, and so at every level they are there", () =>
    Effect.gen(function*() {
      const { client, close, folder } = yield* served
      const { completions } = client.chat
      const headers = { "x-strata-session-id": "s" }
      const { id } = yield* call(() => completions.create(asked, { headers }))
      yield* call(() => completions.update(id, { metadata: { a: "b" } }, { headers }))
      const stream = yield* call(() => completions.create({ ...asked, stream: true }, { headers }))
      yield* Effect.orDie(Stream.runDrain(Sdk.readAll(stream)))
      const unseen = { headers: { "x-strata-session-id": "t", "x-strata-level": "default" } }
      const second = yield* call(() => completions.create(asked, unseen))
      assert.deepInclude(yield* call(() => completions.retrieve(second.id)), { choices: second.choices } as never)
      yield* close
      const [report] = yield* verify(folder, ["s"])
      assert.deepInclude(report, { requests: 3, skipped: [], divergence: undefined })
    }))
})
