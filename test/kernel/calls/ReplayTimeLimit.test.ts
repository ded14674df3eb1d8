/** A verification comes to its end, whatever a provider does when its call runs again; and it takes no answer of others. */
import { NodeHttpServer } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer, Schema, Stream } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { apis } from "../../../src/apis/Apis.ts"
import { InferenceProvider } from "../../../src/apis/inference/Inference.ts"
import { InferenceApi } from "../../../src/apis/inference/InferenceApi.ts"
import { EventHub } from "../../../src/events/log/EventHub.ts"
import * as SqliteStore from "../../../src/events/sqlite/SqliteStore.ts"
import type { Bytes } from "../../../src/kernel/bytes/Bytes.ts"
import * as ByteSource from "../../../src/kernel/bytes/ByteSource.ts"
import { CurrentCall } from "../../../src/kernel/calls/Call.ts"
import { NextReplayCall } from "../../../src/kernel/calls/NextReplayCall.ts"
import { ReplayTimeLimit } from "../../../src/kernel/calls/ReplayTimeLimit.ts"
import { chat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"
import { Modules } from "../../../src/kernel/modules/ModuleSet.ts"
import * as Provider from "../../../src/kernel/provider/Provider.ts"
import * as Verifier from "../../../src/server/Verifier.ts"
import { Chat } from "../../support/Chat.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"

type Ask = (client: HttpClient.HttpClient) => Effect.Effect<Bytes>

const get = (client: HttpClient.HttpClient, path: string) =>
  Effect.orDie(Effect.flatMap(client.execute(HttpClientRequest.get(path)), ({ text }) => text))

/** What only a verification has. */
const whenVerified = <A>(again: Effect.Effect<A>, first: Effect.Effect<A>) =>
  Effect.flatMap(NextReplayCall, (next) => next === undefined ? first : again)

const json = (body: string): Bytes => ({ status: 200, headers: { "content-type": "application/json" }, body })
const streamed = (stream: Stream.Stream<Uint8Array>): Bytes => ({
  status: 200,
  headers: { "content-type": "text/event-stream" },
  body: ByteSource.fromStream(stream)
})
const frame = Stream.succeed<Uint8Array>(Buffer.from("data: {}\n\n"))

const asks: Readonly<Record<string, Ask>> = {
  "never answers": (client) =>
    Effect.flatMap(get(client, "/inside"), (text) => whenVerified(Effect.never, Effect.succeed(json(text)))),
  "can't be interrupted": (client) =>
    Effect.flatMap(
      get(client, "/inside"),
      (text) => whenVerified(Effect.uninterruptible(Effect.never), Effect.succeed(json(text)))
    ),
  "never ends its stream": (client) =>
    Effect.andThen(
      get(client, "/inside"),
      whenVerified(Effect.succeed(streamed(Stream.concat(frame, Stream.never))), Effect.succeed(streamed(frame)))
    ),
  "asks outside of its call": (client) =>
    Effect.gen(function*() {
      yield* Effect.exit(Effect.provideService(get(client, "/outside"), CurrentCall, undefined))
      return json(yield* get(client, "/inside"))
    })
}

const Odd = Provider.make({
  api: InferenceApi,
  type: "remote::odd",
  description: "Behaves when it is recorded.",
  config: Schema.Struct({ base_url: Schema.String.annotate({ description: "The vendor." }) }),
  requires: [],
  layer: ({ base_url }, { provider_id }) =>
    Layer.effect(
      InferenceProvider,
      Effect.map(HttpClient.HttpClient, (client) => {
        const vendor = HttpClient.mapRequest(client, HttpClientRequest.prependUrl(base_url))
        return InferenceProvider.of({
          dialects: [chat],
          send: ({ model }) => asks[model]!(vendor),
          models: {
            source: "configuration",
            list: Effect.succeed(Object.keys(asks).map((id) => ({ id, created: 0, owned_by: provider_id })))
          }
        })
      })
    )
})

const recordedBy = Effect.fnUntraced(function*(model: string) {
  const vendor = yield* FakeUpstream.make({ respond: ({ path }) => ScriptedAnswer.json(200, { path }) })
  const strata = yield* Strata.make({
    types: [Odd] as never,
    providers: [{ provider_id: "p", provider_type: "remote::odd", config: { base_url: vendor.url } }]
  })
  yield* Chat.ask(strata.url, { model: `p/${model}`, session: "s" })
  yield* strata.close
  const hub = EventHub.layer().pipe(
    Layer.provide(SqliteStore.layer({ folder: strata.folder, access: "read" })),
    Layer.provide(apis.catalog.upcasting),
    Layer.provideMerge(NodeHttpServer.layerHttpServices)
  )
  return yield* Verifier.verify([Odd], "s").pipe(
    Effect.provide(hub),
    Effect.provideService(Modules, apis),
    Effect.provideService(ReplayTimeLimit, Duration.millis(300))
  )
})

describe("a verification of a call whose provider", () => {
  it.live.each(["never answers", "can't be interrupted", "never ends its stream"])(
    "%s ends as diverged",
    (model) =>
      Effect.gen(function*() {
        const { divergence } = yield* recordedBy(model)
        assert.include(["llm:response", "api:response"], divergence?.type)
      }).pipe(Effect.scoped)
  )
})
