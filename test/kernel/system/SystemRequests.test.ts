/** What Strata does of itself is a request of `system`, and in the log where it has changed something. */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Deferred, Effect, Exit, Fiber, Layer, Logger } from "effect"
import * as InferenceCalls from "../../../src/apis/inference/InferenceCalls.ts"
import * as Draft from "../../../src/events/log/Draft.ts"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import { EventLogUnavailable } from "../../../src/events/log/EventLog.ts"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import type { Level } from "../../../src/events/types/Event.ts"
import { CurrentPrincipal } from "../../../src/events/types/Principal.ts"
import { systemPrincipal } from "../../../src/events/types/SystemPrincipal.ts"
import * as Bytes from "../../../src/kernel/bytes/Bytes.ts"
import * as Calls from "../../../src/kernel/calls/Calls.ts"
import * as ProviderEvents from "../../../src/kernel/provider/ProviderEvents.ts"
import { CurrentRecording } from "../../../src/kernel/requests/Recording.ts"
import { RecordingOptions } from "../../../src/kernel/requests/RecordingOptions.ts"
import * as RequestInput from "../../../src/kernel/requests/RequestInput.ts"
import { Requests } from "../../../src/kernel/requests/Requests.ts"
import { changeOrigin } from "../../../src/kernel/system/ChangeOrigin.ts"
import * as SystemOperations from "../../../src/kernel/system/SystemOperations.ts"
import { SystemRequests } from "../../../src/kernel/system/SystemRequests.ts"
import * as InProcess from "../../support/InProcess.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"
import * as Sessions from "../../support/Sessions.ts"
import { callOf } from "../../support/WireCalls.ts"

const services = (level: Level = "default") =>
  Layer.merge(SystemRequests.layer, Requests.layer).pipe(
    Layer.provideMerge(Sessions.layer),
    Layer.provideMerge(MemoryHub.layer),
    Layer.provide(
      Layer.succeed(RecordingOptions, { level, maxLevel: "raw", debugBytes: 2048, maxStreamBytes: 1_000_000 })
    )
  )

const subject = { api: "inference", provider_id: "p", provider_type: "inline::p" }

/** Asks how a provider fares by this effect. */
const probe = <E, R>(effect: Effect.Effect<unknown, E, R>) =>
  SystemRequests.use(({ run }) => run(SystemOperations.Health, subject, effect, () => ({ status: "ok" as const })))

const change = Effect.gen(function*() {
  const origin = yield* changeOrigin
  const draft = yield* Draft.make(ProviderEvents.Healthy, subject, { provider: "p" })
  yield* EventHub.use((hub) => hub.publish(ProviderEvents.stream, [{ ...draft, ...origin }]))
})

const types = Effect.map(MemoryHub.events(), (events) => events.map(({ type }) => type))

