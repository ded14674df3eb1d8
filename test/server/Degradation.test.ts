/** A provider that does not work holds up nothing else: the server says so, and uses it when it is back. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Ref, Schema } from "effect"
import { InferenceProvider } from "../../src/apis/inference/Inference.ts"
import { InferenceApi } from "../../src/apis/inference/InferenceApi.ts"
import { payloadOf } from "../../src/events/types/Envelope.ts"
import * as Provider from "../../src/kernel/provider/Provider.ts"
import { RecordingUnavailable } from "../../src/kernel/replay/ReplaySources.ts"
import { Chat } from "../support/Chat.ts"
import { FakeUpstream } from "../support/FakeUpstream.ts"
import { Http } from "../support/Http.ts"
import { ScriptedAnswer } from "../support/ScriptedAnswer.ts"
import type { StrataOptions } from "../support/Strata.ts"
import { Strata } from "../support/Strata.ts"
import * as TcpProxy from "../support/TcpProxy.ts"

/** A vendor whose line can be cut. */
const vendor = Effect.gen(function*() {
  const upstream = yield* FakeUpstream.make({ respond: Chat.answering(["Blue"]), models: ["m"] })
  const { down, port, up } = yield* TcpProxy.make({ host: "127.0.0.1", port: Number(new URL(upstream.url).port) })
  const entry = (id: string, config: object = {}) =>
    Strata.openAi({ ...upstream, url: `http://127.0.0.1:${port}/v1` }, { ...config }, id)
  return { down, up, entry }
})

const start = (providers: StrataOptions["providers"] = [], more: StrataOptions = {}) =>
  Strata.make({ providers, supervision: { health_interval_ms: 20, health_timeout_ms: 2000 }, ...more })

const get = (strata: Strata, path: string) => Http.send(strata.url, path)

const statusOf = Effect.fnUntraced(function*(strata: Strata, id: string) {
  const { health } = Object((yield* get(strata, `/v1/providers/${id}`)).json)
  return health as { readonly status: string; readonly message: string | null; readonly checked_at: number | null }
})

const told = (strata: Strata, type: string, count = 1) =>
  Effect.map(strata.awaitEvents({ types: [type] }, count), (events) => events.map((event) => Object(payloadOf(event))))

const inReality = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.timeout(effect, "20 seconds")

