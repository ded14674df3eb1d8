/** Who changes something says by which request: the one it runs in, where there is one. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as Bytes from "../../../src/kernel/bytes/Bytes.ts"
import { RecordingOptions } from "../../../src/kernel/requests/RecordingOptions.ts"
import * as RequestInput from "../../../src/kernel/requests/RequestInput.ts"
import { Requests } from "../../../src/kernel/requests/Requests.ts"
import { changeOrigin } from "../../../src/kernel/system/ChangeOrigin.ts"
import * as SystemOperations from "../../../src/kernel/system/SystemOperations.ts"
import { SystemRequests } from "../../../src/kernel/system/SystemRequests.ts"
import * as InProcess from "../../support/InProcess.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"
import * as Sessions from "../../support/Sessions.ts"

const services = Layer.merge(SystemRequests.layer, Requests.layer).pipe(
  Layer.provideMerge(Sessions.layer),
  Layer.provideMerge(MemoryHub.layer),
  Layer.provide(
    Layer.succeed(RecordingOptions, { level: "default", maxLevel: "raw", debugBytes: 2048, maxStreamBytes: 1_000_000 })
  )
)

const firstRequest = Effect.map(MemoryHub.events({ types: ["api:request"] }), ([event]) => event!)

describe("changeOrigin", () => {
  it.effect("is nobody's outside of requests", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* changeOrigin, { requestId: null, causationId: null })
    }))

  it.effect("is a client's request, and its first event", () =>
    Effect.gen(function*() {
      let origin: unknown
      const changing = Effect.map(changeOrigin, (each) => {
        origin = each
        return Bytes.json(200, "{}")
      })
      const input = RequestInput.make(InProcess.operation("listModels"), { session: "s" })
      yield* Requests.use(({ run }) => run(input, changing))
      const { id, requestId } = yield* firstRequest
      assert.deepStrictEqual(origin, { requestId, causationId: id })
    }).pipe(Effect.provide(services)))

  it.effect("is the request of system, which is in the log from then on", () =>
    Effect.gen(function*() {
      const changing = Effect.gen(function*() {
        assert.deepStrictEqual(yield* MemoryHub.events(), [])
        const origin = yield* changeOrigin
        const { id, requestId } = yield* firstRequest
        assert.deepStrictEqual(origin, { requestId, causationId: id })
        assert.deepStrictEqual(yield* changeOrigin, origin)
        return { events: 0, bytes: 0 }
      })
      yield* SystemRequests.use(({ run }) => run(SystemOperations.Retention, {}, changing, (removed) => removed))
      assert.lengthOf(yield* MemoryHub.events(), 2)
    }).pipe(Effect.provide(services)))
})
