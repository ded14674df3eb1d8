/** Batches that vendors do: clients of OpenAI and of Anthropic ask for them, and what came of each line is recorded. */
// @effect-diagnostics asyncFunction:off
import Anthropic from "@anthropic-ai/sdk"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { setTimeout } from "node:timers/promises"
import OpenAI, { toFile } from "openai"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import * as World from "../../support/BatchWorld.ts"
import type { Behaviour } from "../../support/FakeBatchVendors.ts"
import * as FakeBatchVendors from "../../support/FakeBatchVendors.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Strata } from "../../support/Strata.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"
import * as Vendors from "../../support/Vendors.ts"

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

const message = (content: string) => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude",
  content: [{ type: "text", text: content, citations: null }],
  stop_reason: "end_turn",
  stop_sequence: null,
  stop_details: null,
  container: null,
  usage: {
    input_tokens: 3,
    output_tokens: 2,
    cache_creation: null,
    cache_creation_input_tokens: null,
    cache_read_input_tokens: null,
    inference_geo: null,
    output_tokens_details: null,
    server_tool_use: null,
    service_tier: null
  }
})

describe("Anthropic's client, of a provider whose vendor does batches", () => {
  it.live(
    "has them made once, also where the answer of their making is lost, with results under its own ids",
    () =>
      Effect.gen(function*() {
        let lost = 0
        const vendor = FakeBatchVendors.anthropic({
          answer: (body) =>
            contentOf(body) === "bad"
              ? {
                status: 400,
                body: { type: "error", error: { type: "invalid_request_error", message: "Not so." }, request_id: null }
              }
              : { status: 200, body: message(`re: ${contentOf(body)}`) }
        })
        const claude = yield* FakeUpstream.make({
          respond: (request) => {
            const answered = vendor.respond(request)
            return request.method === "POST" && request.path === "/v1/messages/batches" && lost++ === 0
              ? { _tag: "Frames", frames: [{ text: "{" }], destroyAfter: 0 }
              : answered
          }
        })
        const strata = yield* Strata.make({
          level: "raw",
          providers: [Vendors.entry("anthropic", claude)],
          work
        })
        const id = yield* Effect.promise(async () => {
          const { batches } = new Anthropic({ baseURL: strata.url, apiKey: "key", maxRetries: 0 }).messages
          const request = (custom_id: string) => ({
            custom_id,
            params: {
              model: "anthropic/m",
              max_tokens: 50,
              messages: [{ role: "user" as const, content: custom_id }]
            }
          })
          const params = { provider_id: "anthropic", requests: [request("good"), request("bad")] }
          const made = await batches.create(params)
          let batch = made
          while (batch.processing_status !== "ended") {
            // Whether it is ours, the vendor says once it has ended.
            for (const each of vendor.made) each.status = "ended"
            await setTimeout(50)
            batch = await batches.retrieve(made.id)
          }
          assert.deepInclude(batch.request_counts, { succeeded: 1, errored: 1 })
          const results = new Map<string, Anthropic.Messages.MessageBatchResult>()
          for await (const { custom_id, result } of await batches.results(made.id)) results.set(custom_id, result)
          assert.deepStrictEqual(results.get("good") as unknown, { type: "succeeded", message: message("re: good") })
          assert.deepNestedInclude(results.get("bad"), { type: "errored", "error.error.message": "Not so." })
          return made.id
        })
        assert.strictEqual(vendor.made.length, 1)
        const asked = claude.received.length
        const report = (yield* World.clientAt(strata.url).verify(id)) as object
        assert.deepInclude(report, { status: "identical", skipped: [] }, JSON.stringify(report))
        assert.strictEqual(claude.received.length, asked)
      }).pipe(Effect.scoped),
    30_000
  )
})
