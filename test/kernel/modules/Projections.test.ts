/** The tables of a real log: what the folds say, row by row, and the same again after a rebuild. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { apis } from "../../../src/apis/Apis.ts"
import { ModelsKind } from "../../../src/apis/models/ModelsKind.ts"
import * as Draft from "../../../src/events/log/Draft.ts"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import { ProjectionTables } from "../../../src/events/log/ProjectionTables.ts"
import { readAll } from "../../../src/events/log/ReadAll.ts"
import * as SqliteStore from "../../../src/events/sqlite/SqliteStore.ts"
import * as ProviderEvents from "../../../src/kernel/provider/ProviderEvents.ts"
import { ProviderProjection } from "../../../src/kernel/provider/ProviderProjection.ts"
import * as SessionEvents from "../../../src/kernel/sessions/SessionEvents.ts"
import { SessionProjection } from "../../../src/kernel/sessions/SessionProjection.ts"
import * as SessionState from "../../../src/kernel/sessions/SessionState.ts"
import { Chat } from "../../support/Chat.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { Strata } from "../../support/Strata.ts"
import * as TemporaryFolder from "../../support/TemporaryFolder.ts"

const everything = { limit: 1000 }

/** A server's life: answers, streams, errors, models that come and go, a provider that is gone after a restart. */
const record = Effect.fnUntraced(function*(folder: string) {
  const upstream = yield* FakeUpstream.make({ models: ["m", "n"] })
  const serve = (provider: string) =>
    Effect.scoped(Effect.gen(function*() {
      const strata = yield* Strata.make({ folder, providers: [Strata.openAi(upstream, {}, provider)] })
      yield* Effect.forEach(["a", "b", "a"], (session) => Chat.ask(strata.url, { session, model: `${provider}/m` }))
      yield* Chat.ask(strata.url, { model: "nobody/knows" })
      yield* strata.close
    }))
  yield* serve("first")
  yield* serve("second")
})

describe("projections", () => {
  it.live("hold what the folds of the log say, and a rebuild makes the same tables", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      yield* record(folder)
      const store = SqliteStore.layer({ folder, access: "write", projections: apis.projections })
      const context = yield* Layer.build(
        EventHub.layer().pipe(Layer.provideMerge(store), Layer.provide(apis.catalog.upcasting))
      )
      const [hub, tables] = [Context.get(context, EventHub), Context.get(context, ProjectionTables)]

      const sessions = yield* tables.list(SessionProjection, everything)
      assert.lengthOf(sessions, 4)
      for (const { document, key } of sessions) {
        const events = yield* readAll(hub, { sessionId: key, types: SessionState.types })
        assert.deepStrictEqual(
          document,
          events.slice(1).reduce(SessionState.evolve(apis.dialects), SessionState.initial(events[0]!))
        )
      }
      const models = yield* tables.list(ModelsKind.projection, everything)
      assert.deepStrictEqual(models.map(({ key }) => key), ["second/m", "second/n"])
      const providers = yield* tables.list(ProviderProjection, everything)
      assert.deepStrictEqual(providers.map(({ key }) => key), ["inference/second"])

      const status = Effect.forEach(apis.projections, (projection) => tables.status(projection))
      const before = yield* status
      yield* tables.rebuild(apis.projections, () => Effect.void)
      assert.deepStrictEqual(yield* status, before)
    }).pipe(Effect.scoped))

  it.live("fold the streams that are theirs: what stands elsewhere redirects nobody, at no start", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      yield* record(folder)
      const open = Effect.map(
        Layer.build(
          EventHub.layer().pipe(
            Layer.provideMerge(SqliteStore.layer({ folder, access: "write", projections: apis.projections })),
            Layer.provide(apis.catalog.upcasting)
          )
        ),
        (context) => [Context.get(context, EventHub), Context.get(context, ProjectionTables)] as const
      )
      yield* Effect.scoped(Effect.gen(function*() {
        const [hub, tables] = yield* open
        const status = Effect.forEach(apis.projections, (projection) => tables.status(projection))
        const before = yield* status
        // As a log of earlier may hold them, from a file that nobody looked into.
        const provider = { api: "inference", provider_id: "second", provider_type: "remote::openai", config: {} }
        const model = { ...(yield* tables.list(ModelsKind.projection, everything))[0]!.document, provider_id: "evil" }
        yield* hub.append("session-evil", "any", [
          yield* Draft.make(ProviderEvents.Registered, provider, { sessionId: "evil" }),
          yield* Draft.make(ModelsKind.registered, model, { sessionId: "evil" }),
          yield* Draft.make(ModelsKind.unregistered, { model_id: "second/n" }, { sessionId: "evil" })
        ])
        // A session's events stand in its own stream.
        yield* hub.append("models", "any", [
          yield* Draft.make(SessionEvents.Ended, { session_id: "a", status: "failed" }, { sessionId: "a" })
        ])
        yield* hub.append("session-b", "any", [
          yield* Draft.make(SessionEvents.Ended, { session_id: "a", status: "failed" }, { sessionId: "a" })
        ])
        assert.deepStrictEqual(yield* status, before)
        yield* tables.rebuild(apis.projections, () => Effect.void)
        assert.deepStrictEqual(yield* status, before)
      }))
      const upstream = yield* FakeUpstream.make({ models: ["m", "n"] })
      const again = yield* Strata.make({ folder, providers: [Strata.openAi(upstream, {}, "second")] })
      const { json } = yield* Http.send(again.url, "/v1/models")
      assert.deepStrictEqual(Object(json).data.map(({ id }: { readonly id: string }) => id), ["second/m", "second/n"])
    }).pipe(Effect.scoped))
})
