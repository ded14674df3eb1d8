/** The log in memory. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { EventLog } from "../../../src/events/log/EventLog.ts"
import * as MemoryStore from "../../../src/events/memory/MemoryStore.ts"
import { draft } from "../../support/EventDrafts.ts"
import { storeContract } from "../../support/storeContract.ts"

storeContract({
  name: "MemoryStore",
  database: Effect.succeed({ open: (projections = []) => Layer.fresh(MemoryStore.layerOf(projections)) }),
  durable: false
})

describe("MemoryStore", () => {
  it.effect("is a log of its own each time it is built", () =>
    Effect.gen(function*() {
      const fill = Effect.gen(function*() {
        const log = yield* EventLog
        yield* log.commit([{ stream: "a", expectedVersion: "none", events: [draft()] }])
        return yield* log.head
      }).pipe(Effect.provide(Layer.fresh(MemoryStore.layer)))
      assert.strictEqual(yield* fill, 1)
      assert.strictEqual(yield* fill, 1)
    }))
})
