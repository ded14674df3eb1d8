/** What a configuration asks for around calls works for providers without a wire, too, and replays without them. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { InferenceProvider } from "../../../src/apis/inference/Inference.ts"
import { InferenceApi } from "../../../src/apis/inference/InferenceApi.ts"
import * as LlmErrors from "../../../src/kernel/messages/LlmErrors.ts"
import * as Provider from "../../../src/kernel/provider/Provider.ts"
import { Chat } from "../../support/Chat.ts"
import { Http } from "../../support/Http.ts"
import { Strata } from "../../support/Strata.ts"

const retry = {
  max_retries: 3,
  initial_delay_ms: 1,
  max_delay_ms: 2,
  multiplier: 2,
  jitter: 0,
  deadline_ms: 60_000
}

const given = Effect.gen(function*() {
  const asked = { count: 0 }
  const flaky = Provider.make({
    api: InferenceApi,
    type: "inline::flaky",
    description: "Fails twice, then answers.",
    config: Schema.Struct({}),
    requires: [],
    layer: () =>
      Layer.succeed(
        InferenceProvider,
        InferenceProvider.of({
          complete: () =>
            Effect.suspend(() =>
              ++asked.count < 3
                ? Effect.fail(LlmErrors.of({ kind: "overloaded", message: "busy" }))
                : Effect.succeed({ content: [{ type: "text", text: "fine" }], finish_reason: "stop" })
            ),
          reliability: () => ({ retry, vendor: { limits: undefined } }),
          models: { source: "configuration", list: Effect.succeed([{ id: "m", created: 0, owned_by: "me" }]) }
        })
      )
  })
  const strata = yield* Strata.make({
    level: "raw",
    types: [flaky],
    providers: [{ provider_id: "flaky", provider_type: "inline::flaky", config: {} }]
  })
  return { asked, strata }
})

describe("a provider in the process that asks for retries", () => {
  it.live("is asked again, and a verification needs neither it nor time", () =>
    Effect.gen(function*() {
      const { asked, strata } = yield* given
      const { status, text } = yield* Chat.ask(strata.url, { model: "flaky/m", session: "s" })
      assert.strictEqual(status, 200, text)
      assert.strictEqual(asked.count, 3)
      const events = yield* strata.events({ types: ["provider:retry"] })
      assert.deepStrictEqual(events.map(({ attempt, provider }) => [attempt, provider]), [[1, "flaky"], [2, "flaky"]])
      const { json } = yield* Http.post(strata.url, "/v1/sessions/s/verify", {})
      assert.strictEqual(Object(json).status, "identical", JSON.stringify(json))
      assert.strictEqual(asked.count, 3)
    }).pipe(Effect.scoped))
})
