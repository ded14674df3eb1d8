/** OpenAI's client, and Llama Stack's, walk every endpoint of batches. */
// @effect-diagnostics asyncFunction:off
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { LlamaStackClient } from "llama-stack-client"
import { setTimeout } from "node:timers/promises"
import OpenAI, { ConflictError, toFile } from "openai"
import * as World from "../../support/BatchWorld.ts"
import type { ReceivedRequest } from "../../support/FakeUpstream.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { ways } from "../../support/StrataBehindStrata.ts"

const endpoint = "/v1/chat/completions"

const waiting = ({ method }: ReceivedRequest) => method === "POST" ? ScriptedAnswer.silent : undefined

const text = World.linesOf([World.line("a"), World.line("b")])

describe.each(ways)("OpenAI's client, before $way", ({ it }) => {
  it.live(
    "uploads, creates, retrieves, lists with its pages, reads the output and cancels",
    () =>
      Effect.gen(function*() {
        const { strata } = yield* World.given()
        yield* Effect.promise(async () => {
          const client = new OpenAI({ baseURL: `${strata.url}/v1`, apiKey: "key", maxRetries: 0 })
          const file = await client.files.create({
            file: await toFile(Buffer.from(text), "in.jsonl"),
            purpose: "batch"
          })
          const params = {
            input_file_id: file.id,
            endpoint: "/v1/chat/completions",
            completion_window: "24h",
            metadata: { topic: "client" }
          } as const
          const made = await client.batches.create(params)
          let batch = made
          while (batch.status !== "completed") {
            await setTimeout(20)
            batch = await client.batches.retrieve(made.id)
          }
          assert.deepStrictEqual(batch.request_counts, { total: 2, completed: 2, failed: 0 })
          assert.deepStrictEqual(batch.metadata, { topic: "client" })
          const output = await (await client.files.content(batch.output_file_id!)).text()
          assert.deepStrictEqual(
            World.objectsOf({ text: output }).map((line) => (line as { custom_id: string }).custom_id).sort(),
            ["a", "b"]
          )
          const second = await client.batches.create(params)
          const listed: Array<string> = []
          for await (const each of client.batches.list({ limit: 1 })) listed.push(each.id)
          assert.deepStrictEqual(listed, [second.id, made.id])
          const late = await client.batches.cancel(made.id).catch((error: unknown) => error)
          assert.instanceOf(late, ConflictError)
        })
      }).pipe(Effect.scoped),
    30_000
  )

  it.live("cancels a batch whose answers wait", () =>
    Effect.gen(function*() {
      const { strata, upload } = yield* World.given({ model: waiting })
      const input_file_id = yield* upload(text)
      yield* Effect.promise(async () => {
        const { batches } = new OpenAI({ baseURL: `${strata.url}/v1`, apiKey: "key", maxRetries: 0 })
        const { id } = await batches.create({ input_file_id, endpoint, completion_window: "24h" })
        assert.include(["cancelling", "cancelled"], (await batches.cancel(id)).status)
        while ((await batches.retrieve(id)).status !== "cancelled") await setTimeout(20)
      })
    }).pipe(Effect.scoped), 30_000)
})

describe.each(ways)("Llama Stack's client, before $way", ({ it }) => {
  it.live("creates with an idempotency key, retrieves, lists and cancels", () =>
    Effect.gen(function*() {
      const { strata, upload } = yield* World.given()
      const input_file_id = yield* upload(text)
      yield* Effect.promise(async () => {
        const client = new LlamaStackClient({ baseURL: strata.url, apiKey: "key", maxRetries: 0 })
        const params = {
          input_file_id,
          endpoint: "/v1/chat/completions",
          completion_window: "24h",
          idempotency_key: "once"
        } as const
        const made = await client.batches.create(params)
        assert.strictEqual((await client.batches.create(params)).id, made.id)
        const listed: Array<string> = []
        for await (const each of client.batches.list({ limit: 5 })) listed.push(each.id)
        assert.deepStrictEqual(listed, [made.id])
        let batch = await client.batches.retrieve(made.id)
        while (batch.status !== "completed") {
          await setTimeout(20)
          batch = await client.batches.retrieve(made.id)
        }
        const late = await client.batches.cancel(made.id).catch((error: unknown) => error)
        assert.deepInclude(late as object, { status: 409 })
      })
    }).pipe(Effect.scoped), 30_000)

  it.live("cancels a batch whose answers wait", () =>
    Effect.gen(function*() {
      const { strata, upload } = yield* World.given({ model: waiting })
      const input_file_id = yield* upload(text)
      yield* Effect.promise(async () => {
        const { batches } = new LlamaStackClient({ baseURL: strata.url, apiKey: "key", maxRetries: 0 })
        const { id } = await batches.create({ input_file_id, endpoint, completion_window: "24h" })
        assert.include(["cancelling", "cancelled"], (await batches.cancel(id)).status)
        while ((await batches.retrieve(id)).status !== "cancelled") await setTimeout(20)
      })
    }).pipe(Effect.scoped), 30_000)
})
