/** What is done to a request before its vendor gets it: it is sent repaired, and said in the log. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"
import * as Vendors from "../../support/Vendors.ts"

const call = { id: "call_1", type: "function", function: { name: "get_weather", arguments: "{}" } }
const messages: ReadonlyArray<Schema.JsonObject> = [
  { role: "user", content: "Oslo?" },
  { role: "assistant", content: null, tool_calls: [call] },
  { role: "user", content: "And?" }
]

const completion = {
  id: "c",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }]
}

const given = (config: Schema.JsonObject = {}) =>
  Effect.gen(function*() {
    const anthropic = yield* FakeUpstream.make({ respond: () => Vendors.message([{ type: "text", text: "Hi" }]) })
    const openai = yield* FakeUpstream.make({ respond: () => ScriptedAnswer.json(200, completion) })
    const providers = [Vendors.entry("anthropic", anthropic), Vendors.entry("openai", openai, config)]
    const strata = yield* Strata.make({ level: "raw", providers })
    const ask = (model: string, more: Schema.JsonObject = {}) =>
      Http.post(strata.url, "/v1/chat/completions", { model, messages, ...more })
    const changes = Effect.map(
      strata.events({ types: ["provider:tool_sequence_repaired", "provider:request_degraded"] }),
      (events) => events.map((event) => ({ type: event.type, ...Object(payloadOf(event)) }))
    )
    return { anthropic, openai, ask, changes, strata }
  })

const sent = (upstream: FakeUpstream) => Object(upstream.received.at(-1)?.body)

describe("a request for a vendor of another dialect", () => {
  it.live("is repaired where a call has no result, and the log says so", () =>
    Effect.gen(function*() {
      const { anthropic, ask, changes } = yield* given()
      assert.strictEqual((yield* ask("anthropic/m")).status, 200)
      const [, , results] = sent(anthropic).messages
      assert.strictEqual(results.role, "user")
      assert.deepInclude(results.content[0], { type: "tool_result", tool_use_id: "call_1", is_error: true })
      assert.deepStrictEqual(yield* changes, [{
        type: "provider:tool_sequence_repaired",
        provider: "anthropic",
        model: "m",
        repair_count: 1,
        repairs: [{ kind: "missing_result", tool_call_id: "call_1", tool_name: "get_weather" }]
      }])
    }).pipe(Effect.scoped))

  it.live("asks for less where the dialect can't say it, and the log says so", () =>
    Effect.gen(function*() {
      const { anthropic, ask, changes } = yield* given()
      yield* ask("anthropic/m", { messages: messages.slice(0, 1), temperature: 1.8 })
      assert.isAtMost(sent(anthropic).temperature, 1)
      const [change, ...others] = yield* changes
      assert.deepStrictEqual(others, [])
      assert.deepInclude(change, { type: "provider:request_degraded", provider: "anthropic", model: "m" })
      assert.include(JSON.stringify(change), "temperature")
    }).pipe(Effect.scoped))
})

describe("what one dialect can't say", () => {
  it.live("is left out, and said in the log, where the answer is one all the same", () =>
    Effect.gen(function*() {
      const { ask, changes } = yield* given()
      const more = { n: 2, logprobs: true, store: false, stream_options: { include_usage: true } }
      const { json } = yield* ask("anthropic/m", { messages: messages.slice(0, 1), ...more })
      const [{ degradations }] = yield* changes
      assert.deepStrictEqual(degradations.map(({ requested }: { requested: string }) => requested), ["n", "logprobs"])
      // Anthropic says no time: the request's own.
      assert.isAbove(Object(json).created, 1_700_000_000)
    }).pipe(Effect.scoped))

  it.live("is refused where it would not be, by the field and the part's own name", () =>
    Effect.gen(function*() {
      const { ask, anthropic } = yield* given()
      const content = [{ type: "input_audio", input_audio: { data: "AAAA", format: "wav" } }]
      const { json, status } = yield* ask("anthropic/m", { messages: [{ role: "user", content }] })
      assert.strictEqual(status, 400)
      const { code, message, param } = Object(json).error
      assert.deepStrictEqual([code, param], ["unsupported_value", "messages[0].content[0]"])
      assert.include(message, "input_audio")
      assert.include(message, "Leave it out, or ask another model.")
      assert.isEmpty(anthropic.received)
    }).pipe(Effect.scoped))
})

describe("a request for a vendor of the same dialect", () => {
  it.live("passes as it is", () =>
    Effect.gen(function*() {
      const { ask, changes, openai } = yield* given()
      yield* ask("openai/m")
      assert.deepStrictEqual(sent(openai).messages, messages)
      assert.deepStrictEqual(yield* changes, [])
    }).pipe(Effect.scoped))

  it.live("is repaired where the configuration asks for it, and verifies", () =>
    Effect.gen(function*() {
      const { ask, changes, openai, strata } = yield* given({ repair_tool_sequences: true })
      yield* ask("openai/m")
      assert.deepStrictEqual(sent(openai).messages.map(({ role }: { role: string }) => role), [
        "user",
        "assistant",
        "tool",
        "user"
      ])
      assert.lengthOf(yield* changes, 1)
      const [{ sessionId } = { sessionId: "" }] = yield* strata.events({ types: ["llm:request"] })
      const { json } = yield* Http.post(strata.url, `/v1/sessions/${sessionId}/verify`, {})
      assert.deepInclude(Object(json), { status: "identical", requests: 1 })
      yield* ask("openai/m", { messages: messages.slice(0, 1), logit_bias: {} })
      assert.deepStrictEqual(sent(openai), { model: "m", messages: messages.slice(0, 1), logit_bias: {} })
    }).pipe(Effect.scoped))
})
