/** Calls about a vendor's batches that go over no wire: recorded with what was asked and answered. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as VendorBatchCalls from "../../../src/apis/inference/VendorBatchCalls.ts"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import type { VendorBatches } from "../../../src/kernel/batches/VendorBatch.ts"
import * as Bytes from "../../../src/kernel/bytes/Bytes.ts"
import { ProviderFailed } from "../../../src/kernel/http/ProviderErrors.ts"
import { RecordingOptions } from "../../../src/kernel/requests/RecordingOptions.ts"
import * as RequestInput from "../../../src/kernel/requests/RequestInput.ts"
import { Requests } from "../../../src/kernel/requests/Requests.ts"
import * as SystemOperations from "../../../src/kernel/system/SystemOperations.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"
import * as Sessions from "../../support/Sessions.ts"

const services = Requests.layer.pipe(
  Layer.provideMerge(Sessions.layer),
  Layer.provideMerge(MemoryHub.layer),
  Layer.provide(
    Layer.succeed(RecordingOptions, { level: "raw", maxLevel: "raw", debugBytes: 2048, maxStreamBytes: 1_000_000 })
  )
)

const batch = {
  id: "vendor_1",
  status: "in_progress" as const,
  counts: { completed: 0, failed: 0 },
  output_file_id: null,
  error_file_id: null,
  errors: []
}

const failure = new ProviderFailed({ provider: "p", reason: "unreachable", detail: "away" })

const own: VendorBatches = {
  endpoints: ["/v1/chat/completions"],
  submit: () => Effect.succeed(batch),
  find: () => Effect.succeed({ batch: null, unsure: false }),
  retrieve: () => Effect.succeed(batch),
  results: () => Effect.succeed([{ custom_id: "a", status: 200, body: "{}" }]),
  cancel: () => Effect.fail(failure)
}

const within = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.flatMap(Requests, ({ run }) =>
    run(
      RequestInput.make(SystemOperations.VendorBatch, { payload: {} }),
      Effect.map(effect, (value) => Bytes.json(200, JSON.stringify(value)))
    ))

const payloads = (type: string) =>
  Effect.map(MemoryHub.events(), (events) => events.filter((event) => event.type === type).map(payloadOf))

describe("VendorBatchCalls", () => {
  const { cancel, find, results, submit } = VendorBatchCalls.recorded("p", "batch_1", own)

  it.effect("give what the provider gives, and stand in the log", () =>
    Effect.gen(function*() {
      const lines = [{ custom_id: "a", body: "{}" }]
      yield* within(submit({ batch: "batch_1", endpoint: "/v1/chat/completions", lines, headers: {} }))
      yield* within(find({ batch: "batch_1", prefix: "a", total: 1, since: 0 }))
      const answer = yield* within(results(batch))
      assert.deepStrictEqual(JSON.parse(String(answer.body)), [{ custom_id: "a", status: 200, body: "{}" }])
      const [submitted, searched] = yield* payloads("vendor_batch:request")
      assert.deepInclude(submitted as object, {
        provider: "p",
        operation: "submit",
        batch_id: "batch_1",
        line_count: 1
      })
      assert.deepInclude(searched as object, { operation: "find", line_count: null })
      const [answered] = yield* payloads("vendor_batch:response")
      assert.deepInclude(answered as object, { vendor_id: "vendor_1", vendor_status: "in_progress" })
    }).pipe(Effect.provide(services)))

  it.effect("fail as the provider fails, and say so", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(within(cancel("vendor_1")))
      assert.deepInclude(error as object, { _tag: "ProviderFailed", reason: "unreachable" })
      const [failed] = yield* payloads("vendor_batch:error")
      assert.deepInclude(failed as object, { operation: "cancel" })
    }).pipe(Effect.provide(services)))
})
