/** A provider that can't start does not stop the rest: it is told, tried again, and joins when it can. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Duration, Effect, Fiber, Layer, Option, Redacted, Schema } from "effect"
import { TestClock } from "effect/testing"
import { ConfiguredSecrets, Secrets } from "../../../src/events/redaction/Secrets.ts"
import type { Instance } from "../../../src/kernel/provider/Instance.ts"
import * as Provider from "../../../src/kernel/provider/Provider.ts"
import type { ProviderEntry } from "../../../src/kernel/provider/ProviderEntry.ts"
import { ProviderHealth } from "../../../src/kernel/provider/ProviderHealth.ts"
import { StartTimes } from "../../../src/kernel/provider/StartTimes.ts"
import * as Stack from "../../../src/kernel/stack/Stack.ts"
import * as StackPlan from "../../../src/kernel/stack/StackPlan.ts"
import { defaults, Supervision } from "../../../src/kernel/stack/Supervision.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"
import * as StackWorld from "../../support/StackWorld.ts"
import { api } from "../../support/StackWorld.ts"
import * as Supervised from "../../support/Supervised.ts"

const [inference, safety] = [api("inference"), api("safety")]

type Start = Effect.Effect<void, unknown>

/** A provider type whose nth start does what is given; the last for ever. It writes what it builds and releases. */
const scripted = (journal: Array<string>, ...starts: ReadonlyArray<Start>) => {
  let count = 0
  return Provider.make({
    api: inference,
    type: "inline::scripted",
    description: "",
    config: Schema.Struct({}),
    requires: [],
    layer: (_config, { provider_id }) =>
      Layer.effect(
        inference.slot,
        Effect.gen(function*() {
          const number = ++count
          yield* Effect.acquireRelease(
            Effect.sync(() => void journal.push(`build ${number}`)),
            () => Effect.sync(() => void journal.push(`release ${number}`))
          )
          yield* starts[number - 1] ?? starts.at(-1) ?? Effect.void
          return provider_id
        })
      )
  })
}

const entry = (provider_id: string, provider_type: string, more: Partial<ProviderEntry> = {}): ProviderEntry => ({
  provider_id,
  provider_type,
  config: {},
  ...more
})

/** The instances themselves are the service. */
const router = {
  api: inference,
  layer: (instances: ReadonlyArray<Instance<string>>) => Layer.succeed(inference.service, instances as never)
}

const services = Supervised.layer.pipe(Layer.provideMerge(MemoryHub.layer))

const start = Effect.fnUntraced(function*(
  definition: Provider.Definition<StackWorld.WorldApi, unknown, never>,
  more: Partial<ProviderEntry> = {}
) {
  const plan = yield* StackPlan.make([definition], { providers: { inference: [entry("p", definition.type, more)] } })
  const context = yield* Layer.build(Stack.layer(plan, [router]))
  const [instance] = Context.get(context, inference.service) as unknown as ReadonlyArray<Instance<string>>
  return { instance: instance!, started: Context.get(context, StartTimes).get(plan.providers[0]!) }
})

const state = Effect.fnUntraced(function*(instance: Instance<string>) {
  const { message, status } = (yield* ProviderHealth).get({ api: "inference", provider_id: "p" })
  const service = yield* Effect.match(instance.service, {
    onFailure: ({ reason }) => `down: ${reason}`,
    onSuccess: (service) => `up: ${service}`
  })
  return { service, health: message === null ? status : `${status}: ${message}` }
})

const noLicense = Effect.fail({ message: "no license" })

