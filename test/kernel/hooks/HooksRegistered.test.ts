/** Hooks come and go, are told what they are asked about, and are interrupted with who asks them. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Scope } from "effect"
import type { Hook } from "../../../src/kernel/hooks/Hook.ts"
import type { HookResult } from "../../../src/kernel/hooks/HookResult.ts"
import { Hooks } from "../../../src/kernel/hooks/Hooks.ts"
import * as HookWorld from "../../support/HookWorld.ts"

const proceed: HookResult = { action: "continue" }
const deny: HookResult = { action: "deny", reason: "no" }

describe("Hooks", () => {
  it.effect("tell what is asked about, and for whom", () =>
    Effect.gen(function*() {
      const seen: Array<unknown> = []
      yield* HookWorld.register([{ says: (event) => Effect.sync(() => void seen.push(event)) }])
      yield* HookWorld.emit({ attributes: { model: "m" } })
      yield* Hooks.use((hooks) => hooks.emit(HookWorld.emission()))
      const common = { type: "test:happened", data: HookWorld.data }
      assert.deepStrictEqual(seen, [
        { ...common, attributes: { model: "m" }, requestId: HookWorld.requestId, sessionId: "s" },
        { ...common, attributes: {}, requestId: null, sessionId: null }
      ])
    }).pipe(Effect.scoped, Effect.provide(HookWorld.layer)))

  it.effect("leave alone what a hook gave: only the copy is frozen", () =>
    Effect.gen(function*() {
      const own = { list: [1] }
      yield* HookWorld.register([{ says: { action: "modify", data: own } }])
      const { data } = yield* HookWorld.emit()
      assert.deepStrictEqual<unknown>(data, own)
      own.list.push(2)
      assert.deepStrictEqual<unknown>(data, { list: [1] })
    }).pipe(Effect.scoped, Effect.provide(HookWorld.layer)))

  it.effect("end with their scope, each registration by itself, also under one name", () =>
    Effect.gen(function*() {
      const hooks = yield* Hooks
      const hook: Hook = { name: "same", pattern: "test:*", handler: () => Effect.succeed(deny) }
      const first = yield* Scope.make()
      const second = yield* Scope.make()
      assert.isFalse(hooks.wants("test:happened"))
      assert.strictEqual(hooks.registered.size, 0)
      yield* Scope.provide(hooks.register(hook), first)
      yield* Scope.provide(hooks.register(hook), second)
      assert.strictEqual(hooks.registered.size, 2)
      yield* Scope.close(first, Exit.void)
      assert.isTrue(hooks.wants("test:happened"))
      assert.isFalse(hooks.wants("llm:request"))
      yield* Scope.close(second, Exit.void)
      assert.isFalse(hooks.wants("test:happened"))
      assert.strictEqual(hooks.registered.size, 0)
      assert.strictEqual((yield* HookWorld.emit()).action, "continue")
    }).pipe(Effect.provide(HookWorld.layer)))

  it.effect("may come and go while others are asked: who was to be asked is", () =>
    Effect.gen(function*() {
      const asked: Array<string> = []
      const scope = yield* Effect.scope
      const late = HookWorld.register([{ name: "late", says: proceed }], asked).pipe(
        Scope.provide(scope),
        Effect.provideService(Hooks, yield* Hooks)
      )
      yield* HookWorld.register([{ says: () => Effect.asVoid(late) }, { says: proceed }], asked)
      yield* HookWorld.emit()
      assert.deepStrictEqual(asked, ["a", "b"])
    }).pipe(Effect.scoped, Effect.provide(HookWorld.layer)))

  it.effect("are interrupted with the request, and that is no failure of theirs", () =>
    Effect.gen(function*() {
      const begun = yield* Deferred.make<void>()
      const interrupted = yield* Deferred.make<void>()
      const asked = yield* HookWorld.register([
        {
          says: () =>
            Effect.onInterrupt(
              Effect.andThen(Deferred.succeed(begun, undefined), Effect.never),
              () => Deferred.succeed(interrupted, undefined)
            )
        },
        { says: proceed }
      ])
      const emitting = yield* Effect.forkChild(HookWorld.emit())
      yield* Deferred.await(begun)
      yield* Fiber.interrupt(emitting)
      yield* Deferred.await(interrupted)
      assert.deepStrictEqual(asked, ["a"])
      assert.deepStrictEqual(yield* HookWorld.told("hook:*"), [])
    }).pipe(Effect.scoped, Effect.provide(HookWorld.layer)))

  it.effect("contribute by a Layer, for as long as it lives", () =>
    Effect.gen(function*() {
      const hooks = yield* Hooks
      const contributed = Hooks.contribute({ name: "h", pattern: "test:*", handler: () => Effect.succeed(deny) })
      yield* Effect.gen(function*() {
        assert.strictEqual((yield* HookWorld.emit()).action, "deny")
      }).pipe(Effect.provide(contributed))
      assert.isFalse(hooks.wants("test:happened"))
    }).pipe(Effect.provide(HookWorld.layer)))
})
