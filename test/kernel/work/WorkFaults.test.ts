/** Work among what goes wrong: defects, cancels that race with the end, an engine's database that is lost or old. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Schema } from "effect"
import { copyFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import * as Draft from "../../../src/events/log/Draft.ts"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import { readAll } from "../../../src/events/log/ReadAll.ts"
import { Work } from "../../../src/kernel/work/Work.ts"
import { WorkSettings } from "../../../src/kernel/work/WorkConfiguration.ts"
import * as WorkEvents from "../../../src/kernel/work/WorkEvents.ts"
import * as WorkKind from "../../../src/kernel/work/WorkKind.ts"
import * as Poems from "../../support/Poem.ts"
import { Poem, referenceOf, streamOf, submit } from "../../support/Poem.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"
import * as WorkWorld from "../../support/WorkWorld.ts"

const ended = (workId: string) => Poems.ended(referenceOf(workId))

const ends: ReadonlySet<string> = new Set(["work:finished", "work:failed", "work:cancelled"])

const endsOf = (workId: string) =>
  Effect.flatMap(EventHub, (hub) => readAll(hub, { stream: streamOf(workId), types: ["work:*"] })).pipe(
    Effect.map((events) => events.filter(({ type }) => ends.has(type)).length)
  )

const names = (count: number) => Array.from({ length: count }, (_, index) => `poem-${index}`)

describe("Work, where something goes wrong", () => {
  it.live(
    "given many pieces, when they are submitted at once, then no more run than the bound, and all end",
    () =>
      Effect.gen(function*() {
        const work = yield* Work
        const full = yield* Deferred.make<void>()
        let [running, most] = [0, 0]
        yield* work.register(Poem, () =>
          Effect.gen(function*() {
            most = Math.max(most, ++running)
            if (running === 7) yield* Deferred.succeed(full, undefined)
            yield* Deferred.await(full)
            yield* Effect.sleep("1 millis")
            running--
          }))
        yield* Effect.forEach(names(200), (workId) => submit(workId), { concurrency: "unbounded" })
        yield* Effect.forEach(names(200), ended, { concurrency: "unbounded" })
        assert.strictEqual(most, 7)
      }).pipe(
        Effect.provide(WorkWorld.inMemory),
        Effect.provideService(WorkSettings, {
          max_concurrency: 7,
          max_concurrent_requests_per_batch: 1,
          min_vendor_batch_poll_seconds: 1,
          max_vendor_batch_poll_seconds: 1
        })
      ),
    30_000
  )

  it.live("given code that dies, when what stands beside the end dies, too, then the work has an end", () =>
    Effect.gen(function*() {
      const work = yield* Work
      yield* work.register(Poem, () => Effect.die(new Error("no ink")), () => Effect.die(new Error("no paper")))
      yield* submit("one")
      assert.include(yield* ended("one"), { status: "failed", attempts: 1 })
    }).pipe(Effect.provide(WorkWorld.inMemory)))

  it.live("given an input that is none of its kind, when it is to be done, then it fails at once", () =>
    Effect.gen(function*() {
      const work = yield* Work
      let runs = 0
      const newer = WorkKind.make({ name: Poem.name, input: Schema.Struct({ lines: Schema.Int }) })
      yield* work.register(newer, () => Effect.sync(() => void runs++))
      yield* submit("one")
      const state = yield* ended("one")
      assert.include(state, { status: "failed", attempts: 0 })
      assert.include(state.error?.message, "Submit it again")
      assert.strictEqual(runs, 0)
    }).pipe(Effect.provide(WorkWorld.inMemory)))

  it.live(
    "given work that ends, when it is cancelled at that moment, then it has one end",
    () =>
      Effect.gen(function*() {
        const work = yield* Work
        yield* work.register(Poem, ({ workId }) => Effect.sleep(Number(workId.split("-")[1]) % 7))
        const raced = (workId: string) =>
          Effect.gen(function*() {
            yield* submit(workId)
            yield* Effect.sleep(Number(workId.split("-")[1]) % 11)
            yield* work.cancel(referenceOf(workId))
            yield* ended(workId)
            assert.strictEqual(yield* endsOf(workId), 1, workId)
          })
        yield* Effect.forEach(names(77), raced, { concurrency: 20 })
      }).pipe(Effect.provide(WorkWorld.inMemory)),
    30_000
  )

  it.live("given a submitter whose clock is ahead, when the oldest work is asked for, then its age is none below 0", () =>
    Effect.gen(function*() {
      const work = yield* Work
      const hub = yield* EventHub
      const draft = yield* Draft.make(WorkEvents.Submitted, {
        work_id: "one",
        kind: "of another server",
        input: {},
        principal: null
      })
      yield* hub.append(streamOf("one"), "none", [{ ...draft, time: draft.time + 3_600_000 }])
      assert.strictEqual(yield* work.oldestQueued, 0)
    }).pipe(Effect.provide(WorkWorld.inMemory)))

  const engines: ReadonlyArray<readonly [string, (file: string) => void]> = [
    ["lost", (file) => ["", "-wal", "-shm"].forEach((suffix) => rmSync(`${file}${suffix}`, { force: true }))],
    ["older than the log", (file) => {
      for (const suffix of ["-wal", "-shm"]) rmSync(`${file}${suffix}`, { force: true })
      copyFileSync(`${file}.before`, file)
    }]
  ]

  it.live.each(engines)(
    "given an engine's database that is %s, when a server starts, then open work is done, once, and soon",
    ([, change]) =>
      Effect.gen(function*() {
        const folder = yield* TemporaryFolder.make
        const file = join(folder, "work.db")
        yield* Effect.gen(function*() {
          const work = yield* Work
          yield* work.register(Poem, () => Effect.void)
          yield* submit("first")
          yield* ended("first")
        }).pipe(Effect.provide(WorkWorld.inFolder(folder)))
        copyFileSync(file, `${file}.before`)
        yield* Effect.gen(function*() {
          const work = yield* Work
          const begun = yield* Deferred.make<void>()
          yield* work.register(Poem, () => Effect.andThen(Deferred.succeed(begun, undefined), Effect.never))
          yield* Effect.forEach(names(5), (workId) => submit(workId))
          yield* Deferred.await(begun)
        }).pipe(Effect.provide(WorkWorld.inFolder(folder)))
        yield* Effect.sync(() => change(file))
        yield* Effect.gen(function*() {
          const work = yield* Work
          yield* work.register(Poem, () => Effect.void)
          yield* work.start
          for (const workId of ["first", ...names(5)]) {
            assert.include(yield* ended(workId), { status: "finished", retries: 0 })
            assert.strictEqual(yield* endsOf(workId), 1)
          }
        }).pipe(Effect.timeout("12 seconds"), Effect.provide(WorkWorld.inFolder(folder)))
      }),
    40_000
  )
})
