/** Whose code runs: followed through everything a provider may start, and left with it. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { setTimeout as setTimeoutPromise } from "node:timers/promises"
import * as ProviderContext from "../../../src/kernel/provider/ProviderContext.ts"

const verification = {}
const ann = { provider: "ann", verification }
const bob = { provider: "bob", verification }

const who = () => ProviderContext.current()?.provider
const asked = Effect.sync(who)

const followed = <A>(effect: Effect.Effect<A>) => ProviderContext.followed(effect, verification)

const wait = () => setTimeoutPromise(1)
const afterPromise = () => wait().then(who)

describe("ProviderContext", () => {
  const ways: ReadonlyArray<{ readonly name: string; readonly ask: Effect.Effect<string | undefined> }> = [
    { name: "an effect", ask: asked },
    { name: "an effect behind a pause", ask: Effect.andThen(Effect.sleep(1), asked) },
    { name: "a fiber it forks", ask: Effect.flatMap(Effect.forkChild(asked), Fiber.join) },
    {
      name: "a fiber it leaves",
      ask: Effect.flatMap(Effect.forkDetach(Effect.andThen(Effect.sleep(1), asked)), Fiber.join)
    },
    {
      name: "many fibers",
      ask: Effect.map(
        Effect.all([asked, Effect.andThen(Effect.yieldNow, asked)], { concurrency: 2 }),
        ([, last]) => last
      )
    },
    { name: "a promise", ask: Effect.promise(afterPromise) },
    { name: "a timer", ask: Effect.callback((resume) => void setTimeout(() => resume(Effect.succeed(who())), 1)) },
    { name: "what another's callback wakes", ask: Effect.andThen(Effect.promise(wait), asked) },
    {
      name: "effects it runs itself",
      ask: Effect.promise(() => Effect.runPromise(Effect.andThen(Effect.sleep(1), asked)))
    },
    {
      name: "a fiber it runs with its own context",
      ask: Effect.flatMap(
        Effect.context(),
        (context) => Effect.promise(() => Effect.runPromiseWith(context)(Effect.andThen(Effect.yieldNow, asked)))
      )
    }
  ]
  it.live.each(ways)("follows $name, and ends with it", ({ ask }) =>
    followed(Effect.gen(function*() {
      assert.isUndefined(yield* asked)
      assert.strictEqual(yield* ProviderContext.within(ask, ann), "ann")
      assert.isUndefined(who())
      assert.isUndefined(yield* ask)
    })))

  it.live("tells instances apart that wake each other", () =>
    followed(Effect.gen(function*() {
      const [ready, answer] = [Deferred.makeUnsafe<void>(), Deferred.makeUnsafe<string | undefined>()]
      const waiting = yield* Effect.forkChild(
        ProviderContext.within(Effect.andThen(Deferred.await(ready), asked), ann),
        {
          startImmediately: true
        }
      )
      const server = yield* Effect.forkChild(Effect.andThen(Deferred.await(ready), asked), { startImmediately: true })
      yield* ProviderContext.within(
        Effect.gen(function*() {
          yield* Deferred.succeed(ready, undefined)
          yield* Deferred.succeed(answer, who())
        }),
        bob
      )
      assert.deepStrictEqual([yield* Fiber.join(waiting), yield* Fiber.join(server), yield* Deferred.await(answer)], [
        "ann",
        undefined,
        "bob"
      ])
    })))

  it.live("is the innermost instance's, and that of none where Strata's own code runs", () =>
    followed(Effect.gen(function*() {
      const inner = Effect.gen(function*() {
        const before = who()
        const within = yield* ProviderContext.within(asked, bob)
        const outside = yield* ProviderContext.within(Effect.andThen(Effect.sleep(1), asked), undefined)
        return [before, within, outside, who()]
      })
      assert.deepStrictEqual(yield* ProviderContext.within(inner, ann), ["ann", "bob", undefined, "ann"])
    })))

  it.live("ends with a failure too", () =>
    followed(Effect.gen(function*() {
      const failed = ProviderContext.within(Effect.andThen(Effect.sleep(1), Effect.fail("no")), ann)
      assert.isUndefined(yield* Effect.catch(failed, () => Effect.sync(who)))
      assert.isUndefined(yield* Effect.match(failed, { onFailure: who, onSuccess: who }))
    })))

  it.effect("has an owner in a verification only", () =>
    Effect.gen(function*() {
      assert.isUndefined(yield* ProviderContext.ownerOf("ann"))
      assert.deepStrictEqual(yield* followed(ProviderContext.ownerOf("ann")), ann)
    }))
})
