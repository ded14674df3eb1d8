/** Message batches that Anthropic does: its client asks for them, and what came of each request is recorded. */
// @effect-diagnostics asyncFunction:off
import Anthropic from "@anthropic-ai/sdk"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { setTimeout } from "node:timers/promises"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import * as World from "../../support/BatchWorld.ts"
import * as FakeBatchVendors from "../../support/FakeBatchVendors.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Strata } from "../../support/Strata.ts"
import * as Vendors from "../../support/Vendors.ts"

const work = { min_vendor_batch_poll_seconds: 1, max_vendor_batch_poll_seconds: 1 }

const contentOf = (body: unknown) => String(field(listOf(field(body, "messages"))[0], "content"))

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
