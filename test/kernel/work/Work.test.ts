import { assert, describe, it } from "@effect/vitest"
import { Clock, Deferred, Effect, Ref } from "effect"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import { readAll } from "../../../src/events/log/ReadAll.ts"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import { CurrentPrincipal } from "../../../src/events/types/Principal.ts"
import { CurrentTenant } from "../../../src/events/types/Tenant.ts"
import { Work } from "../../../src/kernel/work/Work.ts"
import * as WorkKind from "../../../src/kernel/work/WorkKind.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"
import { ended, Poem, referenceOf, submit } from "../../support/Poem.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"
import * as WorkWorld from "../../support/WorkWorld.ts"

const eventsOf = (workId: string) =>
  Effect.map(MemoryHub.events({ stream: referenceOf(workId).stream }), (events) => events.map(({ type }) => type))

const failing = (retryable: boolean) =>
  new WorkKind.WorkFailed({ type: "server_error", message: "no rhyme", retryable })

describe("Work", () => {
  it.live("given a kind, when work of it is submitted, then it is done once, in the name of who submitted it", () =>
    Effect.gen(function*() {
      const work = yield* Work
      const done = yield* Ref.make<ReadonlyArray<unknown>>([])
      yield* work.register(Poem, (task) =>
        Effect.gen(function*() {
          const principal = yield* CurrentPrincipal
          const tenant = yield* CurrentTenant
          yield* Ref.update(done, (all) => [...all, [task.input.title, task.attempt, principal?.id, tenant]])
        }))
      const asked = submit("one").pipe(
        Effect.provideService(CurrentPrincipal, { id: "ada", attributes: {} }),
        Effect.provideService(CurrentTenant, "acme")
      )
      yield* asked
      const state = yield* ended(referenceOf("one", "acme"))
      assert.strictEqual(state.status, "finished")
      assert.deepStrictEqual(yield* Ref.get(done), [["Spring", 1, "ada", "acme"]])
      assert.deepStrictEqual(yield* eventsOf("one"), ["work:submitted", "work:started", "work:finished"])
      // The same id once more is refused, and nothing is done twice.
      assert.strictEqual((yield* Effect.flip(asked))._tag, "VersionConflict")
    }).pipe(Effect.provide(WorkWorld.inMemory)))

  it.live("given work that fails, when another attempt may succeed, then it is tried again as often as its kind says", () =>
    Effect.gen(function*() {
      const work = yield* Work
      yield* work.register(
        Poem,
        ({ attempt, input }) =>
          input.title === "Autumn" || attempt < 3 ? Effect.fail(failing(input.title !== "Winter")) : Effect.void
      )
      yield* submit("spring")
      yield* submit("autumn", "Autumn")
      yield* submit("winter", "Winter")
      assert.include(yield* ended(referenceOf("spring")), { status: "finished", attempts: 3, retries: 2 })
      assert.include(yield* ended(referenceOf("autumn")), { status: "failed", attempts: 3, retries: 2 })
      assert.include(yield* ended(referenceOf("winter")), { status: "failed", attempts: 1, retries: 0 })
      assert.deepStrictEqual((yield* eventsOf("spring")).slice(1, 3), ["work:started", "work:retried"])
      assert.strictEqual((yield* eventsOf("winter")).at(-1), "work:failed")
      assert.deepStrictEqual((yield* ended(referenceOf("winter"))).error, { type: "server_error", message: "no rhyme" })
    }).pipe(Effect.provide(WorkWorld.inMemory)))

  it.live("given work under way, when it is cancelled, then its code is interrupted and the end says so", () =>
    Effect.gen(function*() {
      const work = yield* Work
      const begun = yield* Deferred.make<void>()
      const left = yield* Deferred.make<void>()
      yield* work.register(
        Poem,
        () =>
          Deferred.succeed(begun, undefined).pipe(
            Effect.andThen(Effect.never),
            Effect.onInterrupt(() => Deferred.succeed(left, undefined))
          )
      )
      yield* submit("one")
      yield* Deferred.await(begun)
      yield* work.cancel(referenceOf("one"))
      yield* Deferred.await(left)
      assert.include(yield* ended(referenceOf("one")), { status: "cancelled", attempts: 1 })
      // What has ended stays so.
      assert.include(yield* work.cancel(referenceOf("one")), { status: "cancelled" })
      assert.deepStrictEqual((yield* eventsOf("one")).slice(-2), ["work:cancel_requested", "work:cancelled"])
    }).pipe(Effect.provide(WorkWorld.inMemory)))

  it.live("given a lease that another worker has taken, when the first one writes, then nothing of it is in the log", () =>
    Effect.gen(function*() {
      const work = yield* Work
      const hub = yield* EventHub
      const refused = yield* Deferred.make<string>()
      yield* work.register(Poem, (task) =>
        Effect.gen(function*() {
          const [submitted] = yield* Effect.orDie(readAll(hub, { stream: task.stream }))
          // As another server's worker would.
          yield* Effect.orDie(hub.append(task.stream, "any", [{
            ...submitted!,
            id: task.causationId.slice(0, -1) + (task.causationId.endsWith("0") ? "1" : "0"),
            type: "work:started",
            payload: JSON.stringify({ work_id: "one", kind: "poem", attempt: 2, runner: "other" })
          }]))
          yield* task.finish([]).pipe(Effect.tapError(({ _tag }) => Deferred.succeed(refused, _tag)))
        }))
      yield* submit("one")
      assert.strictEqual(yield* Deferred.await(refused), "LeaseLost")
      const state = yield* work.get(referenceOf("one"))
      assert.include(state, { status: "running", attempts: 2 })
      assert.notInclude(yield* eventsOf("one"), "work:finished")
    }).pipe(Effect.provide(WorkWorld.inMemory)))

  it.live(
    "given a server that stops with work under way, when the next one starts, then it goes on with it",
    () =>
      Effect.gen(function*() {
        const folder = yield* TemporaryFolder.make
        const begun = yield* Deferred.make<void>()
        yield* Effect.gen(function*() {
          const work = yield* Work
          yield* work.register(Poem, () => Effect.andThen(Deferred.succeed(begun, undefined), Effect.never))
          yield* submit("one")
          yield* Deferred.await(begun)
          assert.isNull(yield* work.oldestQueued)
        }).pipe(Effect.provide(WorkWorld.inFolder(folder)))
        const states = yield* Effect.gen(function*() {
          const work = yield* Work
          const hub = yield* EventHub
          yield* work.register(Poem, () => Effect.void)
          yield* work.start
          const state = yield* ended(referenceOf("one"))
          const started = yield* readAll(hub, { types: ["work:started"] })
          return { state, attempts: started.map((event) => payloadOf(event)) }
        }).pipe(Effect.provide(WorkWorld.inFolder(folder)))
        // A worker that was lost spends no retry.
        assert.include(states.state, { status: "finished", attempts: 2, retries: 0 })
        assert.strictEqual(states.attempts.length, 2)
      }),
    30_000
  )

  it.live("given work that waits for something outside, when its time has come, then its code goes on, as often as it waits", () =>
    Effect.gen(function*() {
      const work = yield* Work
      // More often than workers may be lost.
      yield* work.register(
        Poem,
        (task) =>
          task.attempt < 13 ? Effect.flatMap(Clock.currentTimeMillis, (now) => task.pause([], now)) : Effect.void
      )
      yield* submit("slow")
      assert.include(yield* ended(referenceOf("slow")), { status: "finished", attempts: 13, retries: 0 })
      assert.deepStrictEqual((yield* eventsOf("slow")).slice(1, 4), ["work:started", "work:paused", "work:started"])
    }).pipe(Effect.provide(WorkWorld.inMemory)))

  it.live("given work that ends itself, when it is cancelled while it waits, then its code is told, and it is cancelled at its end", () =>
    Effect.gen(function*() {
      const work = yield* Work
      const begun = yield* Deferred.make<void>()
      const told: Array<boolean> = []
      yield* work.register(
        Poem,
        (task) =>
          Effect.gen(function*() {
            told.push(task.cancelRequested)
            const later = (yield* Clock.currentTimeMillis) + (task.cancelRequested ? 0 : 600_000)
            // It needs a while for its end, too.
            if (told.length < 3) yield* task.pause([], later)
            yield* Deferred.succeed(begun, undefined)
          }),
        undefined,
        () => true
      )
      yield* submit("told")
      yield* Deferred.await(begun)
      yield* work.cancel(referenceOf("told"))
      assert.strictEqual((yield* work.get(referenceOf("told")))?.status, "waiting")
      yield* work.cancel(referenceOf("told"))
      assert.strictEqual((yield* work.get(referenceOf("told")))?.status, "cancelled")
      assert.deepStrictEqual(told, [false, true, true])
    }).pipe(Effect.provide(WorkWorld.inMemory)))

  it.live("given work that ends itself, when it is cancelled while it runs, then its code is begun again and told", () =>
    Effect.gen(function*() {
      const work = yield* Work
      const begun = yield* Deferred.make<void>()
      yield* work.register(
        Poem,
        (task) => task.cancelRequested ? Effect.void : Effect.andThen(Deferred.succeed(begun, undefined), Effect.never),
        undefined,
        () => true
      )
      yield* submit("busy")
      yield* Deferred.await(begun)
      yield* work.cancel(referenceOf("busy"))
      assert.include(yield* ended(referenceOf("busy")), { status: "cancelled" })
    }).pipe(Effect.provide(WorkWorld.inMemory)))
})
