/** What Responses and chat completions have in common under other names goes to a chat vendor, and what it says comes back. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { field } from "../../../src/events/types/JsonAccess.ts"
import type { ReceivedRequest } from "../../support/FakeUpstream.ts"
import * as ResponsesWorld from "../../support/ResponsesWorld.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"

const likely = (token: string, logprob: number) => ({
  token,
  logprob,
  bytes: [...Buffer.from(token)],
  top_logprobs: [{ token, logprob, bytes: [...Buffer.from(token)] }]
})
const tokens = [likely("It", -0.1), likely(" rains", -0.2)]
/** Vendors say nothing of the bytes of some tokens. */
const ofVendor = tokens.map((token) => ({ ...token, bytes: token.token === "It" ? token.bytes : null }))
const expected = tokens.map((token) => ({ ...token, bytes: token.token === "It" ? token.bytes : [] }))

const head = { id: "chatcmpl-1", created: 1, model: "m" }

const model = ({ body, method }: ReceivedRequest): ScriptedAnswer | undefined => {
  if (method !== "POST") return undefined
  const hasLogprobs = field(body, "logprobs") === true
  const logprobsOf = (content: ReadonlyArray<Schema.Json>) =>
    hasLogprobs ? { logprobs: { content, refusal: null } } : {}
  if (field(body, "stream") !== true) {
    const message = { role: "assistant", content: "It rains" }
    return ScriptedAnswer.json(200, {
      ...head,
      object: "chat.completion",
      choices: [{ index: 0, message, finish_reason: "stop", ...logprobsOf(ofVendor) }]
    })
  }
  const chunk = (delta: Schema.JsonObject, more: Schema.JsonObject = {}) => ({
    ...head,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, finish_reason: null, ...more }]
  })
  return ScriptedAnswer.events([
    ...ofVendor.map((token) => chunk({ content: token.token }, logprobsOf([token]))),
    chunk({}, { finish_reason: "stop" })
  ])
}

const include = ["message.output_text.logprobs"]

const textIn = (response: unknown): unknown =>
  field((field(response, "output") as ReadonlyArray<Schema.Json>)[0], "content")

describe("settings that chat completions have, too", () => {
  it.live("reach a chat vendor under its names, where they are given", () =>
    Effect.gen(function*() {
      const { create, upstream } = yield* ResponsesWorld.given({ model })
      const sent = (body: Schema.JsonObject) =>
        Effect.map(create({ input: "hello", ...body }), (answer) => {
          assert.strictEqual(answer.status, 200, answer.text)
          return upstream.received.at(-1)!.body as Schema.JsonObject
        })
      assert.deepInclude(
        yield* sent({ include, top_logprobs: 2, text: { verbosity: "low" }, service_tier: "flex" }),
        { logprobs: true, top_logprobs: 2, verbosity: "low", service_tier: "flex" }
      )
      // None is to be shown.
      const without = yield* sent({ top_logprobs: 2, service_tier: "auto", text: { format: { type: "text" } } })
      assert.doesNotHaveAnyKeys(without, ["logprobs", "top_logprobs", "verbosity", "service_tier"])
    }).pipe(Effect.scoped))

  it.live("given a chat vendor says how likely its tokens were, then the text has it, whole and streamed", () =>
    Effect.gen(function*() {
      const { create, get } = yield* ResponsesWorld.given({ model })
      const whole = yield* create({ input: "hello", include })
      const part = { type: "output_text", text: "It rains", annotations: [], logprobs: expected }
      assert.deepStrictEqual(textIn(whole.json), [part])
      assert.deepStrictEqual(textIn((yield* get(`/v1/responses/${String(field(whole.json, "id"))}`)).json), [part])

      const events = ResponsesWorld.eventsOf(yield* create({ input: "hello", include, stream: true }))
      const of = (type: string) => events.filter((event) => event["type"] === type)
      assert.deepStrictEqual(
        of("response.output_text.delta").map(({ logprobs }) => logprobs),
        expected.map((one) => [one])
      )
      assert.deepStrictEqual(of("response.output_text.done").map(({ logprobs }) => logprobs), [expected])
      assert.deepStrictEqual(of("response.content_part.done").map(({ part }) => part), [part])
      assert.deepStrictEqual(textIn(of("response.completed")[0]?.["response"]), [part])
    }).pipe(Effect.scoped))

  it.live("given nobody asks how likely tokens were, then none has it", () =>
    Effect.gen(function*() {
      const { create } = yield* ResponsesWorld.given({ model })
      const part = { type: "output_text", text: "It rains", annotations: [], logprobs: [] }
      assert.deepStrictEqual(textIn((yield* create({ input: "hello" })).json), [part])
    }).pipe(Effect.scoped))

  it.live("a response with them verifies, and is gone on from", () =>
    Effect.gen(function*() {
      const { create, upstream, verify } = yield* ResponsesWorld.given({ model })
      const first = yield* create({ input: "hello", include, top_logprobs: 1 }, "s")
      yield* create({ input: "and now?", previous_response_id: String(field(first.json, "id")) }, "s")
      assert.deepStrictEqual(field(upstream.received.at(-1)!.body, "messages"), [
        { role: "user", content: "hello" },
        { role: "assistant", content: "It rains" },
        { role: "user", content: "and now?" }
      ])
      assert.deepInclude(yield* verify("s"), { status: "identical", requests: 2 })
    }).pipe(Effect.scoped))
})
