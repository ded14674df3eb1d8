/** Batches that vendors do: a client of OpenAI asks for them, and what came of each line is recorded. */
// @effect-diagnostics asyncFunction:off
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { setTimeout } from "node:timers/promises"
import OpenAI, { toFile } from "openai"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import * as World from "../../support/BatchWorld.ts"
import type { Behaviour } from "../../support/FakeBatchVendors.ts"
import * as FakeBatchVendors from "../../support/FakeBatchVendors.ts"
import { Strata } from "../../support/Strata.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const work = { min_vendor_batch_poll_seconds: 1, max_vendor_batch_poll_seconds: 1 }

const usage = { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 }

const completion = (content: string) => ({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
  usage
})

const contentOf = (body: unknown) => String(field(listOf(field(body, "messages"))[0], "content"))

const answer: Behaviour["answer"] = (body) =>
  contentOf(body) === "bad"
    ? { status: 400, body: { error: { message: "Not so.", type: "invalid_request_error", param: null, code: null } } }
    : { status: 200, body: completion(`re: ${contentOf(body)}`) }

const given = Effect.fnUntraced(function*(behaviour: Partial<Behaviour> = {}, options: World.Options = {}) {
  const vendor = FakeBatchVendors.openAi({ answer, ...behaviour })
  const world = yield* World.given({ model: vendor.respond, work, ...options })
  return { ...world, vendor }
})

const contentIn = (line: unknown) =>
  field(field(listOf(field(field(field(line, "response"), "body"), "choices"))[0], "message"), "content")

const idOf = ({ json }: { readonly json: unknown }) => String(field(json, "id"))

describe("OpenAI's client, of a provider whose vendor does batches", () => {
  it.live(
    "has the vendor's batch made once, and its answers with its own ids, recorded and verified",
    () =>
      Effect.gen(function*() {
        const { strata, upstream, vendor, verify } = yield* given()
        const id = yield* Effect.promise(async () => {
          const client = new OpenAI({ baseURL: `${strata.url}/v1`, apiKey: "key", maxRetries: 0 })
          const text = World.linesOf([World.line("a"), World.line("b", "bad"), World.line("c")])
          const file = await client.files.create({
            file: await toFile(Buffer.from(text), "in.jsonl"),
            purpose: "batch"
          })
          const params = { input_file_id: file.id, endpoint: "/v1/chat/completions", completion_window: "24h" } as const
          const made = await client.batches.create(Object.assign({ provider_id: "upstream" }, params))
          let batch = made
          while (batch.status !== "completed") {
            await setTimeout(50)
            batch = await client.batches.retrieve(made.id)
            assert.notStrictEqual(batch.status, "failed", JSON.stringify(batch.errors))
          }
          assert.deepStrictEqual(batch.request_counts, { total: 3, completed: 2, failed: 1 })
          assert.deepInclude(batch as object, {
            provider_id: "upstream",
            vendor_batch_id: "batch_vendor_1",
            model: "m"
          })
          assert.deepInclude(batch.usage, { input_tokens: 14, output_tokens: 4 })
          const output = World.objectsOf({ text: await (await client.files.content(batch.output_file_id!)).text() })
          assert.deepStrictEqual(
            output.map((line) => [
              field(line, "custom_id"),
              contentIn(line)
            ]).sort(),
            [["a", "re: a"], ["c", "re: c"]]
          )
          const errors = World.objectsOf({ text: await (await client.files.content(batch.error_file_id!)).text() })
          assert.deepStrictEqual(
            errors.map((line) => [field(line, "custom_id"), field(field(line, "response"), "status_code")]),
            [["b", 400]]
          )
          return made.id
        })
        assert.strictEqual(vendor.made.length, 1)
        assert.deepStrictEqual(field(vendor.made[0]!.given, "metadata"), { strata_batch_id: id })
        // As the vendor calls its model.
        assert.deepStrictEqual(vendor.made[0]!.lines.map((line) => field(field(line, "body"), "model")), [
          "m",
          "m",
          "m"
        ])
        const asked = upstream.received.length
        const lines = yield* strata.events({ sessionId: id, types: ["llm:response"] })
        assert.deepStrictEqual(
          lines.map(({ payload }) => [field(JSON.parse(payload), "provider"), field(JSON.parse(payload), "model")]),
          [["upstream", "m"], ["upstream", "m"]]
        )
        const calls = yield* strata.events({ sessionId: id, types: ["vendor_batch:request"] })
        assert.includeMembers(calls.map(({ payload }) => field(JSON.parse(payload), "operation")), [
          "submit",
          "retrieve",
          "results"
        ])
        const report = yield* verify(id)
        assert.deepInclude(report as object, { status: "identical", skipped: [] }, JSON.stringify(report))
        assert.isAbove(Number(field(report, "requests")), 5)
        assert.strictEqual(upstream.received.length, asked)
      }).pipe(Effect.scoped),
    30_000
  )
})

