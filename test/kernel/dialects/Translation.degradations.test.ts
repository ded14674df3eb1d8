/** Between a client's dialect and a vendor's, over HTTP: usage of streams, and what is degraded. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"
import * as Vendors from "../../support/Vendors.ts"

const head = { id: "c", object: "chat.completion.chunk", created: 1, model: "m" }
const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 }

/** A vendor that says its usage only to who asks for it, in a chunk without choices, behind the reason of the end. */
const chatVendor = FakeUpstream.make({
  respond: ({ body }) =>
    ScriptedAnswer.events([
      { ...head, choices: [{ index: 0, delta: { role: "assistant", content: "Hi" }, finish_reason: null }] },
      { ...head, choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
      ...Object(body).stream_options?.include_usage === true ? [{ ...head, choices: [], usage }] : []
    ])
})

const user = [{ role: "user", content: "Hi?" }]

describe("a stream of a chat vendor", () => {
  it.live("is asked for its usage for a client of another dialect, who gets it, as the log does", () =>
    Effect.gen(function*() {
      const upstream = yield* chatVendor
      const strata = yield* Strata.make({ providers: [Vendors.entry("openai", upstream)] })
      const body = { model: "openai/m", max_tokens: 9, stream: true, messages: user }
      const { text } = yield* Http.post(strata.url, "/v1/messages", body)
      assert.deepInclude(Object(upstream.received[0]?.body), { stream: true, stream_options: { include_usage: true } })
      const last = text.split("\n").findLast((line) => line.includes("\"message_delta\""))!
      assert.deepInclude(JSON.parse(last.slice(6)).usage, { input_tokens: 7, output_tokens: 3 })
      const [event] = yield* strata.events({ types: ["llm:response"] })
      assert.deepInclude(Object(payloadOf(event!)).usage, { input_tokens: 7, output_tokens: 3 })
    }))

  it.live("is asked for no usage where its client speaks the dialect and asks for none, nor where nothing streams", () =>
    Effect.gen(function*() {
      const upstream = yield* chatVendor
      const strata = yield* Strata.make({ providers: [Vendors.entry("openai", upstream)] })
      yield* Http.post(strata.url, "/v1/chat/completions", { model: "openai/m", stream: true, messages: user })
      yield* Http.post(strata.url, "/v1/messages", { model: "openai/m", max_tokens: 9, messages: user })
      for (const { body } of upstream.received) assert.notProperty(Object(body), "stream_options")
    }))
})

describe("a translated answer", () => {
  const given = Effect.gen(function*() {
    const upstream = yield* FakeUpstream.make({ respond: () => Vendors.message([{ type: "text", text: "Hi" }]) })
    const strata = yield* Strata.make({ providers: [Vendors.entry("anthropic", upstream)] })
    return (more: Schema.JsonObject) =>
      Http.post(strata.url, "/v1/chat/completions", { model: "anthropic/m", messages: user, ...more })
  })

  it.live.each([false, true])("says in a header what was done instead: stream %s", (stream) =>
    Effect.gen(function*() {
      const ask = yield* given
      const { headers } = yield* ask({ stream, temperature: 1.8 })
      assert.match(String(headers["x-strata-degradation"]), /^temperature 1\.8 -> temperature 1\b/)
    }))

  it.live("has no such header where all is as asked for", () =>
    Effect.gen(function*() {
      const ask = yield* given
      const { headers, status } = yield* ask({})
      assert.strictEqual(status, 200)
      assert.notProperty(headers, "x-strata-degradation")
    }))
})
