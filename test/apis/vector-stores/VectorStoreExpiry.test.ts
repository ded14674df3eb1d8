/** What has expired keeps no chunks, and a server that is killed in the middle goes on. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { VectorIoFailure } from "../../../src/apis/vector-io/VectorIo.ts"
import * as VectorStoreExpiry from "../../../src/apis/vector-stores/VectorStoreExpiry.ts"
import * as VectorStoreRecords from "../../../src/apis/vector-stores/VectorStoreRecords.ts"
import * as Events from "../../../src/apis/vector-stores/VectorStoresEvents.ts"
import * as Documents from "../../../src/kernel/documents/Documents.ts"
import { VectorIndexFailed } from "../../../src/kernel/vectors/VectorIndexFailed.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"

const given = Effect.fnUntraced(function*(stores: Readonly<Record<string, number | null>>) {
  const records = yield* VectorStoreRecords.make
  for (const [id, days] of Object.entries(stores)) {
    const store = {
      id,
      name: id,
      created_at: 0,
      metadata: {},
      expires_after: days === null ? null : { anchor: "last_active_at" as const, days },
      last_active_at: 0,
      provider_id: "vectors",
      embedding_model: "m",
      embedding_dimension: null
    }
    const made = Documents.draft(Events.Created, { ...store, owner: null })
    yield* records.stores.createNamed(id, () => Effect.map(made, (event) => [event]))
  }
  const dropped: Array<string> = []
  const stopped: Array<object> = []
  let fails: Effect.Effect<void, VectorIoFailure> = Effect.void
  const sweep = yield* VectorStoreExpiry.make({
    records,
    attachments: {
      forEach: (where) => Effect.sync(() => void stopped.push(where))
    },
    files: { stop: () => Effect.void },
    index: {
      drop: ({ collection }) => Effect.andThen(fails, Effect.sync(() => void dropped.push(collection)))
    }
  })
  const answerOf = (id: string) => Effect.flatMap(records.stores.get(id), ({ value }) => records.withCounts(value))
  return {
    sweep,
    dropped,
    stopped,
    records,
    answerOf,
    failWith: (effect: Effect.Effect<void, VectorIoFailure>) => void (fails = effect)
  }
})

describe("vector stores that have expired", () => {
  it.effect("lose their chunks, once, and the others keep them", () =>
    Effect.gen(function*() {
      const { dropped, answerOf, stopped, sweep } = yield* given({ vs_day: 1, vs_week: 7, vs_ever: null })
      assert.strictEqual(yield* sweep, 0)
      yield* TestClock.adjust("25 hours")
      assert.strictEqual(yield* sweep, 1)
      assert.strictEqual(yield* sweep, 0)
      assert.deepStrictEqual(dropped, ["vs_day"])
      assert.deepStrictEqual(stopped, [{ store: "vs_day", status: "in_progress" }])
      assert.deepInclude(yield* answerOf("vs_day"), { status: "expired", usage_bytes: 0 })
      assert.strictEqual((yield* answerOf("vs_week")).status, "completed")
      yield* TestClock.adjust("365 days")
      assert.strictEqual(yield* sweep, 1)
      assert.deepStrictEqual(dropped, ["vs_day", "vs_week"])
      assert.deepStrictEqual(
        (yield* MemoryHub.events({ types: [Events.Expired.type] })).map(({ stream }) => stream),
        ["vs_day", "vs_day", "vs_week", "vs_week"].map((id) => `vector_store/${id}`)
      )
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("whose index can't be reached, or whose server was killed, lose them the next time", () =>
    Effect.gen(function*() {
      const { dropped, failWith, records, answerOf, sweep } = yield* given({ vs_day: 1 })
      yield* TestClock.adjust("25 hours")
      failWith(Effect.fail(new VectorIndexFailed({ provider: "vectors", reason: "unreachable", detail: "down" })))
      assert.strictEqual(yield* sweep, 0)
      assert.strictEqual((yield* answerOf("vs_day")).status, "expired")
      const refused = yield* Effect.flip(records.inUse("vs_day"))
      assert.include(refused, { _tag: "DocumentConflict", code: "vector_store_expired" })
      failWith(Effect.void)
      assert.strictEqual(yield* sweep, 1)
      assert.deepStrictEqual(dropped, ["vs_day"])
    }).pipe(Effect.provide(MemoryHub.layer)))
})
