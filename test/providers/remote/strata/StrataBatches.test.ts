/** A batch that another Strata does for this one: its lines are recorded on both sides, and verified on both. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { field, listOf } from "../../../../src/events/types/JsonAccess.ts"
import * as World from "../../../support/BatchWorld.ts"

const work = { min_vendor_batch_poll_seconds: 1, max_vendor_batch_poll_seconds: 1 }

describe("remote::strata, asked for a batch", () => {
  it.live("has the other server do it, and gives each line its answer", () =>
    Effect.gen(function*() {
      const back = yield* World.given({ work })
      const far = { provider_id: "far", provider_type: "remote::strata", config: { base_url: back.strata.url } }
      const front = yield* World.given({ work, providers: [far] })
      const created = yield* front.create([World.line("a"), World.line("b")], { provider_id: "far" })
      const id = String(field(created.json, "id"))
      const { json } = yield* front.awaitStatus(id, "completed")
      assert.deepStrictEqual(field(json, "request_counts"), { total: 2, completed: 2, failed: 0 })
      const output = yield* front.content(field(json, "output_file_id"))
      assert.deepStrictEqual(output.map((line) => field(line, "custom_id")).toSorted(), ["a", "b"])
      const [behind, ...others] = listOf(field((yield* back.get("/v1/batches")).json, "data"))
      assert.deepStrictEqual(others, [])
      assert.strictEqual(field(json, "vendor_batch_id"), field(behind, "id"))
      assert.strictEqual(back.upstream.received.length, 2)
      assert.deepInclude((yield* front.verify(id)) as object, { status: "identical", skipped: [] })
      assert.deepInclude((yield* back.verify(String(field(behind, "id")))) as object, {
        status: "identical",
        requests: 2,
        skipped: []
      })
      assert.strictEqual(back.upstream.received.length, 2)
    }).pipe(Effect.scoped), 60_000)
})