describe("a vendor that does not answer", () => {
  it.live("holds up neither the start nor the others, and is used when it is back", () =>
    Effect.gen(function*() {
      const [away, there] = [yield* vendor, yield* vendor]
      yield* away.down
      const strata = yield* start([away.entry("away"), there.entry("there")])
      assert.strictEqual((yield* Chat.ask(strata.url, { model: "there/m" })).status, 200)
      const health = yield* statusOf(strata, "away")
      assert.strictEqual(health.status, "unhealthy")
      assert.include(health.message, "ECONNREFUSED")
      assert.isAbove(health.checked_at ?? 0, 1_700_000_000_000)
      const [unhealthy] = yield* told(strata, "provider:unhealthy")
      assert.deepInclude(unhealthy, { api: "inference", provider_id: "away", provider_type: "remote::openai" })
      assert.include(unhealthy.reason, "ECONNREFUSED")
      const refused = yield* Chat.ask(strata.url, { model: "away/m" })
      assert.strictEqual(refused.status, 502)

      yield* away.up
      yield* inReality(strata.awaitEvents({ types: ["provider:healthy"], provider: "away" }))
      yield* inReality(strata.awaitEvents({ types: ["model:registered"], provider: "away" }))
      assert.strictEqual((yield* Chat.ask(strata.url, { model: "away/m" })).status, 200)
      assert.strictEqual((yield* statusOf(strata, "away")).status, "ok")
    }))

  it.live("while the server runs is noticed without a request, once, and so is its return", () =>
    Effect.gen(function*() {
      const one = yield* vendor
      const strata = yield* start([one.entry("one")])
      yield* one.down
      yield* inReality(told(strata, "provider:unhealthy"))
      yield* one.up
      yield* inReality(told(strata, "provider:healthy", 2))
      const types = (yield* strata.events({ types: ["provider:healthy", "provider:unhealthy"] })).map(({ type }) =>
        type
      )
      assert.deepStrictEqual(types, ["provider:healthy", "provider:unhealthy", "provider:healthy"])
    }))

  it.live("is looked at when a request finds it away, long before its next turn", () =>
    Effect.gen(function*() {
      const one = yield* vendor
      const strata = yield* start([one.entry("one", { models: ["m"] })], {
        supervision: { health_interval_ms: 3_600_000 }
      })
      assert.strictEqual((yield* statusOf(strata, "one")).status, "ok")
      yield* one.down
      assert.strictEqual((yield* Chat.ask(strata.url, { model: "one/m" })).status, 502)
      yield* inReality(told(strata, "provider:unhealthy"))
      assert.strictEqual((yield* statusOf(strata, "one")).status, "unhealthy")
    }))

  it.live("that hangs keeps nobody waiting who asks for something unknown", () =>
    Effect.gen(function*() {
      const hanging = yield* FakeUpstream.make({
        list: () => ({ ...ScriptedAnswer.json(200, { data: [] }), delay: "1 hour" })
      })
      const strata = yield* start([Strata.openAi(hanging)], { supervision: { health_timeout_ms: 3_600_000 } })
      const answers = yield* inReality(
        Effect.forEach(["a", "b", "c"], (model) => Chat.ask(strata.url, { model }), { concurrency: "unbounded" })
      )
      assert.deepStrictEqual(answers.map(({ status }) => status), [404, 404, 404])
    }))

  it.live("is known to be away where its models are configured too", () =>
    Effect.gen(function*() {
      const one = yield* vendor
      yield* one.down
      const strata = yield* start([one.entry("one", { models: ["m"] })])
      assert.strictEqual((yield* statusOf(strata, "one")).status, "unhealthy")
      assert.strictEqual((yield* get(strata, "/v1/models/one/m")).status, 200)
    }))
})

describe("a key that is missing", () => {
  it.live("leaves the provider to clients that have their own, and says what to set", () =>
    Effect.gen(function*() {
      const keyless = { provider_id: "openai", provider_type: "remote::openai", config: { models: ["gpt-4o"] } }
      const strata = yield* start([keyless])
      const { message, status } = yield* statusOf(strata, "openai")
      assert.strictEqual(status, "unhealthy")
      for (const part of ["OPENAI_API_KEY", "x-strata-provider-data"]) assert.include(message, part)
      const [event] = yield* told(strata, "provider:unhealthy")
      assert.strictEqual(event.reason, message)
      assert.strictEqual((yield* get(strata, "/v1/models/openai/gpt-4o")).status, 200)
      const refused = yield* Chat.ask(strata.url, { model: "openai/gpt-4o" })
      assert.strictEqual(refused.status, 401)
      assert.include(refused.text, "x-strata-provider-data")
    }))

  it.live("of a provider that is required is a start that fails, and says so", () =>
    Effect.gen(function*() {
      const keyless = { provider_id: "openai", provider_type: "remote::openai", config: {}, required: true }
      const exit = yield* Effect.exit(Effect.scoped(start([keyless])))
      for (const part of ["RequiredProviderDown", "OPENAI_API_KEY", "required: true"]) {
        assert.include(String(exit), part)
      }
    }))
})

