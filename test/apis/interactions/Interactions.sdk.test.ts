/** Google's own client before a server whose models a vendor of another dialect serves. */
import { assert, describe } from "@effect/vitest"
import type { Interactions } from "@google/genai"
import { GoogleGenAI } from "@google/genai"
import { Cause, Effect, Stream } from "effect"
import type { Schema } from "effect"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { ways } from "../../support/StrataBehindStrata.ts"
import * as TranslatingStrata from "../../support/TranslatingStrata.ts"
import { frames } from "../../support/Vendors.ts"

const clientOf = (url: string) =>
  new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: url, retryOptions: { attempts: 1 } } }).interactions

const once = { retries: { strategy: "none" as const } }

const completion = (message: object, finish_reason = "stop") =>
  ScriptedAnswer.json(200, {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1_770_000_000,
    model: "m",
    choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason }],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }
  })

const call = {
  content: null,
  tool_calls: [{ id: "call_1", type: "function", function: { name: "get_weather", arguments: "{\"city\":\"Oslo\"}" } }]
}

const chunk = (delta: object, finish_reason: string | null = null) =>
  `data: ${
    JSON.stringify({
      id: "chatcmpl-1",
      object: "chat.completion.chunk",
      created: 1_770_000_000,
      model: "m",
      choices: [{ index: 0, delta, finish_reason }]
    })
  }\n\n`

const streamed = frames([
  chunk({ role: "assistant", content: "It is " }),
  chunk({ content: "raining." }),
  chunk({}, "stop"),
  "data: [DONE]\n\n"
])

const tools: Array<Interactions.Tool> = [{
  type: "function",
  name: "get_weather",
  description: "The weather in a city.",
  parameters: { type: "object", properties: { city: { type: "string" } } }
}]

const promised = <A>(ask: () => PromiseLike<A>) => Effect.tryPromise(() => Promise.resolve(ask()))

/** What the client threw. */
const refusal = (ask: () => PromiseLike<unknown>) =>
  Effect.map(Effect.flip(promised(ask)), ({ cause }) => cause as Error & { readonly status?: number })

const eventsOf = (stream: AsyncIterable<Interactions.InteractionSSEEvent>) =>
  Stream.runCollect(Stream.fromAsyncIterable(stream, (cause) => new Cause.UnknownError(cause)))

const textOf = (events: ReadonlyArray<Interactions.InteractionSSEEvent>) =>
  events.map((event) => event.event_type === "step.delta" && event.delta.type === "text" ? event.delta.text : "").join(
    ""
  )

