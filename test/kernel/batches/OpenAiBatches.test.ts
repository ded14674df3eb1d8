/** OpenAI's batches, asked over a client that answers as its public document has it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import * as OpenAiBatches from "../../../src/kernel/batches/OpenAiBatches.ts"
import * as FakeVendor from "../../support/FakeVendor.ts"
import * as PublicDocuments from "../../support/PublicDocuments.ts"

const batch = (id: string, more: object = {}) =>
  PublicDocuments.held("openai", "Batch", {
    id,
    object: "batch",
    endpoint: "/v1/chat/completions",
    input_file_id: "file-1",
    completion_window: "24h",
    status: "in_progress",
    created_at: 10_000,
    ...more
  })

/** Its paths are behind an address. */
const at = HttpClient.mapRequest(HttpClientRequest.prependUrl("http://vendor.test"))

const batchesOf = (answer: (request: HttpClientRequest.HttpClientRequest) => FakeVendor.Answer) => {
  const client = FakeVendor.make(answer)
  return { client, batches: OpenAiBatches.make({ provider: "p", client: at(client) }, ["/v1/chat/completions"]) }
}

const wanted = { batch: "batch_ours", prefix: "strata_", total: 1, since: 10_000 }

const pathOf = ({ url }: HttpClientRequest.HttpClientRequest) => url.replace("http://vendor.test", "")

describe("OpenAiBatches", () => {
  it.effect("are found by what they carry, over pages, and looked for no longer than they can be there", () =>
    Effect.gen(function*() {
      const pages = (second: object) =>
        batchesOf(({ url }) =>
          FakeVendor.json(
            url.includes("after=")
              ? { object: "list", data: [batch("b2", second)], has_more: true }
              : { object: "list", data: [batch("b1")], has_more: true }
          )
        )
      const here = pages({ metadata: { strata_batch_id: "batch_ours" } })
      assert.deepNestedInclude(yield* here.batches.find(wanted), { "batch.id": "b2", unsure: false })
      assert.isTrue(pathOf(here.client.received[1]!).endsWith("after=b1"))
      const older = pages({ created_at: 1 })
      assert.deepStrictEqual(yield* older.batches.find(wanted), { batch: null, unsure: false })
      assert.strictEqual(older.client.received.length, 2)
    }))

  it.effect("have the status, the counts and the errors that the vendor says", () =>
    Effect.gen(function*() {
      const of = (more: object) => batchesOf(() => FakeVendor.json(batch("b", more))).batches.retrieve("b")
      for (const status of ["validating", "in_progress", "finalizing"]) {
        assert.strictEqual((yield* of({ status })).status, "in_progress")
      }
      for (const status of ["completed", "failed", "expired", "cancelling", "cancelled"] as const) {
        assert.strictEqual((yield* of({ status })).status, status)
      }
      const request_counts = { total: 3, completed: 2, failed: 1 }
      const data = [{ code: "c", message: "m", line: 2, param: null }]
      const all = yield* of({ status: "failed", request_counts, errors: { object: "list", data } })
      assert.deepInclude(all, { counts: { completed: 2, failed: 1 }, errors: data })
    }))

  it.effect("have answers of both files, without those of lines that the vendor did not come to", () =>
    Effect.gen(function*() {
      const line = (custom_id: string, more: object) =>
        JSON.stringify({ id: "l", custom_id, response: null, error: null, ...more })
      const files: Record<string, string> = {
        "/files/out/content": line("a", { response: { status_code: 200, request_id: "r", body: { x: 1 } } }),
        "/files/err/content": [
          line("b", { error: { code: "batch_expired", message: "Late." } }),
          line("c", { error: { code: "odd", message: "Why." } })
        ].join("\n")
      }
      const { batches } = batchesOf((request) => new Response(files[pathOf(request)]))
      const ended = {
        id: "b",
        status: "expired" as const,
        counts: { completed: 1, failed: 1 },
        output_file_id: "out",
        error_file_id: "err",
        errors: []
      }
      const [good, bad, ...rest] = yield* batches.results(ended)
      assert.deepStrictEqual(good, { custom_id: "a", status: 200, body: "{\"x\":1}" })
      assert.deepInclude(bad, { custom_id: "c", status: 500 })
      assert.include(bad?.body, "Why.")
      assert.deepStrictEqual(rest, [])
      assert.deepStrictEqual(yield* batches.results({ ...ended, output_file_id: null, error_file_id: null }), [])
    }))
})
