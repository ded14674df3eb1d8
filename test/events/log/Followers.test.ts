/** Who is woken by a commit, and who is not. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Fiber, Layer, Result, Stream } from "effect"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import type { Append, Filter } from "../../../src/events/log/EventLog.ts"
import { EventLog } from "../../../src/events/log/EventLog.ts"
import { Followers } from "../../../src/events/log/Followers.ts"
import * as SqliteStore from "../../../src/events/sqlite/SqliteStore.ts"
import { draft } from "../../support/EventDrafts.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const append = (stream: string, sessionId: string | null, ...types: ReadonlyArray<string>): Append => ({
  stream,
  expectedVersion: "any",
  events: types.map((type) => draft({ type, sessionId }))
})

/** One group behind the other, from position 1 on; `gap` events of another process come before it. */
const committing = () => {
  const followers = new Followers()
  let position = 0
  const commit = (group: ReadonlyArray<Append>, gap = 0) => {
    position += gap
    followers.committed(
      group,
      group.map(({ events }) => Result.succeed({ version: events.length, position: position += events.length }))
    )
  }
  return { followers, commit }
}

const waiting = (followers: Followers, filter: Filter) =>
  Effect.forkChild(followers.news(filter, followers.commits), { startImmediately: true })

/** Up to where nothing was for it; undefined while it waits. */
const passedOf = (fiber: Fiber.Fiber<number>) => {
  const exit = fiber.pollUnsafe()
  return exit?._tag === "Success" ? exit.value : undefined
}

describe("Followers", () => {
  it.effect("wakes those whose filter lets something through, and tells them what they need not read", () =>
    Effect.gen(function*() {
      const { commit, followers } = committing()
      const all = yield* waiting(followers, {})
      commit([append("a", "s1", "llm:request", "llm:response")])
      yield* Effect.yieldNow
      assert.strictEqual(passedOf(all), 0)

      const files = yield* waiting(followers, { types: ["file:deleted"] })
      const first = yield* waiting(followers, { sessionId: "s1", types: ["turn:*"] })
      const second = yield* waiting(followers, { sessionId: "s2" })
      const stream = yield* waiting(followers, { stream: "a" })
      commit([append("b", "s1", "llm:request"), append("b", null, "turn:start")])
      yield* Effect.yieldNow
      assert.deepStrictEqual([files, first, second, stream].map(passedOf), [undefined, undefined, undefined, undefined])

      commit([append("a", "s1", "turn:start")])
      yield* Effect.yieldNow
      assert.deepStrictEqual([files, first, second, stream].map(passedOf), [undefined, 4, undefined, 4])

      commit([append("b", "s2", "file:deleted")])
      yield* Effect.yieldNow
      assert.deepStrictEqual([files, second].map(passedOf), [5, 5])
    }))

  it.effect("wakes all where another process may have committed something, and says nothing of what they need not read", () =>
    Effect.gen(function*() {
      const { commit, followers } = committing()
      commit([append("a", "s1", "llm:request")])
      const forChanges = yield* waiting(followers, { types: ["file:deleted"] })
      followers.changed()
      yield* Effect.yieldNow
      assert.strictEqual(passedOf(forChanges), 0)

      const behindGap = yield* waiting(followers, { types: ["file:deleted"] })
      commit([append("a", "s1", "llm:request")], 3)
      yield* Effect.yieldNow
      assert.strictEqual(passedOf(behindGap), 0)
    }))

  it.effect("does not wait where something was committed since the look", () =>
    Effect.gen(function*() {
      const { commit, followers } = committing()
      const { commits } = followers
      commit([append("a", null, "llm:request")])
      assert.strictEqual(yield* followers.news({ types: ["file:deleted"] }, commits), 0)
    }))

  it.effect("wakes once who waits again while others are woken", () =>
    Effect.gen(function*() {
      const { commit, followers } = committing()
      let woken = 0
      const again: Effect.Effect<void> = Effect.suspend(() =>
        Effect.flatMap(followers.news({}, followers.commits), () =>
          Effect.suspend(() => ++woken < 50 ? again : Effect.void))
      )
      yield* Effect.forkChild(again, { startImmediately: true })
      commit([append("a", null, "llm:request", "llm:response"), append("b", null, "llm:request")])
      yield* Effect.yieldNow
      assert.strictEqual(woken, 1)
    }))

  it.effect("wakes who waits longest first, whatever each waits for", () =>
    Effect.gen(function*() {
      const { commit, followers } = committing()
      const order: Array<string> = []
      const follow = (name: string, filter: Filter) =>
        Effect.forkChild(
          Effect.andThen(followers.news(filter, followers.commits), Effect.sync(() => void order.push(name))),
          { startImmediately: true }
        )
      yield* follow("session", { sessionId: "s1" })
      yield* follow("all", {})
      yield* follow("stream", { stream: "a" })
      commit([append("a", "s1", "llm:request")])
      yield* Effect.yieldNow
      assert.deepStrictEqual(order, ["session", "all", "stream"])
    }))

  it.effect("forgets who waits no longer", () =>
    Effect.gen(function*() {
      const { commit, followers } = committing()
      const gone = yield* waiting(followers, {})
      const stays = yield* waiting(followers, {})
      yield* Fiber.interrupt(gone)
      commit([append("a", null, "llm:request")])
      yield* Effect.yieldNow
      assert.strictEqual(passedOf(stays), 0)
    }))
})

describe("following the hub", () => {
  it.live("costs no read where a commit holds nothing for the follower", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const store = yield* Layer.build(SqliteStore.layer({ folder, access: "write" }))
      const log = Context.get(store, EventLog)
      let reads = 0
      const counted = EventLog.of({
        ...log,
        read: (options) =>
          Effect.suspend(() => {
            reads++
            return log.read(options)
          })
      })
      const hub = Context.get(
        yield* Layer.build(Layer.provide(EventHub.layer(), Layer.succeed(EventLog, counted))),
        EventHub
      )
      const follower = yield* hub.follow({ types: ["file:deleted"] }).pipe(
        Stream.take(1),
        Stream.runCollect,
        Effect.forkChild({ startImmediately: true })
      )
      for (let index = 0; index < 50; index++) yield* hub.append("a", "any", [draft({ type: "llm:request" })])
      assert.isAtMost(reads, 1)
      yield* hub.append("a", "any", [draft({ type: "file:deleted", id: "deleted" })])
      const [event] = yield* Fiber.join(follower)
      assert.strictEqual(event?.id, "deleted")
      assert.isAtMost(reads, 2)
    }))
})
