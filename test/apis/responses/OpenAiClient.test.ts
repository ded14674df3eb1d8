/** OpenAI's own client walks the API of responses. */
// @effect-diagnostics asyncFunction:off
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { APIUserAbortError, BadRequestError, NotFoundError, RateLimitError } from "openai"
import type OpenAI from "openai"
import { Chat } from "../../support/Chat.ts"
import * as OpenResponses from "../../support/OpenResponses.ts"
import * as World from "../../support/ResponsesWorld.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Sdk } from "../../support/Sdk.ts"
import { ways } from "../../support/StrataBehindStrata.ts"

const model = "upstream/m"
const tools: Array<OpenAI.Responses.Tool> = [
  { type: "function", name: "echo", parameters: { type: "object" }, strict: false }
]

const given = Effect.fnUntraced(function*(options: World.Options = {}) {
  const world = yield* World.given(options)
  return { ...world, client: Sdk.make(world.strata.url) }
})

describe.each(ways)("OpenAI's client, before $way", ({ it }) => {
  it.live("creates, streams, retrieves, lists items and deletes", () =>
    Effect.gen(function*() {
      const { client } = yield* given()
      yield* Effect.promise(async () => {
        const first = await client.responses.create({ model, input: "hello" })
        assert.strictEqual(first.output_text, "You said hello")
        const stream = client.responses.stream({ model, input: "and now?", previous_response_id: first.id })
        const types: Array<string> = []
        stream.on("event", (event) => {
          types.push(event.type)
          OpenResponses.checkEvent(event)
        })
        const second = await stream.finalResponse()
        assert.strictEqual(second.output_text, "You said and now?")
        assert.include(types, "response.output_text.delta")
        const kept = await client.responses.retrieve(second.id)
        assert.deepStrictEqual([kept.output_text, kept.output[0]?.id], [second.output_text, second.output[0]?.id])
        const items: Array<unknown> = []
        for await (const item of client.responses.inputItems.list(second.id, { limit: 1, order: "asc" })) {
          items.push(item)
        }
        assert.deepStrictEqual(items.map((item) => (item as { readonly role: string }).role), [
          "user",
          "assistant",
          "user"
        ])
        const again: Array<string> = []
        for await (const event of await client.responses.retrieve(second.id, { stream: true, starting_after: 2 })) {
          again.push(event.type)
          assert.isAbove(event.sequence_number, 2)
        }
        assert.strictEqual(again.at(-1), "response.completed")
        await client.responses.delete(second.id)
        const gone = await client.responses.retrieve(second.id).catch((error: unknown) => error)
        assert.instanceOf(gone, NotFoundError)
      })
    }).pipe(Effect.scoped))

  it.live("goes round with a function, and parses what is structured", () =>
    Effect.gen(function*() {
      const { client } = yield* given()
      yield* Effect.promise(async () => {
        const first = await client.responses.create({ model, input: "call echo 1", tools })
        const [call] = first.output
        assert.strictEqual(call?.type, "function_call")
        const second = await client.responses.create({
          model,
          input: [
            { role: "user", content: "call echo 1" },
            ...first.output as unknown as Array<OpenAI.Responses.ResponseInputItem>,
            { type: "function_call_output", call_id: (call as { readonly call_id: string }).call_id, output: "sunny" }
          ],
          tools,
          store: false
        })
        assert.strictEqual(second.output_text, "Tools said sunny")
        const counted = await client.responses.inputTokens.count({ model, input: "hello" })
        assert.isAbove(counted.input_tokens, 0)
        const compacted = await client.responses.compact({
          model,
          previous_response_id: first.id,
          input: [
            { type: "function_call_output", call_id: (call as { readonly call_id: string }).call_id, output: "sunny" }
          ]
        } as never)
        assert.strictEqual(compacted.object, "response.compaction")
        const next = await client.responses.create({
          model,
          input: [...compacted.output as unknown as Array<OpenAI.Responses.ResponseInputItem>, {
            role: "user",
            content: "hello"
          }]
        })
        assert.strictEqual(next.output_text, "You said hello")
      })
    }).pipe(Effect.scoped))

  it.live("makes responses in the background, streams them, and cancels them", () =>
    Effect.gen(function*() {
      const { client } = yield* given({ model: Chat.answering(["one ", "two ", "three "], "100 millis") })
      yield* Effect.promise(async () => {
        const queued = await client.responses.create({ model, input: "hello", background: true })
        assert.strictEqual(queued.status, "queued")
        const seen: Array<number> = []
        for await (const event of await client.responses.retrieve(queued.id, { stream: true })) {
          seen.push(event.sequence_number)
        }
        assert.deepStrictEqual(seen, seen.map((_, index) => index))
        const done = await client.responses.retrieve(queued.id)
        assert.strictEqual(done.status, "completed")
        const other = await client.responses.create({ model, input: "hello", background: true })
        const cancelled = await client.responses.cancel(other.id)
        assert.strictEqual(cancelled.status, "cancelled")
        const events: Array<string> = []
        const streamed = await client.responses.create({ model, input: "hello", background: true, stream: true })
        for await (const event of streamed) events.push(event.type)
        assert.deepStrictEqual([events[0], events[1], events.at(-1)], [
          "response.created",
          "response.queued",
          "response.completed"
        ])
      })
    }).pipe(Effect.scoped), 20_000)

  it.live("gets errors as its own classes, and may leave", () =>
    Effect.gen(function*() {
      const { client, upstream } = yield* given({
        model: (request) =>
          JSON.stringify(request.body ?? {}).includes("slow")
            ? Chat.answering(["a", "b", "c", "d"], "2 seconds")(request)
            : request.method === "POST"
            ? ScriptedAnswer.error(429, "Slow down.", "rate_limit_exceeded", "requests")
            : undefined
      })
      yield* Effect.promise(async () => {
        const limited = await client.responses.create({ model, input: "hello" }).catch((error: unknown) => error)
        assert.instanceOf(limited, RateLimitError)
        const streamed = await client.responses.create({ model, input: "hello", stream: true }).catch((
          error: unknown
        ) => error)
        assert.instanceOf(streamed, RateLimitError)
        const unknown = await client.responses.create({ model: "nobody/none", input: "hello" }).catch((
          error: unknown
        ) => error)
        assert.instanceOf(unknown, NotFoundError)
        const bad = await client.responses.create({ model, input: "x", metadata: { a: "b".repeat(600) } }).catch((
          error: unknown
        ) => error)
        assert.instanceOf(bad, BadRequestError)
        assert.strictEqual((bad as BadRequestError).param, "metadata.a")
        const controller = new AbortController()
        const leaving = client.responses.create({ model, input: "slow" }, { signal: controller.signal }).catch((
          error: unknown
        ) => error)
        await World.arrival(upstream, "slow")
        controller.abort()
        assert.instanceOf(await leaving, APIUserAbortError)
      })
      yield* upstream.awaitAborted(1)
    }).pipe(Effect.scoped), 20_000)
})
