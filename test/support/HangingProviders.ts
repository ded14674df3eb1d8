/** Provider types that never come to their end: what they hold keeps a process alive. */
import { Console, Effect, Layer, Schema } from "effect"
import { HttpClient } from "effect/http"
import { InferenceProvider } from "../../src/apis/inference/Inference.ts"
import { InferenceApi } from "../../src/apis/inference/InferenceApi.ts"
import { chat } from "../../src/kernel/dialects/chat/ChatDialect.ts"
import type { WireResponse } from "../../src/kernel/dialects/WireCall.ts"
import * as Provider from "../../src/kernel/provider/Provider.ts"

const text = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: "Still here." }, finish_reason: "stop" }]
})

const headers = { "content-type": "application/json" }

const answer = Effect.succeed({ status: 200, headers, body: text })

const make = (name: string, end: Effect.Effect<void>, call: Effect.Effect<WireResponse> = answer) =>
  Provider.make({
    api: InferenceApi,
    type: `inline::${name}`,
    description: "Does not end. What calls its upstream is started in a verification, too.",
    config: Schema.Struct({ upstream: Schema.optionalKey(Schema.String) }),
    requires: [],
    layer: ({ upstream }, { provider_id }) =>
      Layer.effect(
        InferenceProvider,
        Effect.gen(function*() {
          yield* Effect.acquireRelease(
            Effect.sync(() => setInterval(() => {}, 1000)),
            () => Effect.andThen(Console.error("it is asked to end"), end)
          )
          const client = yield* HttpClient.HttpClient
          const asked = upstream === undefined
            ? Effect.void
            : Effect.orDie(Effect.flatMap(client.get(upstream), ({ text }) => text))
          return InferenceProvider.of({
            dialects: [chat],
            send: () => Effect.andThen(asked, call),
            models: {
              source: "configuration",
              list: Effect.succeed([{ id: "m", created: 0, owned_by: provider_id }])
            }
          })
        })
      )
  })

/** What a configuration names with `module`. */
export const strata = "^0.1"
export const providers = [
  make("hangs", Effect.interruptible(Effect.never)),
  make("deaf", Effect.uninterruptible(Effect.never)),
  make("silent", Effect.void, Effect.uninterruptible(Effect.andThen(Console.error("it is asked"), Effect.never)))
]
