/** Verification for clients is bounded: a few at a time, each with an end, and gone with who asked. */
import { NodeHttpServer } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { EventHub } from "../../src/events/log/EventHub.ts"
import { EventLogUnavailable } from "../../src/events/log/EventLog.ts"
import * as ProviderEvents from "../../src/kernel/provider/ProviderEvents.ts"
import * as ApiEvents from "../../src/kernel/requests/ApiEvents.ts"
import { Started } from "../../src/kernel/sessions/SessionEvents.ts"
import { SessionVerifier } from "../../src/kernel/sessions/SessionVerifier.ts"
import { registry } from "../../src/providers/Registry.ts"
import * as BoundedVerifier from "../../src/server/BoundedVerifier.ts"
import * as MemoryHub from "../support/MemoryHub.ts"
import { recorded } from "../support/RecordedEvents.ts"

type Read = EventHub["Service"]["read"]

const unused = Effect.die("not asked for")

/** A verifier over a log that can only be read. */
const given = (read: Read) =>
  BoundedVerifier.layer(registry, { concurrency: 2, timeout: "1 minute" }).pipe(
    Layer.provide(MemoryHub.kinds),
    Layer.provide(NodeHttpServer.layerHttpServices),
    Layer.provide(
      Layer.mock(EventHub)({ read, append: () => unused, publish: () => unused, head: unused })
    )
  )

const verify = SessionVerifier.use((verifier) => verifier.verify("s"))

describe("SessionVerifier", () => {
  it.effect("verifies two at a time; one that nobody waits for makes room", () => {
    let reading = 0
    return Effect.gen(function*() {
      const fibers = yield* Effect.forEach([1, 2, 3, 4], () => Effect.forkChild(verify))
      yield* TestClock.adjust(1)
      assert.strictEqual(reading, 2)
      yield* Fiber.interrupt(fibers[0]!)
      yield* TestClock.adjust(1)
      assert.strictEqual(reading, 3)
    }).pipe(Effect.provide(given(() =>
      Effect.suspend(() => {
        reading++
        return Effect.never
      })
    )))
  })

  it.effect("gives up after its time, the wait for its turn included", () =>
    Effect.gen(function*() {
      const fibers = yield* Effect.forEach([1, 2, 3], () => Effect.forkChild(Effect.flip(verify)))
      yield* TestClock.adjust("1 minute")
      for (const error of yield* Fiber.joinAll(fibers)) {
        assert.deepInclude(error, { _tag: "SessionNotVerifiable", reason: "timeout" })
        assert.include(error.message, "strata replay --verify")
      }
    }).pipe(Effect.provide(given(() => Effect.never))))

  it.effect("says why a session can't be run again", () => {
    const events = [
      recorded(Started, { position: 2, sessionId: "s" }),
      recorded(ApiEvents.Request.base, { position: 3, requestId: "r", payload: { operation: "listModels" } }),
      recorded(ApiEvents.Request.raw, {
        position: 4,
        requestId: "r",
        payload: { method: "GET", url: "/v1/models", headers: {}, body: "", encoding: "utf-8", sha256: "" }
      }),
      recorded(ApiEvents.Response.base, { position: 5, requestId: "r", payload: { operation: "listModels" } })
    ]
    const gone = { api: "inference", provider_id: "p", provider_type: "remote::gone", config: {} }
    const read: Read = ({ sessionId }) =>
      Effect.succeed(
        sessionId === undefined ? [recorded(ProviderEvents.Registered, { position: 1, payload: gone })] : events
      )
    return Effect.gen(function*() {
      const error = yield* Effect.flip(verify)
      assert.deepInclude(error, { _tag: "SessionNotVerifiable", reason: "unfit" })
      assert.match(error.message, /^The session s can't be run again: .*unknown type remote::gone/)
    }).pipe(Effect.provide(given(read)))
  })

  it.effect("lets a log that can't be read be what it is", () => {
    const unavailable = new EventLogUnavailable({ operation: "be read", reason: "gone" })
    return Effect.gen(function*() {
      assert.strictEqual(yield* Effect.flip(verify), unavailable)
    }).pipe(Effect.provide(given(() => Effect.fail(unavailable))))
  })

  it.effect("knows no session without events", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* Effect.flip(verify))._tag, "SessionNotFound")
    }).pipe(Effect.provide(given(() => Effect.succeed([])))))
})