describe.each(ways)("interactions, asked by @google/genai, before $way", ({ it }) => {
  it.live("given a model of a chat vendor, when it is asked, then it answers, and what it said is kept", () =>
    Effect.gen(function*() {
      const { assertSound, model, strata, vendor } = yield* TranslatingStrata.make(
        "openai",
        () => completion({ content: "It is raining." })
      )
      const client = clientOf(strata.url)
      const first = yield* promised(() =>
        client.create({ model, input: "What is the weather in Oslo?", system_instruction: "Be brief." })
      )
      assert.strictEqual(first.status, "completed")
      assert.strictEqual(first.output_text, "It is raining.")
      assert.deepInclude(first.usage, { total_input_tokens: 10, total_output_tokens: 5, total_tokens: 15 })
      assert.match(first.id, /^int_/)

      const second = yield* promised(() =>
        client.create({ model, input: "And in Bergen?", previous_interaction_id: first.id })
      )
      const asked = vendor.received.at(-1)!.body as { readonly messages: ReadonlyArray<Schema.JsonObject> }
      assert.deepStrictEqual(asked.messages.map(({ content, role }) => [role, content]), [
        ["user", "What is the weather in Oslo?"],
        ["assistant", "It is raining."],
        ["user", "And in Bergen?"]
      ])

      const read = yield* promised(() => client.get(second.id))
      assert.strictEqual(read.previous_interaction_id, first.id)
      assert.deepStrictEqual(read.steps?.map(({ type }) => type), ["user_input", "model_output"])
      const again = yield* Effect.flatMap(promised(() => client.get(second.id, { stream: true })), eventsOf)
      assert.strictEqual(textOf(again), "It is raining.")

      yield* promised(() => client.delete(first.id))
      const gone = yield* refusal(() => client.get(first.id))
      assert.strictEqual(gone.status, 404)
      const orphan = yield* refusal(() => client.create({ model, input: "Why?", previous_interaction_id: second.id }))
      assert.strictEqual(orphan.status, 404)
      assert.include(String(orphan), first.id)
      yield* assertSound(4)
    }))

  it.live("given a stream, when it is read, then its steps come one by one and the whole of it is kept", () =>
    Effect.gen(function*() {
      const { assertSound, model, strata } = yield* TranslatingStrata.make("openai", () => streamed)
      const client = clientOf(strata.url)
      const events = yield* Effect.flatMap(
        promised(() => client.create({ model, input: "Hi", stream: true })),
        eventsOf
      )
      assert.deepStrictEqual(events.map((event) => event.event_type), [
        "interaction.created",
        "step.start",
        "step.delta",
        "step.delta",
        "step.stop",
        "interaction.completed"
      ])
      assert.strictEqual(textOf(events), "It is raining.")
      const ids = events.flatMap((event) => "interaction" in event ? [event.interaction.id] : [])
      assert.strictEqual(new Set(ids).size, 1)
      const read = yield* promised(() => client.get(ids[0]!))
      assert.strictEqual(read.output_text, "It is raining.")
      yield* assertSound(1)
    }))

  it.live("given a function, when the model calls it, then its result goes on from the call", () =>
    Effect.gen(function*() {
      const { assertSound, model, strata, vendor } = yield* TranslatingStrata.make(
        "openai",
        ({ bodyText }) =>
          bodyText.includes("\"tool_call_id\"") ? completion({ content: "Rain." }) : completion(call, "tool_calls")
      )
      const client = clientOf(strata.url)
      const first = yield* promised(() => client.create({ model, input: "Weather in Oslo?", tools }))
      assert.strictEqual(first.status, "requires_action")
      const [step] = first.steps ?? []
      assert.deepStrictEqual<unknown>(step, {
        type: "function_call",
        id: "call_1",
        name: "get_weather",
        arguments: { city: "Oslo" }
      })
      const second = yield* promised(() =>
        client.create({
          model,
          tools,
          previous_interaction_id: first.id,
          input: [{ type: "function_result", call_id: "call_1", name: "get_weather", result: "rain" }]
        })
      )
      assert.strictEqual(second.output_text, "Rain.")
      const asked = vendor.received.at(-1)!.body as { readonly messages: ReadonlyArray<Schema.JsonObject> }
      assert.deepStrictEqual(asked.messages.map(({ role }) => role), ["user", "assistant", "tool"])
      yield* assertSound(2)
    }))

  it.live("given refusals, when they are met, then they are the client's own errors", () =>
    Effect.gen(function*() {
      const { model, strata } = yield* TranslatingStrata.make(
        "openai",
        () =>
          ScriptedAnswer.json(429, {
            error: { message: "Slow down.", type: "rate_limit_error", code: null, param: null }
          })
      )
      const client = clientOf(strata.url)
      const errorOf = (ask: () => PromiseLike<unknown>) =>
        Effect.map(refusal(ask), ({ message, name, status }) => ({ name, status, message }))
      const limited = yield* errorOf(() => client.create({ model, input: "Hi" }, once))
      assert.deepInclude(limited, { name: "RateLimitError", status: 429 })
      assert.include(limited.message, "Slow down.")
      const unknown = yield* errorOf(() => client.create({ model: "nobody/m", input: "Hi" }, once))
      assert.deepInclude(unknown, { name: "NotFoundError", status: 404 })
      const background = yield* errorOf(() =>
        client.create({ model, input: "Hi", background: true, store: false }, once)
      )
      assert.deepInclude(background, { name: "BadRequestError", status: 400 })
      assert.include(background.message, "store")
      const lost = yield* errorOf(() => client.create({ model, input: "Hi", previous_interaction_id: "int_no" }, once))
      assert.deepInclude(lost, { name: "NotFoundError", status: 404 })
      const cancelled = yield* errorOf(() => client.cancel("int_no"))
      assert.strictEqual(cancelled.status, 404)
      const body = yield* Effect.promise(() =>
        fetch(`${strata.url}/v1/interactions/int_no`).then((response) => response.json())
      )
      assert.deepInclude((body as { readonly error: object }).error, { code: "not_found" })
    }))

  it.live("given a client that leaves a stream, when it has gone, then the vendor is left and nothing is kept", () =>
    Effect.gen(function*() {
      const { model, strata, vendor } = yield* TranslatingStrata.make(
        "openai",
        () => frames([chunk({ role: "assistant", content: "It" })], { hold: true })
      )
      const stream = yield* promised(() => clientOf(strata.url).create({ model, input: "Hi", stream: true }))
      yield* Stream.fromAsyncIterable(stream, (cause) => new Cause.UnknownError(cause)).pipe(
        Stream.filter((event) => event.event_type === "step.delta"),
        Stream.take(1),
        Stream.runDrain
      )
      yield* vendor.awaitAborted(1)
      yield* strata.awaitEvents({ types: ["api:error"] })
      assert.isEmpty(yield* strata.events({ types: ["interaction:*"] }))
    }))
})
