/** A call goes to the provider that serves its model, under the name the vendor knows. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import type { ProviderModel } from "../../../src/apis/inference/Inference.ts"
import { Inference } from "../../../src/apis/inference/Inference.ts"
import * as InferenceLive from "../../../src/apis/inference/InferenceLive.ts"
import type { InferenceInstance } from "../../../src/apis/models/ModelRegistry.ts"
import { Models } from "../../../src/apis/models/Models.ts"
import { ModelsKind } from "../../../src/apis/models/ModelsKind.ts"
import * as ModelsLive from "../../../src/apis/models/ModelsLive.ts"
import { chat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"
import type { WireCall } from "../../../src/kernel/dialects/WireCall.ts"
import { ProviderFailed } from "../../../src/kernel/http/ProviderErrors.ts"
import { ProviderUnavailable } from "../../../src/kernel/http/ProviderUnavailable.ts"
import * as ReplayHooks from "../../../src/kernel/replay/ReplayHooks.ts"
import { ReplaySources } from "../../../src/kernel/replay/ReplaySources.ts"
import { CurrentReplayRegistrations } from "../../../src/kernel/resources/ReplayRegistrations.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"
import { instance, resource } from "../../support/Models.ts"
import { recorded } from "../../support/RecordedEvents.ts"
import * as Supervised from "../../support/Supervised.ts"

const model = (id: string): ProviderModel => ({ id, created: 5, owned_by: "v" })

const provider = (
  id: string,
  received: Array<WireCall>,
  ...models: ReadonlyArray<string>
): InferenceInstance =>
  instance(id, {
    dialects: [chat],
    send: (call) =>
      Effect.sync(() => {
        received.push(call)
        return { status: 200, headers: {}, body: `{"from":"${id}"}` }
      }),
    models: { source: "configuration", list: Effect.succeed(models.map(model)) }
  })

const call = (name: string): WireCall => ({
  dialect: chat,
  model: name,
  stream: false,
  body: { model: name, messages: [{ role: "user", content: "x" }], extra: 1 },
  text: `{ "model": "${name}", "messages": [], "extra": 1.0 }`
})

const noHooks = ReplayHooks.layer([])
const recordings = ReplaySources.layer.pipe(Layer.provide(NodeServices.layer))

/** As a server puts the pair together. */
const router = (instances: ReadonlyArray<InferenceInstance>) =>
  Layer.provideMerge(InferenceLive.layer(instances), ModelsLive.withRegistry(instances))

const live = (...instances: ReadonlyArray<InferenceInstance>) =>
  router(instances).pipe(
    Layer.provide(noHooks),
    Layer.provide(Supervised.layer),
    Layer.provide(recordings),
    Layer.provide(MemoryHub.layer)
  )

describe("InferenceRouting", () => {
  it.effect("hands a call to the provider of its model, and only the model changes", () => {
    const [one, other]: [Array<WireCall>, Array<WireCall>] = [[], []]
    return Effect.gen(function*() {
      const inference = yield* Inference
      const answer = yield* inference.send(call("q/org/m"))
      assert.deepStrictEqual(answer, { status: 200, headers: {}, body: `{"from":"q"}` })
      assert.deepStrictEqual(one, [])
      assert.deepStrictEqual(other, [{
        ...call("q/org/m"),
        model: "org/m",
        text: `{ "model": "org/m", "messages": [], "extra": 1.0 }`
      }])
    }).pipe(Effect.provide(live(provider("p", one, "org/m"), provider("q", other, "org/m"))))
  })

  it.effect("passes on how a provider fails", () => {
    const failure = new ProviderFailed({ provider: "p", reason: "timeout", detail: "late" })
    const failing = instance("p", {
      dialects: [chat],
      send: () => Effect.fail(failure),
      models: { list: Effect.succeed([model("m")]) }
    })
    return Effect.gen(function*() {
      const inference = yield* Inference
      assert.strictEqual(yield* Effect.flip(inference.send(call("p/m"))), failure)
    }).pipe(Effect.provide(live(failing)))
  })

  it.effect("does not know a model nobody lists, and suggests one", () =>
    Effect.gen(function*() {
      const inference = yield* Inference
      const error = yield* Effect.flip(inference.send(call("p/gpd")))
      assert.include(error.message, "Did you mean p/gpt?")
      const models = yield* Models
      assert.strictEqual((yield* Effect.flip(models.get("p/gpd")))._tag, "ResourceNotFound")
    }).pipe(Effect.provide(live(provider("p", [], "gpt")))))

  it.effect("has a provider looked at that did not work when it was last looked at: perhaps it is back", () => {
    const ill = { ...provider("p", [], "m"), lastCheck: { works: false } }
    return Effect.gen(function*() {
      ill.lastCheck.works = false
      const inference = yield* Inference
      ill.lastCheck.works = false
      yield* inference.send(call("p/m"))
      yield* ill.checkRequested.await
    }).pipe(Effect.provide(live(ill)))
  })

  it.effect("says of a provider that does not run why it does not", () => {
    const down = instance("p", {}, {
      service: Effect.fail(new ProviderUnavailable({ api: "inference", provider_id: "p", reason: "no license" }))
    })
    return Effect.gen(function*() {
      const inference = yield* Inference
      const error = yield* Effect.flip(inference.send(call("p/anything")))
      assert.strictEqual(error._tag, "ProviderUnavailable")
      assert.include(error.message, "no license")
    }).pipe(Effect.provide(live(down)))
  })

  it.effect("does not know a model whose provider does not run", () => {
    const event = recorded(ModelsKind.registered, { payload: ModelsKind.toPayload(resource("gone", "m")) })
    const layer = router([]).pipe(
      Layer.provide(noHooks),
      Layer.provide(Supervised.layer),
      Layer.provide(recordings),
      Layer.provide(MemoryHub.layer),
      Layer.provide(Layer.succeed(CurrentReplayRegistrations, { events: [event], position: () => 1 }))
    )
    return Effect.gen(function*() {
      const inference = yield* Inference
      assert.strictEqual((yield* Effect.flip(inference.send(call("gone/m"))))._tag, "ResourceNotFound")
    }).pipe(Effect.provide(layer))
  })

  it.effect("lists the models of all providers in order of id", () =>
    Effect.gen(function*() {
      const models = yield* Models
      assert.deepStrictEqual((yield* models.list).map(({ id }) => id), ["p/a", "p/c", "q/b"])
      assert.deepStrictEqual(yield* models.get("q/b"), {
        id: "q/b",
        object: "model",
        created: 5,
        owned_by: "v",
        provider_id: "q",
        provider_model_id: "b",
        identifier: "q/b",
        provider_resource_id: "b",
        type: "model",
        model_type: "llm",
        metadata: {},
        source: "configuration",
        custom_metadata: { model_type: "llm", provider_id: "q", provider_resource_id: "b" }
      })
    }).pipe(Effect.provide(live(provider("q", [], "b"), provider("p", [], "c", "a")))))
})