describe("a provider that is required", () => {
  it.live("makes the server degraded while it is away: not ready, and it answers all the same", () =>
    Effect.gen(function*() {
      const [main, spare] = [yield* vendor, yield* vendor]
      const strata = yield* start([{ ...main.entry("main"), required: true }, spare.entry("spare")])
      const ready = Effect.map(get(strata, "/v1/health?ready=true"), ({ status }) => status)
      assert.strictEqual(yield* ready, 200)

      yield* main.down
      yield* inReality(told(strata, "provider:unhealthy"))
      const health = yield* get(strata, "/v1/health")
      assert.strictEqual(health.status, 200)
      assert.deepStrictEqual<unknown>(health.json, {
        status: "degraded",
        log: "ok",
        providers: [
          { api: "inference", provider_id: "main", status: "unhealthy", required: true },
          { api: "inference", provider_id: "spare", status: "ok", required: false }
        ],
        work: { oldest_queued_ms: null }
      })
      const unready = yield* get(strata, "/v1/health?ready=true")
      assert.deepStrictEqual([unready.status, unready.json], [503, health.json])
      assert.strictEqual((yield* Chat.ask(strata.url, { model: "spare/m" })).status, 200)
      assert.strictEqual(Object((yield* get(strata, "/v1/providers/main")).json).required, true)

      yield* main.up
      yield* inReality(strata.awaitEvents({ types: ["provider:healthy"], provider: "main" }, 2))
      assert.strictEqual(yield* ready, 200)
    }))

  it.live("that others can do without makes no difference to health", () =>
    Effect.gen(function*() {
      const spare = yield* vendor
      yield* spare.down
      const strata = yield* start([spare.entry("spare")])
      assert.deepInclude(Object((yield* get(strata, "/v1/health?ready=true")).json), { status: "ok" })
    }))

  it.live("whose vendor is away keeps the server from starting", () =>
    Effect.gen(function*() {
      const main = yield* vendor
      yield* main.down
      const exit = yield* Effect.exit(Effect.scoped(start([{ ...main.entry("main"), required: true }])))
      for (const part of ["RequiredProviderDown", "main of inference", "ECONNREFUSED"]) {
        assert.include(String(exit), part)
      }
    }))
})

/** Starts when it may. */
const licensed = (may: Ref.Ref<boolean>) =>
  Provider.make({
    api: InferenceApi,
    type: "inline::licensed",
    description: "Needs a license.",
    config: Schema.Struct({}),
    requires: [],
    layer: (_config, { provider_id }) =>
      Layer.effect(
        InferenceProvider,
        Effect.gen(function*() {
          if (!(yield* Ref.get(may))) {
            return yield* new RecordingUnavailable({ source: provider_id, detail: "no license" })
          }
          return InferenceProvider.of({
            complete: () => Effect.succeed({ content: [] }),
            models: { source: "configuration", list: Effect.succeed([{ id: "m", created: 0, owned_by: "" }]) }
          })
        })
      )
  })

describe("a provider that can't start", () => {
  it.live("is answered 503 with the reason, in the client's dialect, and joins when it can", () =>
    Effect.gen(function*() {
      const may = yield* Ref.make(false)
      const entry = { provider_id: "engine", provider_type: "inline::licensed", config: {} }
      const strata = yield* start([entry], { types: [licensed(may)] })
      const shown = Object((yield* get(strata, "/v1/providers/engine")).json)
      assert.isNull(shown.started)
      assert.deepInclude(shown.health, {
        status: "unhealthy",
        message: "The recording engine can't be used: no license"
      })
      const refused = yield* Chat.ask(strata.url, { model: "engine/m" })
      assert.strictEqual(refused.status, 503)
      assert.deepInclude(Object(refused.json).error, { type: "upstream_error", code: "provider_unavailable" })
      assert.include(Object(refused.json).error.message, "The recording engine can't be used: no license")

      yield* Ref.set(may, true)
      yield* inReality(strata.awaitEvents({ types: ["model:registered"], provider: "engine" }))
      assert.strictEqual((yield* Chat.ask(strata.url, { model: "engine/m" })).status, 200)
      assert.isNotNull(Object((yield* get(strata, "/v1/providers/engine")).json).started)
    }))
})
