/** Recorded decisions stand in for the hooks that made them: at the same place, and with the same events. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import type { RecordedEvent } from "../../../src/events/types/Envelope.ts"
import * as Event from "../../../src/events/types/Event.ts"
import type { HookResult } from "../../../src/kernel/hooks/HookResult.ts"
import { Hooks } from "../../../src/kernel/hooks/Hooks.ts"
import * as ReplayHooks from "../../../src/kernel/replay/ReplayHooks.ts"
import { CurrentRecording } from "../../../src/kernel/requests/Recording.ts"
import * as HookWorld from "../../support/HookWorld.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"

const Between = Event.define("test:between", {
  durability: "observation",
  description: "For tests.",
  payload: Schema.Struct({})
})

const between = Effect.map(CurrentRecording, (recording) => void recording?.emit(Between, {}))

/** A request that asks its hooks three times, with an event of its own before each. */
const request = Effect.gen(function*() {
  const hooks = yield* Hooks
  const decisions = []
  for (const type of ["test:one", "test:two", "test:one"]) {
    yield* between
    decisions.push(yield* hooks.emit(HookWorld.emission({ type, data: { of: type } })))
  }
  return decisions
})

const said = (events: ReadonlyArray<RecordedEvent>) =>
  events.map((event) => [event.id, event.type, event.causationId, event.provider, payloadOf(event)] as const)

/** What the request came to with these hooks, and then with their recorded decisions alone. */
const both = (says: (type: string) => Effect.Effect<HookResult, unknown>) =>
  Effect.gen(function*() {
    const [live, events] = yield* Effect.gen(function*() {
      yield* HookWorld.register([{ says: ({ type }) => says(type) }])
      const decisions = yield* HookWorld.onBehalf(request)
      return [decisions, yield* MemoryHub.events()] as const
    }).pipe(Effect.scoped, Effect.provide(HookWorld.layer, { local: true }))
    const [replayed, again] = yield* Effect.gen(function*() {
      const decisions = yield* Effect.provide(HookWorld.onBehalf(request), ReplayHooks.layer(events))
      return [decisions, yield* MemoryHub.events()] as const
    }).pipe(Effect.provide(MemoryHub.layer, { local: true }))
    return { live, events, replayed, again }
  })

const deny: HookResult = { action: "deny", reason: "no" }
const modify: HookResult = { action: "modify", data: { z: 1, a: [2] } }

const rows: ReadonlyArray<{
  readonly name: string
  readonly says: (type: string) => Effect.Effect<HookResult, unknown>
  readonly actions: ReadonlyArray<string>
}> = [
  {
    name: "nothing",
    says: () => Effect.succeed({ action: "continue" }),
    actions: ["continue", "continue", "continue"]
  },
  { name: "the same each time", says: () => Effect.succeed(modify), actions: ["modify", "modify", "modify"] },
  {
    name: "something in the middle",
    says: (type) => Effect.succeed(type === "test:two" ? deny : { action: "continue" }),
    actions: ["continue", "deny", "continue"]
  },
  {
    name: "something at both ends",
    says: (type) => Effect.succeed(type === "test:one" ? deny : { action: "continue" }),
    actions: ["deny", "continue", "deny"]
  },
  { name: "failures only", says: () => Effect.fail("broken"), actions: ["continue", "continue", "continue"] }
]

describe("RecordedHooks", () => {
  it.effect.each(rows)("says again what was recorded: $name", ({ actions, says }) =>
    Effect.gen(function*() {
      const { again, events, live, replayed } = yield* both(says)
      assert.deepStrictEqual(live.map(({ action }) => action), actions)
      assert.deepStrictEqual(replayed, live)
      assert.strictEqual(JSON.stringify(replayed), JSON.stringify(live))
      assert.deepStrictEqual(said(again), said(events))
    }))

  it.effect.each([1, 2])(
    "says nothing at another place than the recorded, by %s",
    (count) =>
      Effect.gen(function*() {
        const { events } = yield* both((type) => type === "test:one" ? Effect.succeed(deny) : Effect.fail("broken"))
        const elsewhere = Effect.andThen(Effect.forEach(Array.from({ length: count }), () => between), request)
        const decisions = yield* Effect.provide(HookWorld.onBehalf(elsewhere), ReplayHooks.layer(events)).pipe(
          Effect.provide(MemoryHub.layer, { local: true })
        )
        assert.deepStrictEqual(decisions.map(({ action }) => action), ["continue", "continue", "continue"])
      })
  )

  it.effect("wants what hooks were asked about, takes no others, and has nothing to say outside of requests", () =>
    Effect.gen(function*() {
      const { events } = yield* both((type) => type === "test:one" ? Effect.fail("broken") : Effect.succeed(modify))
      yield* Effect.gen(function*() {
        const hooks = yield* Hooks
        yield* hooks.register({ name: "h", pattern: "*", handler: () => Effect.succeed(deny) })
        assert.isTrue(hooks.wants("test:one"))
        assert.isTrue(hooks.wants("test:two"))
        assert.isFalse(hooks.wants("test:three"))
        assert.strictEqual((yield* hooks.emit(HookWorld.emission({ type: "test:one" }))).action, "continue")
      }).pipe(Effect.scoped, Effect.provide(ReplayHooks.layer(events)))
    }))
})
