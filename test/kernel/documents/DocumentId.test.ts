/** Ids of documents: the same in a verification, and of no two documents of a request. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import * as DocumentId from "../../../src/kernel/documents/DocumentId.ts"
import { CurrentRecording, Recording } from "../../../src/kernel/requests/Recording.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"

const requestId = "0199dddd-0000-7000-8000-000000010000"

const recording = Effect.gen(function*() {
  return new Recording({
    hub: yield* EventHub,
    clock: yield* Clock.Clock,
    requestId,
    sessionId: null,
    parentSessionId: null,
    level: "raw",
    secrets: []
  })
})

const within = (recording: Recording) => Effect.provideService(DocumentId.make("conv_"), CurrentRecording, recording)

describe("DocumentId", () => {
  it.effect("given a request, when it is run again, then it gives the same ids, one for each document", () =>
    Effect.gen(function*() {
      const [first, again] = [yield* recording, yield* recording]
      const ids = [yield* within(first), yield* within(first)]
      assert.deepStrictEqual([yield* within(again), yield* within(again)], ids)
      assert.notStrictEqual(ids[0], ids[1])
      for (const id of ids) assert.match(id, /^conv_[0-9a-f]{48}$/)
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("given branches of a request, when each makes a document, then no two have one id, whichever is faster", () =>
    Effect.gen(function*() {
      const [first, again] = [yield* recording, yield* recording]
      const [a, b] = [first.branch("tool1"), first.branch("tool2")]
      const ids = [yield* within(first), yield* within(a), yield* within(b)]
      assert.strictEqual(new Set(ids).size, 3)
      const [slow, fast] = [again.branch("tool1"), again.branch("tool2")]
      assert.strictEqual(yield* within(fast), ids[2])
      assert.strictEqual(yield* within(slow), ids[1])
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("given no request, then each id is new", () =>
    Effect.gen(function*() {
      assert.notStrictEqual(yield* DocumentId.make("conv_"), yield* DocumentId.make("conv_"))
    }))
})
