/** A call is settled at its end, whatever of a vendor's answer its provider has read. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema, Stream } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { InferenceProvider } from "../../../src/apis/inference/Inference.ts"
import { InferenceApi } from "../../../src/apis/inference/InferenceApi.ts"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import * as Bytes from "../../../src/kernel/bytes/Bytes.ts"
import * as ByteSource from "../../../src/kernel/bytes/ByteSource.ts"
import { chat } from "../../../src/kernel/dialects/chat/ChatDialect.ts"
import * as DialectVendor from "../../../src/kernel/dialects/DialectVendor.ts"
import type { WireCall, WireResponse } from "../../../src/kernel/dialects/WireCall.ts"
import type { ProviderError } from "../../../src/kernel/http/ProviderErrors.ts"
import { ProviderFailed } from "../../../src/kernel/http/ProviderErrors.ts"
import * as Provider from "../../../src/kernel/provider/Provider.ts"
import { registry } from "../../../src/providers/Registry.ts"
import { Chat } from "../../support/Chat.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"

const completion = (content: string) =>
  JSON.stringify({
    id: "c",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }]
  })

const frames = [`data: ${completion("own")}\n\n`, "data: [DONE]\n\n"].map((text) => Buffer.from(text))

type Ask = (
  client: HttpClient.HttpClient,
  call: WireCall
) => Effect.Effect<WireResponse, ProviderError>

const failure = new ProviderFailed({ provider: "p", reason: "invalid_answer", detail: "it looked away" })
const send = (client: HttpClient.HttpClient, path: string) => Effect.orDie(client.execute(HttpClientRequest.post(path)))

const asks: Readonly<Record<string, Ask>> = {
  plain: (client) => Effect.map(send(client, "/ok"), () => Bytes.json(200, completion("own"))),
  status: (client) => Effect.map(send(client, "/queued"), ({ status }) => Bytes.json(200, completion(`got ${status}`))),
  stream: (client) =>
    Effect.map(send(client, "/ok"), () => Bytes.events(200, ByteSource.fromStream(Stream.fromIterable(frames)))),
  failing: (client) => Effect.andThen(send(client, "/ok"), Effect.fail(failure)),
  twice: (client) =>
    Effect.gen(function*() {
      const first = yield* send(client, "/ok")
      const text = yield* Effect.orDie(first.text)
      const { status } = yield* send(client, "/queued")
      return Bytes.json(200, completion(`${text} ${status}`))
    }),
  redirected: (client, call) =>
    DialectVendor.make({
      dialect: chat,
      provider: "p",
      client,
      path: () => "/moved"
    }).send(call)
}

const Careless = Provider.make({
  api: InferenceApi,
  type: "remote::careless",
  description: "Asks its vendor, and does not read what it says.",
  config: Schema.Struct({ base_url: Schema.String.annotate({ description: "The vendor." }) }),
  requires: [],
  layer: ({ base_url }, { provider_id }) =>
    Layer.effect(
      InferenceProvider,
      Effect.map(HttpClient.HttpClient, (client) => {
        const vendor = HttpClient.mapRequest(client, HttpClientRequest.prependUrl(base_url))
        return InferenceProvider.of({
          dialects: [chat],
          send: (call) => asks[call.model]!(vendor, call),
          models: {
            source: "configuration",
            list: Effect.succeed(Object.keys(asks).map((id) => ({ id, created: 0, owned_by: provider_id })))
          }
        })
      })
    )
})

const given = Effect.gen(function*() {
  const vendor = yield* FakeUpstream.make({
    respond: ({ path }) => {
      const status = path.endsWith("/queued") ? 202 : path.includes("/moved") ? 302 : 200
      return ScriptedAnswer.json(status, { id: "vendor" })
    }
  })
  return yield* Strata.make({
    types: [...registry, Careless] as never,
    providers: [{ provider_id: "p", provider_type: "remote::careless", config: { base_url: vendor.url } }]
  })
})

describe("a vendor's answer that its provider does not read", () => {
  it.live.each([
    { model: "plain", endings: ["llm:response"] },
    { model: "status", endings: ["llm:response"] },
    { model: "stream", endings: ["llm:response"] },
    { model: "failing", endings: ["llm:response"] },
    { model: "twice", endings: ["llm:response", "llm:response"] },
    { model: "redirected", endings: ["llm:response"] }
  ])("leaves a whole call, and verifies: $model", ({ endings, model }) =>
    Effect.gen(function*() {
      const strata = yield* given
      yield* Chat.ask(strata.url, { model: `p/${model}`, stream: model === "stream", session: "s" })
      const events = yield* strata.events({ types: ["llm:*"], level: "default" })
      assert.sameMembers(events.map(({ type }) => type), [...endings.map(() => "llm:request"), ...endings])
      const verified = yield* Http.send(strata.url, "/v1/sessions/s/verify", { method: "POST" })
      assert.deepInclude(Object(verified.json), { status: "identical", divergence: null })
      for (const event of events) assert.isObject(payloadOf(event))
    }).pipe(Effect.scoped))
})
