/** Anthropic's message batches, asked over a client that answers as its public document has it. */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import * as AnthropicBatches from "../../../src/kernel/batches/AnthropicBatches.ts"
import * as FakeVendor from "../../support/FakeVendor.ts"
import * as PublicDocuments from "../../support/PublicDocuments.ts"

const counts = { processing: 0, succeeded: 0, errored: 0, canceled: 0, expired: 0 }

const batch = (id: string, more: object = {}) =>
  PublicDocuments.held("anthropic", "MessageBatch", {
    id,
    type: "message_batch",
    processing_status: "ended",
    request_counts: { ...counts, succeeded: 2 },
    created_at: "2026-11-27T06:00:00Z",
    expires_at: "2026-11-28T06:00:00Z",
    ended_at: null,
    cancel_initiated_at: null,
    archived_at: null,
    results_url: null,
    ...more
  })

/** Its paths are behind an address. */
const at = HttpClient.mapRequest(HttpClientRequest.prependUrl("http://vendor.test"))

const batchesOf = (answer: (request: HttpClientRequest.HttpClientRequest) => FakeVendor.Answer) =>
  AnthropicBatches.make({ provider: "p", client: at(FakeVendor.make(answer)) })

const wanted = {
  batch: "msgbatch_ours",
  prefix: "strata_1_",
  total: 2,
  since: DateTime.makeUnsafe("2026-11-27T06:00:00Z").epochMilliseconds / 1000
}

const among = (listed: ReadonlyArray<object>, results: Readonly<Record<string, string>> = {}) =>
  batchesOf(({ url }) => {
    const [, id = ""] = /\/batches\/([^/]+)\/results/.exec(url) ?? []
    return id === ""
      ? FakeVendor.json({ data: listed, has_more: false, first_id: null, last_id: null })
      : new Response(`${JSON.stringify({ custom_id: results[id] ?? "other", result: { type: "canceled" } })}\n`)
  })

describe("AnthropicBatches", () => {
  it.effect("are known by the ids of their lines, once they have ended", () =>
    Effect.gen(function*() {
      const open = batch("b1", { processing_status: "in_progress", request_counts: { ...counts, processing: 2 } })
      assert.deepStrictEqual(yield* among([open, batch("b2")]).find(wanted), { batch: null, unsure: true })
      assert.deepNestedInclude(yield* among([open, batch("b2")], { b2: "strata_1_1" }).find(wanted), {
        "batch.id": "b2",
        unsure: false
      })
    }))

  it.effect("of another size, of another's lines, or of before are not them", () =>
    Effect.gen(function*() {
      const others = [
        batch("b1", { request_counts: { ...counts, succeeded: 3 } }),
        batch("b2"),
        batch("b3", { processing_status: "in_progress", created_at: "2026-11-26T06:00:00Z" })
      ]
      assert.deepStrictEqual(yield* among(others).find(wanted), { batch: null, unsure: false })
    }))

  it.effect("say at their end what became of their lines", () =>
    Effect.gen(function*() {
      const statusOf = (more: object) =>
        Effect.map(batchesOf(() => FakeVendor.json(batch("b", more))).retrieve("b"), ({ status }) => status)
      assert.strictEqual(yield* statusOf({}), "completed")
      assert.strictEqual(yield* statusOf({ processing_status: "canceling" }), "cancelling")
      assert.strictEqual(yield* statusOf({ processing_status: "in_progress" }), "in_progress")
      assert.strictEqual(yield* statusOf({ request_counts: { ...counts, expired: 1 } }), "expired")
      assert.strictEqual(yield* statusOf({ request_counts: { ...counts, canceled: 1, expired: 1 } }), "cancelled")
    }))
})
