/** Requests of two tenants that name the same session do not meet: neither in the log nor in what is read of it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import type { Filter } from "../../../src/events/log/EventLog.ts"
import { CurrentTenant } from "../../../src/events/types/Tenant.ts"
import * as Bytes from "../../../src/kernel/bytes/Bytes.ts"
import { RecordingOptions } from "../../../src/kernel/requests/RecordingOptions.ts"
import * as RequestInput from "../../../src/kernel/requests/RequestInput.ts"
import { Requests } from "../../../src/kernel/requests/Requests.ts"
import * as SessionFile from "../../../src/kernel/sessions/SessionFile.ts"
import { Sessions } from "../../../src/kernel/sessions/Sessions.ts"
import * as InProcess from "../../support/InProcess.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"
import * as SessionsOverLog from "../../support/Sessions.ts"

const services = Requests.layer.pipe(
  Layer.provideMerge(SessionsOverLog.layer),
  Layer.provideMerge(MemoryHub.layer),
  Layer.provide(
    Layer.succeed(RecordingOptions, { level: "raw", maxLevel: "raw", debugBytes: 2048, maxStreamBytes: 1_000_000 })
  )
)

const of = (tenant: string) => Effect.provideService(CurrentTenant, tenant)

/** A request in the session `s`, or in one of its own. */
const ask = (session: string | undefined) =>
  Requests.use((requests) =>
    requests.run(
      RequestInput.make(InProcess.operation("listModels"), session === undefined ? {} : { session }),
      Effect.succeed(Bytes.json(200, "{}"))
    )
  )

const read = (filter: Filter) => EventHub.use((hub) => hub.read({ ...filter, after: 0, limit: 1000 }))

const placesOf = (filter: Filter) =>
  Effect.map(
    read(filter),
    (events) =>
      events.filter(({ level }) => level === "default").map(({ tenant, type, version }) => [tenant, version, type])
  )

describe("Requests of tenants", () => {
  it.effect("have the tenant of their fiber in every event, and a session of one name each", () =>
    Effect.gen(function*() {
      yield* ask("s").pipe(of("acme"))
      yield* ask("s")
      yield* ask("s").pipe(of("acme"))
      assert.deepStrictEqual(yield* placesOf({ tenant: "acme", sessionId: "s" }), [
        ["acme", 1, "session:start"],
        ["acme", 2, "api:request"],
        ["acme", 5, "api:response"],
        ["acme", 8, "api:request"],
        ["acme", 11, "api:response"]
      ])
      assert.deepStrictEqual(yield* placesOf({ tenant: "", sessionId: "s" }), [
        ["", 1, "session:start"],
        ["", 2, "api:request"],
        ["", 5, "api:response"]
      ])
      yield* ask(undefined).pipe(of("acme"))
      const started = yield* read({ tenant: "acme", types: ["session:start"] })
      assert.strictEqual(started.length, 2)
      assert.deepStrictEqual((yield* read({})).filter(({ tenant }) => tenant !== "acme" && tenant !== ""), [])
    }).pipe(Effect.provide(services)))

  it.effect("see the sessions of their own tenant, and no other's", () =>
    Effect.gen(function*() {
      const sessions = yield* Sessions
      yield* ask("both")
      yield* ask("both").pipe(of("acme"))
      yield* ask("both").pipe(of("acme"))
      yield* ask("theirs").pipe(of("acme"))
      const idsOf = (tenant: string) =>
        Effect.map(sessions.list({ limit: 10 }), (list) => list.map(({ id }) => id)).pipe(of(tenant))
      assert.deepStrictEqual(yield* idsOf(""), ["both"])
      assert.deepStrictEqual(yield* idsOf("acme"), ["both", "theirs"])
      assert.deepStrictEqual(yield* idsOf("other"), [])
      assert.strictEqual((yield* sessions.get("both")).request_count, 1)
      assert.strictEqual((yield* sessions.get("both").pipe(of("acme"))).request_count, 2)
      for (
        const look of [
          sessions.get("theirs"),
          sessions.events("theirs", { after: 0, limit: 10 }),
          sessions.state("theirs", undefined),
          sessions.lineage("theirs"),
          sessions.export("theirs"),
          sessions.end("theirs", "completed", undefined),
          sessions.fork("theirs", {})
        ]
      ) {
        assert.strictEqual(
          (yield* Effect.flip(Effect.asVoid<unknown, { readonly _tag: string }, never>(look)))._tag,
          "SessionNotFound"
        )
      }
      const events = yield* sessions.events("both", { after: 0, limit: 100 })
      assert.isTrue(events.every(({ tenant }) => tenant === ""))
      yield* sessions.end("both", "completed", undefined).pipe(of("acme"))
      assert.strictEqual((yield* sessions.get("both")).status, "active")
    }).pipe(Effect.provide(services)))

  it.effect("fork, export and import within their tenant", () =>
    Effect.gen(function*() {
      const sessions = yield* Sessions
      yield* ask("s")
      yield* ask("s").pipe(of("acme"))
      yield* sessions.fork("s", { session_id: "child" }).pipe(of("acme"))
      const childrenOf = (tenant: string) =>
        Effect.map(sessions.lineage("s"), ({ children }) => children.map(({ session_id }) => session_id)).pipe(
          of(tenant)
        )
      assert.deepStrictEqual([yield* childrenOf(""), yield* childrenOf("acme")], [[], ["child"]])
      const lines = yield* Effect.flatMap(sessions.export("child"), Stream.runCollect).pipe(of("acme"))
      const { events } = yield* SessionFile.parse(lines.join(""))
      assert.isTrue(events.every(({ tenant }) => tenant === "acme"))
      // Ids are those of the whole log: what stands with one tenant is not another's too.
      const again = yield* Effect.flip(sessions.import(Stream.fromIterable(lines)))
      assert.strictEqual(again._tag, "SessionExists")
    }).pipe(Effect.provide(services)))

  it.effect("import a file as their own, whatever tenant it names", () =>
    Effect.gen(function*() {
      const lines = yield* Effect.gen(function*() {
        yield* ask("s").pipe(of("acme"))
        return yield* Effect.flatMap(Sessions.use((sessions) => sessions.export("s")), Stream.runCollect).pipe(
          of("acme")
        )
      }).pipe(Effect.provide(services))
      const withoutTenant = lines.map((line) => line.replace(`"tenant":"acme",`, ""))
      for (const file of [lines, withoutTenant]) {
        yield* Effect.gen(function*() {
          const { events } = yield* Sessions.use((sessions) => sessions.import(Stream.fromIterable(file))).pipe(
            of("beta")
          )
          assert.isAbove(events, 0)
          const there = yield* read({})
          assert.isTrue(there.every(({ tenant }) => tenant === "beta"))
        }).pipe(Effect.provide(services))
      }
    }))
})
