/** Those who watch get the past as it is when they ask, or the past and then the present until the server stops. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer, Stream } from "effect"
import type { EventsRequest } from "../../../src/apis/events/Events.ts"
import { Events } from "../../../src/apis/events/Events.ts"
import * as EventsLive from "../../../src/apis/events/EventsLive.ts"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import { Contributions } from "../../../src/kernel/contributions/Contributions.ts"
import { Stopping } from "../../../src/kernel/requests/Stopping.ts"
import { drafts } from "../../support/EventDrafts.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"

const services = EventsLive.layer.pipe(
  Layer.provide(Contributions.layer),
  Layer.provideMerge(Layer.mergeAll(MemoryHub.layer, Stopping.layer))
)

const request = (given: Partial<EventsRequest> = {}): EventsRequest => ({
  after: 0,
  limit: undefined,
  follow: false,
  ...given
})

const append = (count: number, type = "test:happened") =>
  EventHub.use((hub) => hub.append("test", "any", drafts(count, { type })))

const positions = (given: Partial<EventsRequest>) =>
  Events.use((events) =>
    Effect.map(Stream.runCollect(events.stream(request(given))), (all) => all.map(({ position }) => position))
  )

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

const past: ReadonlyArray<
  { readonly name: string; readonly given: Partial<EventsRequest>; readonly seen: ReadonlyArray<number> }
> = [
  { name: "everything, page by page", given: {}, seen: range(1, 600) },
  { name: "what is behind a position", given: { after: 590 }, seen: range(591, 600) },
  { name: "nothing behind the last", given: { after: 600 }, seen: [] },
  { name: "nothing behind what is to come", given: { after: 9999 }, seen: [] },
  { name: "as many as asked for", given: { limit: 3 }, seen: [1, 2, 3] },
  { name: "as many as asked for, over several pages", given: { limit: 300 }, seen: range(1, 300) },
  { name: "what fits a filter", given: { types: ["other:*"] }, seen: range(501, 600) },
  { name: "what fits a filter, as many as asked for", given: { types: ["other:*"], limit: 2 }, seen: [501, 502] }
]

describe("EventsLive", () => {
  it.effect.each(past)("gives $name", ({ given, seen }) =>
    Effect.gen(function*() {
      yield* append(500)
      yield* append(100, "other:happened")
      assert.deepStrictEqual(yield* positions(given), seen)
    }).pipe(Effect.provide(services)))

  it.effect("gives nothing of an empty log", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* positions({}), [])
    }).pipe(Effect.provide(services)))

  it.effect("leaves out what comes while it reads", () =>
    Effect.gen(function*() {
      const events = yield* Events
      yield* append(3)
      const seen = yield* events.stream(request()).pipe(
        Stream.tap(() => append(1)),
        Stream.runCollect
      )
      assert.deepStrictEqual(seen.map(({ position }) => position), [1, 2, 3])
    }).pipe(Effect.provide(services)))

  it.effect("follows: the past, then the present, until there are as many as asked for", () =>
    Effect.gen(function*() {
      yield* append(2)
      const following = yield* Effect.forkChild(positions({ follow: true, limit: 4 }), { startImmediately: true })
      yield* append(3)
      assert.deepStrictEqual(yield* Fiber.join(following), [1, 2, 3, 4])
    }).pipe(Effect.provide(services)))

  it.effect("ends those who follow when the server stops", () =>
    Effect.gen(function*() {
      yield* append(2)
      const following = yield* Effect.forkChild(positions({ follow: true }), { startImmediately: true })
      yield* Deferred.succeed(yield* Stopping, undefined)
      assert.deepStrictEqual(yield* Fiber.join(following), [1, 2])
    }).pipe(Effect.provide(services)))
})
