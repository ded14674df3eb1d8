/** A session that was held in Anthropic's dialect is folded, forked and continued in it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import type { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"
import * as Vendors from "../../support/Vendors.ts"

const session = "chat-1"
const headers = { "x-strata-session-id": session }
const call = { type: "tool_use", id: "toolu_1", name: "get_weather", input: { city: "Oslo" } }
const request = {
  model: "anthropic/m",
  max_tokens: 100,
  system: "Be terse.",
  messages: [{ role: "user", content: "Weather in Oslo?" }]
}

const respond = ({ body }: { readonly body: Schema.Json | undefined }): ScriptedAnswer =>
  Object(body).messages.length === 1
    ? Vendors.message([call], { stop_reason: "tool_use" })
    : Vendors.message([{ type: "text", text: "Rain." }])

describe("a session of messages", () => {
  it.live("is forked with another tool result, and goes on where it was held", () =>
    Effect.gen(function*() {
      const upstream = yield* FakeUpstream.make({ respond })
      const strata = yield* Strata.make({ level: "raw", providers: [Vendors.entry("anthropic", upstream)] })
      const asked = yield* Http.post(strata.url, "/v1/messages", request, headers)
      assert.strictEqual(asked.status, 200, asked.text)
      const state = yield* Http.send(strata.url, `/v1/sessions/${session}/state`)
      assert.deepStrictEqual(Object(state.json).messages, [
        ...request.messages,
        { role: "assistant", content: [call] }
      ])

      const forked = yield* Http.post(strata.url, `/v1/sessions/${session}/fork`, {
        tool_results: { toolu_1: "snow" }
      })
      assert.strictEqual(forked.status, 201, forked.text)
      const { next_path, next_request, session: child } = Object(forked.json)
      assert.strictEqual(next_path, "/v1/messages")
      assert.strictEqual(next_request.system, request.system)
      assert.deepStrictEqual(next_request.messages.at(-1), {
        role: "user",
        content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "snow" }]
      })
      const answered = yield* Http.post(strata.url, next_path, next_request, { "x-strata-session-id": child.id })
      assert.deepInclude(Object(answered.json), { content: [{ type: "text", text: "Rain." }] })
      assert.deepStrictEqual(upstream.received.map(({ path }) => path), ["/v1/messages", "/v1/messages"])
    }).pipe(Effect.scoped))
})
