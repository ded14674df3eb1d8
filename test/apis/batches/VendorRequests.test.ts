/** What is asked of a vendor about a batch stands in the batch's session, also where the vendor can't be asked. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import { field } from "../../../src/events/types/JsonAccess.ts"
import * as World from "../../support/BatchWorld.ts"
import * as FakeBatchVendors from "../../support/FakeBatchVendors.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"

const work = { min_vendor_batch_poll_seconds: 1, max_vendor_batch_poll_seconds: 1 }

const completion = {
  id: "c",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello." }, finish_reason: "stop" }]
}

describe("requests to a vendor", () => {
  it.live(
    "that fails for a moment are made again, each recorded, and all of them run again the same",
    () =>
      Effect.gen(function*() {
        let failures = 2
        const vendor = FakeBatchVendors.openAi({
          answer: () => ({ status: 200, body: completion }),
          before: ({ path }) =>
            path === "/v1/batches/batch_vendor_1" && failures-- > 0 ? ScriptedAnswer.error(503, "Away.") : undefined
        })
        const { awaitStatus, create, strata, verify } = yield* World.given({ model: vendor.respond, work })
        const created = yield* create([World.line("a")], { provider_id: "upstream" })
        const id = String(field(created.json, "id"))
        yield* awaitStatus(id, "completed")
        const events = yield* strata.events({ sessionId: id })
        const statuses = events.filter(({ type }) => type === "vendor_batch:error").map((event) =>
          field(payloadOf(event), "status")
        )
        assert.deepStrictEqual(statuses, [503, 503])
        const asked = events.filter(({ type }) => type === "api:request").map((event) =>
          field(field(payloadOf(event), "payload"), "action")
        )
        assert.deepStrictEqual(asked.filter((action) => action !== undefined), [
          "submit",
          "retrieve",
          "retrieve",
          "retrieve",
          "results"
        ])
        assert.deepInclude((yield* verify(id)) as object, { status: "identical", requests: 6, skipped: [] })
      }).pipe(Effect.scoped),
    30_000
  )

  it.live("that the vendor refuses for good end the batch with its words", () =>
    Effect.gen(function*() {
      const vendor = FakeBatchVendors.openAi({
        answer: () => undefined,
        before: ({ path }) => path === "/v1/files" ? ScriptedAnswer.error(400, "Too many batches.") : undefined
      })
      const { awaitStatus, create } = yield* World.given({ model: vendor.respond, work })
      const created = yield* create([World.line("a")], { provider_id: "upstream" })
      const { text } = yield* awaitStatus(String(field(created.json, "id")), "failed")
      assert.include(text, "vendor_refused")
      assert.include(text, "Too many batches.")
    }).pipe(Effect.scoped), 30_000)
})