describe("an instance that can't start", () => {
  it.effect("is down, says why in an event and to who asks, and joins when it can", () =>
    Effect.gen(function*() {
      const journal: Array<string> = []
      const { instance, started } = yield* start(
        scripted(journal, noLicense, noLicense, Effect.fail("busy"), Effect.void)
      )
      assert.isUndefined(started)
      assert.deepStrictEqual(yield* state(instance), { service: "down: no license", health: "unhealthy: no license" })
      yield* TestClock.adjust("1 second")
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* state(instance), { service: "down: busy", health: "unhealthy: busy" })
      const waiting = yield* Effect.forkChild(instance.started, { startImmediately: true })
      yield* TestClock.adjust("2 seconds")
      yield* Fiber.join(waiting)
      assert.deepStrictEqual(yield* state(instance), { service: "up: p", health: "ok" })
      const changes = yield* MemoryHub.told({ types: ["provider:*"] })
      assert.deepStrictEqual(changes.map(([type, payload]) => [type, Object(payload).reason]), [
        ["provider:unhealthy", "no license"],
        ["provider:healthy", undefined]
      ])
      // What a start that failed had built was released before the next.
      assert.deepStrictEqual(journal, [
        "build 1",
        "release 1",
        "build 2",
        "release 2",
        "build 3",
        "release 3",
        "build 4"
      ])
    }).pipe(Effect.scoped, Effect.provide(services)))

  it.effect("is tried again less and less often, at last once a minute", () =>
    Effect.gen(function*() {
      const journal: Array<string> = []
      yield* start(scripted(journal, noLicense))
      const builds = () => journal.filter((line) => line.startsWith("build")).length
      yield* TestClock.adjust("63 seconds")
      const soon = builds()
      assert.isAtLeast(soon, 6)
      assert.isAtMost(soon, 9)
      yield* TestClock.adjust("10 minutes")
      assert.isAtMost(Math.abs(builds() - soon - 10), 1)
    }).pipe(Effect.scoped, Effect.provide(services)))

  it.effect("is given up when the server stops", () =>
    Effect.gen(function*() {
      const journal: Array<string> = []
      yield* Effect.scoped(start(scripted(journal, noLicense)))
      yield* TestClock.adjust("10 minutes")
      assert.deepStrictEqual(journal, ["build 1", "release 1"])
    }).pipe(Effect.provide(services)))

  it.effect("has a time to start in: one that hangs does not hold up the rest, and is tried again", () =>
    Effect.gen(function*() {
      const journal: Array<string> = []
      const starting = yield* Effect.forkChild(start(scripted(journal, Effect.never, Effect.void)), {
        startImmediately: true
      })
      yield* TestClock.adjust("3 seconds")
      const { instance } = yield* Fiber.join(starting)
      assert.strictEqual((yield* state(instance)).service, "down: it did not start within 3s")
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* state(instance)).service, "up: p")
      assert.deepStrictEqual(journal, ["build 1", "release 1", "build 2"])
    }).pipe(
      Effect.provideService(Supervision, { ...defaults, startTimeout: Duration.seconds(3) }),
      Effect.scoped,
      Effect.provide(services)
    ))

  it.effect("is left behind where it can't be interrupted, and tried again; so is one that interrupts itself", () =>
    Effect.gen(function*() {
      const deaf = Effect.uninterruptible(Effect.never)
      const starting = yield* Effect.forkChild(start(scripted([], deaf, Effect.interrupt, Effect.void)), {
        startImmediately: true
      })
      yield* TestClock.adjust("35 seconds")
      const { instance } = yield* Fiber.join(starting)
      assert.strictEqual((yield* state(instance)).service, "down: it did not start within 30s")
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* state(instance)).service, "down: it gave itself up")
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* state(instance)).service, "up: p")
    }).pipe(Effect.scoped, Effect.provide(services)))

  it.effect("does not keep what needs its API from starting", () =>
    Effect.gen(function*() {
      const guard = Provider.make({
        api: safety,
        type: "inline::guard",
        description: "",
        config: Schema.Struct({}),
        requires: [inference],
        layer: () =>
          Layer.effect(
            safety.slot,
            Effect.map(
              Effect.service(inference.service),
              (instances) => `guards ${(instances as unknown as ReadonlyArray<Instance<string>>).map(({ id }) => id)}`
            )
          )
      })
      const plan = yield* StackPlan.make([scripted([], noLicense), guard], {
        providers: { inference: [entry("p", "inline::scripted")], safety: [entry("g", "inline::guard")] }
      })
      const context = yield* Layer.build(Stack.layer(plan, [router, StackWorld.plainRouter(safety)]))
      assert.deepStrictEqual(Context.get(context, safety.service), ["guards p"])
    }).pipe(Effect.scoped, Effect.provide(services)))

  const fatal = [
    { name: "that is required", start: noLicense, required: true, reason: "no license", bug: false },
    {
      name: "by a defect",
      start: Effect.die(new Error("no such thing")),
      required: false,
      reason: "no such thing",
      bug: true
    },
    { name: "that is required, by a defect", start: Effect.die("dead"), required: true, reason: "dead", bug: true }
  ]

  it.effect.each(fatal)(
    "$name stops the rest, and says which it is",
    ({ bug, reason, required, start: first }) =>
      Effect.gen(function*() {
        const journal: Array<string> = []
        const error = yield* Effect.flip(Effect.scoped(start(scripted(journal, first), { required })))
        assert.deepInclude(error, {
          _tag: "ProviderNotStarted",
          api: "inference",
          provider_id: "p",
          provider_type: "inline::scripted",
          path: "providers.inference[0]",
          reason,
          bug
        })
        assert.deepStrictEqual(journal, ["build 1", "release 1"])
      }).pipe(Effect.provide(services))
  )

  it.effect.each([
    { name: "fails", start: noLicense },
    { name: "has a bug", start: Effect.die(new Error("a bug")) }
  ])("that $name stops a replay, which nobody watches, as it is", ({ start: first }) =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(Effect.scoped(start(scripted([], first), { required: true })))
      assert.deepStrictEqual(exit, yield* Effect.exit(first as Effect.Effect<never, never>))
    }).pipe(Effect.provideService(Supervision, { ...defaults, watched: false }), Effect.provide(services)))

  it.effect("knows the secrets of its configuration before it starts, and tells them nobody", () =>
    Effect.gen(function*() {
      const failing = Provider.make({
        api: inference,
        type: "inline::telling",
        description: "",
        config: Schema.Struct({ safe: Schema.Struct({ pins: Schema.Array(Schema.RedactedFromValue(Schema.String)) }) }),
        requires: [],
        layer: ({ safe }) =>
          Layer.effect(
            inference.slot,
            Effect.fail({ message: `rejected ${safe.pins.map((pin) => Redacted.value(pin)).join()}` })
          )
      })
      const config = { safe: { pins: ["Pin-plain-9xyz", "Pin-plain-8xyz"] } }
      const started = (required: boolean) => start(failing, { config, required })
      const said = "rejected [REDACTED],[REDACTED]"
      const { instance } = yield* started(false)
      assert.deepStrictEqual(yield* state(instance), { service: `down: ${said}`, health: `unhealthy: ${said}` })
      assert.include(JSON.stringify(yield* MemoryHub.told()), said)
      assert.deepInclude(yield* Effect.flip(started(true)), { reason: said })
    }).pipe(
      Effect.scoped,
      Effect.provideService(ConfiguredSecrets, new Secrets()),
      Effect.provide(services)
    ))
})

