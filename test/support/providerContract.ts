/** What every inference provider does, whatever is behind it. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Context, Effect, Layer, Random, Stream } from "effect"
import type { Schema, Scope } from "effect"
import type { InferenceProvider } from "../../src/apis/inference/Inference.ts"
import { InferenceApi } from "../../src/apis/inference/InferenceApi.ts"
import * as InferenceCalls from "../../src/apis/inference/InferenceCalls.ts"
import { EventHub } from "../../src/events/log/EventHub.ts"
import { readAll } from "../../src/events/log/ReadAll.ts"
import * as MemoryStore from "../../src/events/memory/MemoryStore.ts"
import * as EventIds from "../../src/events/types/EventIds.ts"
import { isStreamed } from "../../src/kernel/bytes/Bytes.ts"
import * as Calls from "../../src/kernel/calls/Calls.ts"
import * as RecordingHttpClient from "../../src/kernel/calls/RecordingHttpClient.ts"
import * as VendorClient from "../../src/kernel/client/VendorClient.ts"
import { Contributions } from "../../src/kernel/contributions/Contributions.ts"
import { ProviderFailed, ProviderRejected } from "../../src/kernel/http/ProviderErrors.ts"
import type { Instance } from "../../src/kernel/provider/Instance.ts"
import { ReplaySources } from "../../src/kernel/replay/ReplaySources.ts"
import { CurrentRecording, Recording } from "../../src/kernel/requests/Recording.ts"
import * as Stack from "../../src/kernel/stack/Stack.ts"
import * as StackPlan from "../../src/kernel/stack/StackPlan.ts"
import { registry } from "../../src/providers/Registry.ts"
import * as Supervised from "./Supervised.ts"
import { callOf } from "./WireCalls.ts"

export interface Fixture {
  /** As it would be written in a configuration file. */
  readonly config: Schema.JsonObject
  /** A request that has a JSON answer, and with `stream: true` a streamed one. */
  readonly answered: Schema.JsonObject
  /** A request that fails. */
  readonly failing: Schema.JsonObject
}

type Provider = Context.Service.Shape<typeof InferenceProvider>

const World = EventHub.layer().pipe(
  Layer.provide(MemoryStore.layer),
  (hub) =>
    Layer.merge(ReplaySources.layer, Contributions.layer).pipe(
      Layer.provideMerge(hub),
      Layer.provide(NodeServices.layer)
    ),
  Layer.provideMerge(RecordingHttpClient.layer.pipe(Layer.provide(VendorClient.layer)))
)

const provider_id = "given"

class Instances extends Context.Service<Instances, ReadonlyArray<Instance<Provider>>>()(
  "strata/test/support/providerContract/Instances"
) {}

/** Hands out the instances themselves. */
const router = {
  api: { ...InferenceApi, service: Instances },
  layer: (instances: ReadonlyArray<Instance<Provider>>) => Layer.succeed(Instances, instances)
}

const start = ({ type }: (typeof registry)[number], config: Schema.JsonObject) =>
  Effect.gen(function*() {
    const inference = [{ provider_id, provider_type: type, config, required: true }]
    const plan = yield* StackPlan.make(registry, { providers: { inference } })
    const instances = Context.get(
      yield* Layer.build(Stack.layer(plan, [router]).pipe(Layer.provide(Supervised.layer))),
      Instances
    )
    return yield* instances[0]!.service
  })

/** A request that is recorded: how it calls the provider, and what its events are. */
const makeRequest = Effect.gen(function*() {
  const hub = yield* EventHub
  const clock = yield* Clock.Clock
  const requestId = EventIds.make(clock, yield* Random.Random)
  const recording = new Recording({
    hub,
    clock,
    requestId,
    sessionId: null,
    parentSessionId: null,
    level: "raw",
    secrets: []
  })
  const ask = (provider: Provider, body: Schema.JsonObject) =>
    Effect.gen(function*() {
      const call = callOf(body)
      const answer = yield* Calls.run(InferenceCalls.of(provider_id, call), provider.send!(call))
      return isStreamed(answer)
        ? yield* Stream.mkString(Stream.decodeText(answer.body.stream))
        : answer.body as string
    }).pipe(Effect.provideService(CurrentRecording, recording))
  const events = Effect.andThen(recording.commit, readAll(hub, { requestId }))
  return { ask, events }
})

const levels = (type: string) => [type, `${type}:debug`, `${type}:raw`]

export const providerContract = (
  definition: (typeof registry)[number],
  fixture: Effect.Effect<Fixture, never, Scope.Scope | EventHub>,
  /** How it is configured, where that matters. */
  name = ""
) =>
  describe(`${definition.type}${name} as an inference provider`, () => {
    const given = Effect.gen(function*() {
      const { config, ...bodies } = yield* fixture
      return { provider: yield* start(definition, config), request: yield* makeRequest, ...bodies }
    })

    it.live("answers JSON", () =>
      Effect.gen(function*() {
        const { answered, provider, request } = yield* given
        const answer = JSON.parse(yield* request.ask(provider, answered))
        assert.isArray(answer.choices)
      }).pipe(Effect.provide(World)))

    it.live("answers a stream of JSON frames that ends in exactly one [DONE]", () =>
      Effect.gen(function*() {
        const { answered, provider, request } = yield* given
        const text = yield* request.ask(provider, { ...answered, stream: true })
        const frames = text.split("\n\n").filter((frame) => frame !== "")
        assert.strictEqual(frames.pop(), "data: [DONE]")
        assert.isAbove(frames.length, 0)
        for (const frame of frames) assert.isArray(JSON.parse(frame.replace(/^data: /, "")).choices)
      }).pipe(Effect.provide(World)))

    it.live("lists its models by the names it is asked for", () =>
      Effect.gen(function*() {
        const { answered, provider } = yield* given
        const models = yield* provider.models.list
        assert.include(models.map(({ id }) => id), answered["model"])
      }).pipe(Effect.provide(World)))

    it.live("emits the request, then the response, with the number of the attempt", () =>
      Effect.gen(function*() {
        const { answered, provider, request } = yield* given
        yield* request.ask(provider, answered)
        yield* request.ask(provider, { ...answered, stream: true })
        const events = yield* request.events
        const call = ["llm:request", "llm:response"].flatMap(levels)
        assert.deepStrictEqual(events.map(({ type }) => type), [...call, ...call])
        assert.deepStrictEqual(events.map(({ attempt }) => attempt), [...call.map(() => 1), ...call.map(() => 2)])
        for (const { provider } of events) assert.strictEqual(provider, provider_id)
      }).pipe(Effect.provide(World)))

    it.live("fails with a typed error that names the provider", () =>
      Effect.gen(function*() {
        const { failing, provider, request } = yield* given
        for (const body of [failing, { ...failing, stream: true }]) {
          const error = yield* Effect.flip(request.ask(provider, body))
          assert.isTrue(error instanceof ProviderFailed || error instanceof ProviderRejected)
          assert.include(error.message, provider_id)
        }
        for (const { type } of yield* request.events) assert.notMatch(type, /^llm:response/)
      }).pipe(Effect.provide(World)))
  })