const providedBy = { provider_id: "upstream" }

describe("a vendor's batch", () => {
  it.live(
    "is not made twice where the answer of its making is lost, and is found by what the vendor was told",
    () =>
      Effect.gen(function*() {
        let lost = 0
        const vendor: ReturnType<typeof FakeBatchVendors.openAi> = FakeBatchVendors.openAi({ answer })
        const model: World.Options["model"] = (request) => {
          const answered = vendor.respond(request)
          return request.method === "POST" && request.path === "/v1/batches" && lost++ === 0
            ? { _tag: "Frames", frames: [{ text: "{" }], destroyAfter: 0 }
            : answered
        }
        const { awaitStatus, create, upstream, verify } = yield* World.given({ model, work })
        const id = idOf(yield* create([World.line("a"), World.line("b")], providedBy))
        const { json } = yield* awaitStatus(id, "completed")
        assert.deepInclude(json as object, { request_counts: { total: 2, completed: 2, failed: 0 } })
        assert.strictEqual(vendor.made.length, 1)
        assert.strictEqual(upstream.received.filter(({ path }) => path.startsWith("/v1/batches?")).length, 1)
        assert.deepInclude((yield* verify(id)) as object, { status: "identical", skipped: [] })
      }).pipe(Effect.scoped),
    30_000
  )

  it.live("is gone on with by the next server, which asks for it and sends nothing", () =>
    Effect.gen(function*() {
      let isOver = false
      const vendor = FakeBatchVendors.openAi({ answer, isOver: () => isOver })
      const folder = yield* TemporaryFolder.make
      const before = yield* World.given({ model: vendor.respond, work, folder })
      const id = idOf(yield* before.create([World.line("a")], providedBy))
      yield* before.awaitThat(`/v1/batches/${id}`, (batch) => field(batch, "vendor_batch_id") !== undefined)
      yield* before.strata.close
      isOver = true
      const providers = [Strata.openAi(before.upstream, { models: ["m"] })]
      const strata = yield* Strata.make({ providers, more: { files: World.files }, work, folder })
      const { json } = yield* World.clientAt(strata.url).awaitStatus(id, "completed")
      assert.deepInclude(json as object, { vendor_batch_id: "batch_vendor_1" })
      assert.strictEqual(vendor.made.length, 1)
      const waited = yield* strata.events({ types: ["work:paused"] })
      assert.isNotEmpty(waited)
    }).pipe(Effect.scoped), 60_000)

  it.live("is cancelled at the vendor, and keeps the answers there are", () =>
    Effect.gen(function*() {
      const first: Behaviour["answer"] = (body, line) => line === 0 ? answer(body, line) : undefined
      const { awaitStatus, awaitThat, content, create, post, upstream } = yield* given({
        answer: first,
        isOver: () => false
      })
      const id = idOf(yield* create([World.line("a"), World.line("b")], providedBy))
      yield* awaitThat(`/v1/batches/${id}`, (batch) => field(batch, "vendor_batch_id") !== undefined)
      const cancelled = yield* post(`/v1/batches/${id}/cancel`, {})
      assert.include(["cancelling", "cancelled"], field(cancelled.json, "status"))
      assert.isTrue(upstream.received.some(({ path }) => path === "/v1/batches/batch_vendor_1/cancel"))
      const { json } = yield* awaitStatus(id, "cancelled")
      assert.deepStrictEqual(field(json, "request_counts"), { total: 2, completed: 1, failed: 0 })
      const output = yield* content(field(json, "output_file_id"))
      assert.deepStrictEqual(output.map((line) => field(line, "custom_id")), ["a"])
      const errors = yield* content(field(json, "error_file_id"))
      assert.deepStrictEqual(
        errors.map((line) => [field(line, "custom_id"), field(field(line, "error"), "code")]),
        [["b", "batch_cancelled"]]
      )
    }).pipe(Effect.scoped), 60_000)

  it.live("is cancelled at the vendor where its time is over, and expires", () =>
    Effect.gen(function*() {
      const { awaitStatus, create, upstream } = yield* given({ answer: () => undefined, isOver: () => false })
      const id = idOf(yield* create([World.line("a")], { ...providedBy, completion_window: "1s" }))
      const { json } = yield* awaitStatus(id, "expired")
      assert.isTrue(upstream.received.some(({ path }) => path === "/v1/batches/batch_vendor_1/cancel"))
      assert.deepStrictEqual(field(json, "request_counts"), { total: 1, completed: 0, failed: 0 })
    }).pipe(Effect.scoped), 30_000)

  it.live(
    "of embeddings has vectors and refusals as the vendor gives them, and is verified",
    () =>
      Effect.gen(function*() {
        const vectors = {
          object: "list",
          data: [{ object: "embedding", index: 0, embedding: [0.25, -1] }],
          model: "m",
          usage: { prompt_tokens: 2, total_tokens: 2 }
        }
        const { awaitStatus, content, create, strata, verify } = yield* given({
          answer: (body) =>
            field(body, "input") === "bad"
              ? { status: 429, body: { error: { message: "Slow.", type: "rate_limit", param: null, code: null } } }
              : { status: 200, body: vectors }
        })
        const line = (input: string) => ({
          ...World.line(input),
          url: "/v1/embeddings",
          body: { model: "upstream/m", input }
        })
        const id = idOf(yield* create([line("good"), line("bad")], { ...providedBy, endpoint: "/v1/embeddings" }))
        const { json } = yield* awaitStatus(id, "completed")
        const [good] = yield* content(field(json, "output_file_id"))
        const [first] = listOf(field(field(field(good, "response"), "body"), "data"))
        assert.deepStrictEqual(field(first, "embedding"), [0.25, -1])
        const [bad] = yield* content(field(json, "error_file_id"))
        assert.strictEqual(field(field(bad, "response"), "status_code"), 429)
        assert.lengthOf(yield* strata.events({ sessionId: id, types: ["embedding:response"] }), 1)
        assert.deepInclude((yield* verify(id)) as object, { status: "identical", skipped: [] })
      }).pipe(Effect.scoped),
    30_000
  )

  it.live(
    "that the vendor does not take fails with its words, and with the lines of the input",
    () =>
      Effect.gen(function*() {
        const refuses = [{ code: "invalid_json", message: "Not so.", line: 2, param: null }]
        const { awaitStatus, create } = yield* given({ refuses })
        const id = idOf(yield* create([World.line("a"), "", World.line("b")].map((each) => each), providedBy))
        const { json } = yield* awaitStatus(id, "failed")
        assert.deepStrictEqual(listOf(field(field(json, "errors"), "data")), [{ ...refuses[0], line: 3 }])
      }).pipe(Effect.scoped),
    30_000
  )

  it.live("of lines whose models are not the provider's fails before anything is sent", () =>
    Effect.gen(function*() {
      const { awaitStatus, create, upstream } = yield* given({}, {})
      const other = { ...World.line("b"), body: { model: "nobody/m", messages: [] } }
      const id = idOf(yield* create([World.line("a"), other], providedBy))
      const { json } = yield* awaitStatus(id, "failed")
      assert.deepStrictEqual(
        listOf(field(field(json, "errors"), "data")).map((error) => [field(error, "code"), field(error, "line")]),
        [["model_not_found", 2]]
      )
      assert.isEmpty(
        upstream.received.filter(({ method, path }) => method === "POST" && !path.startsWith("/v1/models"))
      )
    }).pipe(Effect.scoped), 30_000)

  it.live("is refused where no provider of the name has one, or not of the endpoint", () =>
    Effect.gen(function*() {
      const { create } = yield* given()
      const refusals = [
        [{ provider_id: "nobody" }, "nobody"],
        [{ ...providedBy, endpoint: "/v1/responses" }, "/v1/responses"]
      ] as const
      for (const [more, word] of refusals) {
        const { json, status } = yield* create([World.line("a")], more)
        assert.strictEqual(status, 400)
        assert.strictEqual(field(field(json, "error"), "param"), "provider_id")
        assert.include(String(field(field(json, "error"), "message")), word)
      }
    }).pipe(Effect.scoped), 30_000)
})