describe("an API that says how its instances fare", () => {
  const health = (works: () => boolean) => (service: string) =>
    works() ? Effect.void : Effect.fail({ message: `${service} is ill` })

  const startWith = Effect.fnUntraced(function*(works: () => boolean, more: Partial<ProviderEntry> = {}) {
    const definition = scripted([], Effect.void)
    const told = { ...definition, api: { ...inference, health: health(works) } }
    return yield* start(told as typeof definition, more)
  })

  it.effect("is asked from the start on", () =>
    Effect.gen(function*() {
      let works = true
      const { instance } = yield* startWith(() => works)
      // When the first probe is in the log, the next one waits for its turn.
      yield* MemoryHub.events()
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* state(instance)).health, "ok")
      works = false
      yield* TestClock.adjust("59 seconds")
      assert.deepStrictEqual(yield* state(instance), { service: "up: p", health: "unhealthy: p is ill" })
      works = true
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* state(instance)).health, "ok")
    }).pipe(Effect.scoped, Effect.provide(services)))

  it.effect("does not start where one that is required is ill", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(startWith(() => false, { required: true }))
      assert.deepInclude(error, { _tag: "RequiredProviderDown", api: "inference", provider_id: "p" })
      assert.include(String(Option.some(error)), "p is ill")
    }).pipe(Effect.scoped, Effect.provide(services)))
})
