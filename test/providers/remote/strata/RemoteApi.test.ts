/** An API that knows nothing of remote servers: its routes and a mapping make a provider of it. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Context, Effect, Layer, Random, Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import { EventHub } from "../../../../src/events/log/EventHub.ts"
import { readAll } from "../../../../src/events/log/ReadAll.ts"
import * as MemoryStore from "../../../../src/events/memory/MemoryStore.ts"
import * as Event from "../../../../src/events/types/Event.ts"
import * as EventIds from "../../../../src/events/types/EventIds.ts"
import { RequestTraffic, ResponseTraffic } from "../../../../src/events/types/Traffic.ts"
import * as RecordingHttpClient from "../../../../src/kernel/calls/RecordingHttpClient.ts"
import * as VendorClient from "../../../../src/kernel/client/VendorClient.ts"
import { BadRequest, NotFound } from "../../../../src/kernel/http/HttpErrors.ts"
import { ProviderFailed, ProviderRejected } from "../../../../src/kernel/http/ProviderErrors.ts"
import type { ProviderError } from "../../../../src/kernel/http/ProviderErrors.ts"
import type { Instance } from "../../../../src/kernel/provider/Instance.ts"
import type { ProviderApi } from "../../../../src/kernel/provider/Provider.ts"
import * as ForwardingDepth from "../../../../src/kernel/requests/ForwardingDepth.ts"
import { CurrentRecording, Recording } from "../../../../src/kernel/requests/Recording.ts"
import * as Stack from "../../../../src/kernel/stack/Stack.ts"
import * as StackPlan from "../../../../src/kernel/stack/StackPlan.ts"
import * as RemoteApi from "../../../../src/providers/remote/strata/RemoteApi.ts"
import type { FakeUpstreamOptions } from "../../../support/FakeUpstream.ts"
import { FakeUpstream } from "../../../support/FakeUpstream.ts"
import { ScriptedAnswer } from "../../../support/ScriptedAnswer.ts"
import * as Supervised from "../../../support/Supervised.ts"

// --- the API: models, service and routes, as any other -----------------------

const Score = Schema.Struct({ name: Schema.String, score: Schema.FiniteFromString })
type Score = typeof Score.Type

interface Scoring {
  score(name: string, rows: ReadonlyArray<number>): Effect.Effect<Score, ProviderError>
  get(name: string, limit?: number): Effect.Effect<Score, ProviderError>
}
class ScoringProvider extends Context.Service<ScoringProvider, Scoring>()(
  "strata/test/providers/remote/strata/RemoteApi.test/ScoringProvider"
) {}
class AllScoring extends Context.Service<AllScoring, ReadonlyArray<Instance<Scoring>>>()(
  "strata/test/providers/remote/strata/RemoteApi.test/AllScoring"
) {}

const ScoringApi: ProviderApi<"scoring", AllScoring, ScoringProvider, Scoring> = {
  name: "scoring",
  service: AllScoring,
  slot: ScoringProvider,
  contract: { score: "function", get: "function" }
}

class ScoringRoutes extends HttpApiGroup.make("scoring")
  .add(
    HttpApiEndpoint.post("createScore", "/scores/:name", {
      params: { name: Schema.String },
      payload: Schema.Struct({ rows: Schema.Array(Schema.Finite) }),
      success: Score,
      error: [BadRequest, NotFound]
    }),
    HttpApiEndpoint.get("retrieveScore", "/scores/:name", {
      params: { name: Schema.String },
      query: { limit: Schema.optionalKey(Schema.FiniteFromString) },
      success: Score,
      error: NotFound
    })
  )
  .prefix("/v1alpha")
{}

const family = <const Type extends `scoring:${string}`>(type: Type, raw: Schema.Codec<unknown, Schema.Json>) =>
  Event.family(type, {
    base: { description: "", payload: Schema.JsonObject },
    debug: { description: "", payload: Schema.JsonObject },
    raw: { description: "", payload: raw }
  })
const events = {
  Request: family("scoring:request", RequestTraffic),
  Response: family("scoring:response", ResponseTraffic),
  Error: family("scoring:error", ResponseTraffic)
}

// --- all it takes to ask another server --------------------------------------

const RemoteScoring = RemoteApi.make({
  api: ScoringApi,
  routes: ScoringRoutes,
  description: "Scores on another Strata.",
  call: (provider, operation) => ({
    method: {
      name: `scoring.${operation}`,
      input: Schema.Json,
      answer: Score,
      element: undefined,
      error: Schema.Union([ProviderRejected, ProviderFailed]),
      events
    },
    provider,
    input: () => "{}",
    common: { provider, operation },
    request: {},
    summarize: () => ({})
  }),
  service: ({ method }) => ({
    score: method(
      "createScore",
      (name: string, rows: ReadonlyArray<number>) => ({ params: { name }, payload: { rows } })
    ),
    get: method("retrieveScore", (name: string, limit?: number) => ({
      params: { name },
      query: limit === undefined ? {} : { limit }
    }))
  })
})

// -----------------------------------------------------------------------------

const World = EventHub.layer().pipe(
  Layer.provide(MemoryStore.layer),
  Layer.provideMerge(RecordingHttpClient.layer.pipe(Layer.provide(VendorClient.layer)))
)

const router = {
  api: ScoringApi,
  layer: (instances: ReadonlyArray<Instance<Scoring>>) => Layer.succeed(AllScoring, instances)
}

const given = Effect.fnUntraced(function*(respond: FakeUpstreamOptions["respond"], config: Schema.JsonObject = {}) {
  const server = yield* FakeUpstream.make(respond === undefined ? {} : { respond })
  const entry = {
    provider_id: "far",
    provider_type: "remote::strata",
    config: { base_url: server.url, api_key: "key-of-far", ...config }
  }
  const plan = yield* StackPlan.make([RemoteScoring], { providers: { scoring: [entry] } })
  const [instance] = Context.get(
    yield* Layer.build(Stack.layer(plan, [router]).pipe(Layer.provide(Supervised.layer))),
    AllScoring
  )
  const hub = yield* EventHub
  const clock = yield* Clock.Clock
  const requestId = EventIds.make(clock, yield* Random.Random)
  const recording = new Recording({
    hub,
    clock,
    requestId,
    sessionId: "s",
    parentSessionId: null,
    level: "raw",
    secrets: []
  })
  const scoring = yield* instance!.service
  return {
    server,
    scoring,
    ask: Effect.provideService(CurrentRecording, recording),
    events: Effect.andThen(recording.commit, readAll(hub, { requestId })),
    requestId
  }
})

const answer = () => ScriptedAnswer.json(200, { name: "a b", score: "0.5" })

describe("RemoteApi", () => {
  it.live("asks by the routes: path, query and body are encoded, the answer is decoded", () =>
    Effect.gen(function*() {
      const { ask, scoring, server } = yield* given(answer)
      assert.deepStrictEqual(yield* ask(scoring.score("a b", [1, 2.5])), { name: "a b", score: 0.5 })
      assert.deepStrictEqual(yield* ask(scoring.get("a/b", 3)), { name: "a b", score: 0.5 })
      yield* scoring.get("c")
      assert.deepStrictEqual(server.received.map(({ bodyText, method, path }) => [method, path, bodyText]), [
        ["POST", "/v1alpha/scores/a%20b", `{"rows":[1,2.5]}`],
        ["GET", "/v1alpha/scores/a%2Fb?limit=3", ""],
        ["GET", "/v1alpha/scores/c", ""]
      ])
    }).pipe(Effect.provide(World)))

  it.live("sends the key and the ids of its request, one hop more than it came with", () =>
    Effect.gen(function*() {
      const { ask, requestId, scoring, server } = yield* given(answer, { headers: { "X-Team": "blue" } })
      yield* ask(scoring.get("c")).pipe(Effect.provideService(ForwardingDepth.CurrentForwardingDepth, 2))
      assert.deepInclude(server.received[0]?.headers, {
        authorization: "Bearer key-of-far",
        "x-team": "blue",
        "x-strata-session-id": "s",
        "x-request-id": requestId,
        "x-strata-hops": "3"
      })
    }).pipe(Effect.provide(World)))

  it.live("records its calls as the API tells them", () =>
    Effect.gen(function*() {
      const respond: FakeUpstreamOptions["respond"] = ({ method }) =>
        method === "GET" ? ScriptedAnswer.error(404, "no such score") : answer()
      const { ask, events, scoring } = yield* given(respond)
      yield* ask(scoring.score("a", [1]))
      yield* Effect.flip(ask(scoring.get("a")))
      const recorded = yield* events
      const levels = (type: string) => [type, `${type}:debug`, `${type}:raw`]
      assert.deepStrictEqual(
        recorded.map(({ type }) => type),
        ["scoring:request", "scoring:response", "scoring:request", "scoring:error"].flatMap(levels)
      )
      assert.include(recorded[0]?.payload, `"operation":"createScore"`)
      assert.notInclude(JSON.stringify(recorded), "key-of-far")
    }).pipe(Effect.provide(World)))

  it.live("gives a refusal as it came, also one that the route does not declare", () =>
    Effect.gen(function*() {
      const text = `{"error": {"message":"no"},  "x":1.0}`
      for (const status of [404, 418]) {
        const { scoring } = yield* given(() => ({
          _tag: "Fixed",
          status,
          headers: { "retry-after": "3" },
          body: text
        }))
        assert.deepStrictEqual(
          yield* Effect.flip(scoring.get("c")),
          new ProviderRejected({ provider: "far", status, headers: { "retry-after": "3" }, text })
        )
      }
    }).pipe(Effect.provide(World)))

  it.live("says what is wrong with an answer that does not fit the routes", () =>
    Effect.gen(function*() {
      for (
        const odd of [ScriptedAnswer.json(200, { name: "a" }), ScriptedAnswer.json(202, { name: "a", score: "1" })]
      ) {
        const { scoring } = yield* given(() => odd)
        const error = yield* Effect.flip(scoring.get("c"))
        assert.instanceOf(error, ProviderFailed)
        assert.deepInclude(error, { provider: "far", reason: "invalid_answer" })
      }
    }).pipe(Effect.provide(World)))

  it.live("fails when the other server is down, is late, or the request is sent in a circle", () =>
    Effect.gen(function*() {
      const down = yield* given(answer)
      yield* down.server.close
      assert.deepInclude(yield* Effect.flip(down.scoring.get("c")), { provider: "far", reason: "unreachable" })

      const late = yield* given(() => ScriptedAnswer.silent, { timeout_ms: 20 })
      assert.deepInclude(yield* Effect.flip(late.scoring.get("c")), { provider: "far", reason: "timeout" })

      const circle = yield* given(answer)
      const error = yield* Effect.flip(
        Effect.provideService(circle.scoring.get("c"), ForwardingDepth.CurrentForwardingDepth, 4)
      )
      assert.deepInclude(error, { provider: "far", status: 508 })
      assert.lengthOf(circle.server.received, 0)
    }).pipe(Effect.provide(World)))
})