describe("a request of system", () => {
  it.effect("leaves nothing where nothing was changed, and gives what its effect gives", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* probe(Effect.succeed("works")), "works")
      assert.deepStrictEqual(yield* types, [])
    }).pipe(Effect.provide(services("raw"))))

  it.effect("is recorded around what it changes, without a session, as system's", () =>
    Effect.gen(function*() {
      yield* probe(change)
      const events = yield* MemoryHub.events()
      assert.deepStrictEqual(events.map(({ type }) => type), ["api:request", "provider:healthy", "api:response"])
      const [asked, changed, answered] = events
      assert.deepStrictEqual(payloadOf(asked!), {
        operation: "system.health",
        method: "CALL",
        path: "system.health",
        params: {},
        query: {},
        payload: subject
      })
      assert.deepInclude(payloadOf(answered!), { operation: "system.health", status: 200, payload: { status: "ok" } })
      assert.deepInclude(changed, { causationId: asked!.id, stream: "providers" })
      for (const { principal, requestId, sessionId } of events) {
        assert.deepStrictEqual([principal, requestId, sessionId], ["system", asked!.requestId, null])
      }
    }).pipe(Effect.provide(services())))

  it.effect("is recorded at the level that is configured, and once however much it changes", () =>
    Effect.gen(function*() {
      yield* probe(Effect.andThen(change, change))
      const levels = (type: string) => [type, `${type}:debug`, `${type}:raw`]
      assert.deepStrictEqual(yield* types, [
        ...levels("api:request"),
        "provider:healthy",
        "provider:healthy",
        ...levels("api:response")
      ])
    }).pipe(Effect.provide(services("raw"))))

  it.effect("is recorded where it calls a provider: that call is its own", () =>
    Effect.gen(function*() {
      const call = InferenceCalls.of(
        "p",
        callOf({ model: "m", messages: [{ role: "user", content: "Hi" }] })
      )
      yield* probe(Calls.run(call, Effect.succeed(Bytes.json(200, "{}"))))
      const events = yield* MemoryHub.events()
      assert.deepStrictEqual(events.map(({ type }) => type), [
        "api:request",
        "llm:request",
        "llm:response",
        "api:response"
      ])
      assert.strictEqual(new Set(events.map(({ requestId }) => requestId)).size, 1)
      assert.deepStrictEqual(new Set(events.map(({ principal }) => principal)), new Set(["system"]))
    }).pipe(Effect.provide(services())))

  it.effect("is one of its own also where another request leads to it", () =>
    Effect.gen(function*() {
      const requests = yield* Requests
      const alice = { id: "alice", attributes: {} }
      const inner = Effect.all([CurrentPrincipal, CurrentRecording, change])
      const outer = Effect.map(probe(inner), () => Bytes.json(200, "{}"))
      yield* Effect.provideService(
        requests.run(RequestInput.make(InProcess.operation("listModels"), { session: "s" }), outer),
        CurrentPrincipal,
        alice
      )
      const events = yield* MemoryHub.events({ types: ["api:request"] })
      assert.deepStrictEqual(events.map(({ principal, sessionId }) => [principal, sessionId]), [
        ["system", null],
        ["alice", "s"]
      ])
      assert.notStrictEqual(events[0]!.requestId, events[1]!.requestId)
    }).pipe(Effect.provide(services())))

  it.effect("that fails says why, and stays a failure", () =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(probe(Effect.fail({ message: "no license" })))
      assert.deepStrictEqual(exit, Exit.fail({ message: "no license" }))
      const [, failed] = yield* MemoryHub.events()
      assert.deepInclude(Object(payloadOf(failed!)).error, { message: "no license", code: "internal_error" })
    }).pipe(Effect.provide(services())))

  it.effect("that is given up leaves nothing", () =>
    Effect.gen(function*() {
      const begun = yield* Deferred.make<void>()
      const probing = yield* Effect.forkChild(probe(Effect.andThen(Deferred.succeed(begun, undefined), Effect.never)))
      yield* Deferred.await(begun)
      yield* Fiber.interrupt(probing)
      assert.deepStrictEqual(yield* types, [])
    }).pipe(Effect.provide(services())))

  it.effect("runs for system itself, and for nobody who is called so", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* probe(CurrentPrincipal), systemPrincipal)
    }).pipe(Effect.provide(services())))
})

describe("a log that can't be written", () => {
  it.effect("is a warning: what was done is done", () => {
    const warnings: Array<string> = []
    const logger = Logger.make(({ cause, message }) => void warnings.push(`${String(message)} ${Cause.pretty(cause)}`))
    const full = Effect.fail(new EventLogUnavailable({ operation: "be written", reason: "no space left" }))
    const unwritable = Layer.effect(EventHub, Effect.map(EventHub, (hub) => ({ ...hub, append: () => full })))
    const world = SystemRequests.layer.pipe(
      Layer.provideMerge(unwritable),
      Layer.provideMerge(MemoryHub.layer),
      Layer.provide(
        Layer.succeed(RecordingOptions, {
          level: "default",
          maxLevel: "raw",
          debugBytes: 2048,
          maxStreamBytes: 1_000_000
        })
      )
    )
    return Effect.gen(function*() {
      assert.strictEqual(yield* probe(Effect.as(change, "done")), "done")
      assert.lengthOf(warnings, 1)
      assert.include(warnings[0], "system.health is not in the log")
      assert.include(warnings[0], "no space left")
    }).pipe(Effect.provide([world, Logger.layer([logger])]))
  })
})
