/** Who asks has seen everything that stood in the log when he asked, each event once and in order. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import * as ReplayFeed from "../../../src/kernel/replay/ReplayFeed.ts"
import { drafts } from "../../support/EventDrafts.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"

const given = Effect.gen(function*() {
  const hub = yield* EventHub
  const taken: Array<number> = []
  let reads = 0
  const log = {
    head: hub.head,
    read: (options: Parameters<typeof hub.read>[0]) => Effect.suspend(() => (reads++, hub.read(options)))
  }
  const feed = ReplayFeed.make(log, { types: ["wanted"] }, ({ position }) => taken.push(position))
  const append = (count: number, type = "wanted") => hub.append("s", "any", drafts(count, { type }))
  return { append, feed, taken, reads: () => reads }
})

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

describe("RecordingFeed", () => {
  it.effect("takes what is there, then what has come, over several pages", () =>
    Effect.gen(function*() {
      const { append, feed, taken } = yield* given
      yield* feed
      assert.deepStrictEqual(taken, [])
      yield* append(200)
      yield* feed
      assert.deepStrictEqual(taken, upTo(200))
      yield* append(1)
      yield* feed
      assert.deepStrictEqual(taken, upTo(201))
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("leaves out what does not fit, and reads nothing where nothing is new", () =>
    Effect.gen(function*() {
      const { append, feed, reads, taken } = yield* given
      yield* append(100, "other")
      yield* append(1)
      yield* append(100, "other")
      yield* feed
      assert.deepStrictEqual(taken, [101])
      const before = reads()
      yield* feed
      assert.strictEqual(reads(), before)
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("takes each event once, however many ask at once", () =>
    Effect.gen(function*() {
      const { append, feed, taken } = yield* given
      yield* append(300)
      yield* Effect.all(Array.from({ length: 20 }, () => feed), { concurrency: "unbounded" })
      assert.deepStrictEqual(taken, upTo(300))
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("goes on where a reader that was interrupted stopped", () =>
    Effect.gen(function*() {
      const { append, feed, taken } = yield* given
      yield* append(300)
      const reading = yield* Effect.forkChild(feed, { startImmediately: true })
      yield* Effect.yieldNow
      reading.interruptUnsafe()
      yield* feed
      assert.deepStrictEqual(taken, upTo(300))
    }).pipe(Effect.provide(MemoryHub.layer)))
})
