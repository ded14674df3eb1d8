/** A request of Strata's own runs again in a verification, with the ids it had. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as Bytes from "../../../src/kernel/bytes/Bytes.ts"
import { ProviderFailed } from "../../../src/kernel/http/ProviderErrors.ts"
import { RecordingOptions } from "../../../src/kernel/requests/RecordingOptions.ts"
import { CurrentReplayedRequest } from "../../../src/kernel/requests/ReplayedRequest.ts"
import * as RequestInput from "../../../src/kernel/requests/RequestInput.ts"
import { Requests } from "../../../src/kernel/requests/Requests.ts"
import { SystemHandlers } from "../../../src/kernel/system/SystemHandlers.ts"
import * as SystemOperations from "../../../src/kernel/system/SystemOperations.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"
import * as Sessions from "../../support/Sessions.ts"

const services = SystemHandlers.layer.pipe(
  Layer.provideMerge(Requests.layer),
  Layer.provideMerge(Sessions.layer),
  Layer.provideMerge(MemoryHub.layer),
  Layer.provide(
    Layer.succeed(RecordingOptions, { level: "raw", maxLevel: "raw", debugBytes: 2048, maxStreamBytes: 1_000_000 })
  )
)

const input = RequestInput.make(SystemOperations.VendorBatch, { payload: { action: "retrieve" } })
const failure = new ProviderFailed({ provider: "p", reason: "unreachable", detail: "away" })
const replayed = { requestId: "01970000-0000-7000-8000-000000000000", sessionId: "batch_1", principal: null }

describe("SystemHandlers", () => {
  it.effect("repeat what is registered, and nothing of what is not", () =>
    Effect.gen(function*() {
      const handlers = yield* SystemHandlers
      yield* handlers.repeat(input)
      assert.deepStrictEqual(yield* MemoryHub.events(), [])
      yield* handlers.register(SystemOperations.VendorBatch, (text) => Effect.succeed(Bytes.json(200, text)))
      yield* Effect.provideService(handlers.repeat(input), CurrentReplayedRequest, replayed)
      const events = yield* MemoryHub.events()
      assert.deepStrictEqual([...new Set(events.map(({ requestId }) => requestId))], [replayed.requestId])
      assert.includeMembers(events.map(({ type }) => type), ["api:request", "api:response"])
    }).pipe(Effect.provide(services)))

  it.effect("record a failure as it was", () =>
    Effect.gen(function*() {
      const handlers = yield* SystemHandlers
      yield* handlers.register(SystemOperations.VendorBatch, () => Effect.fail(failure))
      yield* Effect.provideService(handlers.repeat(input), CurrentReplayedRequest, replayed)
      assert.include((yield* MemoryHub.events()).map(({ type }) => type), "api:error")
    }).pipe(Effect.provide(services)))
})
