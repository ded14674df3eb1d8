/** What was recorded over one wire answers clients of every dialect. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { FakeUpstream } from "../../../support/FakeUpstream.ts"
import { Http } from "../../../support/Http.ts"
import { Strata } from "../../../support/Strata.ts"
import * as TemporaryFolder from "../../../support/TemporaryFolder.ts"
import * as Vendors from "../../../support/Vendors.ts"

const chat = (provider: string, more: Schema.JsonObject = {}) => ({
  model: `${provider}/m`,
  max_tokens: 100,
  messages: [{ role: "user", content: "Oslo?" }],
  ...more
})

const events = [
  {
    type: "message_start",
    message: { id: "msg_1", role: "assistant", model: "m", content: [], usage: { input_tokens: 3 } }
  },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Rain" } },
  { type: "content_block_stop", index: 0 },
  { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 1 } },
  { type: "message_stop" }
]

describe("inline::replay", () => {
  it.live("answers chat and messages clients from what a chat client had of Anthropic, and verifies", () =>
    Effect.gen(function*() {
      const folder = yield* TemporaryFolder.make
      const upstream = yield* FakeUpstream.make({
        respond: ({ body }) =>
          Object(body).stream === true
            ? Vendors.messageEvents(...events)
            : Vendors.message([{ type: "text", text: "Rain" }])
      })
      const recorder = yield* Strata.make({ folder, level: "raw", providers: [Vendors.entry("anthropic", upstream)] })
      for (const stream of [false, true]) {
        const { status, text } = yield* Http.post(recorder.url, "/v1/chat/completions", chat("anthropic", { stream }), {
          "x-strata-session-id": "recorded"
        })
        assert.strictEqual(status, 200, text)
      }
      yield* recorder.close

      const providers = [{ provider_id: "ai", provider_type: "inline::replay", config: { session: "recorded" } }]
      const strata = yield* Strata.make({ folder, level: "raw", providers })
      const ask = (path: string, stream: boolean) =>
        Http.post(strata.url, path, chat("ai", { stream }), { "x-strata-session-id": "replayed" })
      const plain = yield* ask("/v1/chat/completions", false)
      assert.strictEqual(Object(plain.json).choices?.[0].message.content, "Rain", plain.text)
      const streamed = yield* ask("/v1/chat/completions", true)
      assert.include(streamed.text, "\"content\":\"Rain\"")
      assert.include(streamed.text, "data: [DONE]")
      const message = yield* ask("/v1/messages", false)
      assert.deepInclude(Object(message.json), { type: "message", content: [{ type: "text", text: "Rain" }] })
      assert.lengthOf(upstream.received.filter(({ method }) => method === "POST"), 2)
      const { json } = yield* Http.post(strata.url, "/v1/sessions/replayed/verify", {})
      assert.deepInclude(Object(json), { status: "identical", requests: 3 })
    }).pipe(Effect.scoped))
})
