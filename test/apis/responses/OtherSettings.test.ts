/** Settings that another vendor has under a name of its own reach it; what it has not, the answer says. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Schema } from "effect"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import type { ReceivedRequest } from "../../support/FakeUpstream.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { Http } from "../../support/Http.ts"
import * as ResponsesWorld from "../../support/ResponsesWorld.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"
import * as Vendors from "../../support/Vendors.ts"

type Json = Schema.JsonObject

const of = (token: string, logProbability: number) => ({ token, tokenId: 1, logProbability })
const frame = (token: string, logProbability: number, more: Json = {}) => ({
  candidates: [{
    index: 0,
    content: { role: "model", parts: [{ text: token }] },
    logprobsResult: {
      chosenCandidates: [of(token, logProbability)],
      topCandidates: [{ candidates: [of(token, logProbability)] }]
    },
    ...more
  }],
  responseId: "r1",
  modelVersion: "g"
})

const gemini = ({ method, path }: ReceivedRequest): ScriptedAnswer | undefined => {
  if (method !== "POST") return undefined
  const frames = [frame("It", -0.1), frame(" rains", -0.2, { finishReason: "STOP" })]
  if (path.includes("stream")) return Vendors.frames(frames.map((each) => `data: ${JSON.stringify(each)}\n\n`))
  const [one, two] = frames.map((each) => each.candidates[0]!.logprobsResult)
  return ScriptedAnswer.json(200, {
    ...frame("It rains", 0, {
      finishReason: "STOP",
      logprobsResult: {
        chosenCandidates: [...one!.chosenCandidates, ...two!.chosenCandidates],
        topCandidates: [...one!.topCandidates, ...two!.topCandidates]
      }
    })
  })
}

const likely = (token: string, logprob: number) => ({ token, logprob, bytes: [...Buffer.from(token)] })
const expected = [["It", -0.1], [" rains", -0.2]].map(([token, logprob]) => {
  const one = likely(String(token), Number(logprob))
  return { ...one, top_logprobs: [one] }
})

const given = Effect.gen(function*() {
  const upstreams = {
    anthropic: yield* FakeUpstream.make({
      respond: ({ body, method }) => {
        if (method !== "POST") return undefined
        const block = { type: "text", text: "Hi" }
        if (field(body, "stream") !== true) return Vendors.message([block])
        const usage = { input_tokens: 1, output_tokens: 1 }
        const message = { id: "msg_1", type: "message", role: "assistant", model: "c", content: [], usage }
        const events: ReadonlyArray<{ readonly type: string }> = [
          Object.assign({ type: "message_start" }, { message }),
          Object.assign({ type: "content_block_start" }, { index: 0, content_block: block }),
          Object.assign({ type: "content_block_stop" }, { index: 0 }),
          Object.assign({ type: "message_delta" }, { delta: { stop_reason: "end_turn" }, usage }),
          { type: "message_stop" }
        ]
        return Vendors.messageEvents(...events)
      }
    }),
    gemini: yield* FakeUpstream.make({ respond: gemini })
  }
  const strata = yield* Strata.make({
    level: "raw",
    providers: Object.entries(upstreams).map(([type, upstream]) => Vendors.entry(type, upstream))
  })
  const { url } = strata
  return {
    strata,
    sent: (vendor: keyof typeof upstreams) => upstreams[vendor].received.at(-1)!.body as Json,
    post: (path: string, body: Json) => Http.post(url, path, body, { "x-strata-session-id": "s" }),
    verify: Effect.map(Http.post(url, "/v1/sessions/s/verify", {}), ({ json }) => json)
  }
})

const include = ["message.output_text.logprobs"]
const header = "x-strata-degradation"

describe("settings of responses and of chat completions, over another dialect", () => {
  it.live("reach Anthropic where it has them, and the answer says what it has not", () =>
    Effect.gen(function*() {
      const { post, sent, strata, verify } = yield* given
      const ask = (more: Json) => post("/v1/responses", { model: "anthropic/m", input: "hello", ...more })
      const standard = yield* ask({ service_tier: "default" })
      assert.strictEqual(sent("anthropic")["service_tier"], "standard_only")
      assert.notProperty(standard.headers, header)
      const less = { service_tier: "flex", text: { verbosity: "low" }, include, top_logprobs: 2 }
      for (const stream of [false, true]) {
        const answer = yield* ask({ ...less, stream })
        assert.strictEqual(answer.status, 200, answer.text)
        assert.notProperty(sent("anthropic"), "service_tier")
        for (const name of ["service_tier \"flex\"", "verbosity", "logprobs", "top_logprobs"]) {
          assert.include(answer.headers[header], `${name} -> without it`)
        }
      }
      const events = yield* strata.events({ types: ["provider:request_degraded"] })
      assert.lengthOf(events, 2)
      assert.lengthOf(listOf(field(payloadOf(events[0]!), "degradations")), 4)
      const messages = [{ role: "user", content: "hello" }]
      const chat = yield* post("/v1/chat/completions", { model: "anthropic/m", messages, service_tier: "default" })
      assert.strictEqual(sent("anthropic")["service_tier"], "standard_only")
      assert.notProperty(chat.headers, header)
      assert.deepInclude(yield* verify, { status: "identical", requests: 4 })
    }).pipe(Effect.scoped))

  it.live("ask Gemini how likely its tokens were, whole and streamed", () =>
    Effect.gen(function*() {
      const { post, sent, verify } = yield* given
      const ask = (more: Json = {}) =>
        post("/v1/responses", { model: "gemini/m", input: "hello", include, top_logprobs: 1, ...more })
      const whole = yield* ask()
      assert.deepInclude(sent("gemini")["generationConfig"] as Json, { responseLogprobs: true, logprobs: 1 })
      assert.notProperty(whole.headers, header)
      const textIn = (response: unknown) => listOf(field(listOf(field(response, "output"))[0], "content"))[0]
      assert.deepInclude(textIn(whole.json) as Json, { text: "It rains", logprobs: expected })
      const events = ResponsesWorld.eventsOf(yield* ask({ stream: true }))
      const deltas = events.filter(({ type }) => type === "response.output_text.delta")
      assert.deepStrictEqual(deltas.map(({ logprobs }) => logprobs), expected.map((each) => [each]))
      assert.deepInclude(textIn(events.at(-1)?.["response"]) as Json, { text: "It rains", logprobs: expected })

      const chat = {
        model: "gemini/m",
        messages: [{ role: "user", content: "hello" }],
        logprobs: true,
        top_logprobs: 1
      }
      const completion = yield* post("/v1/chat/completions", chat)
      assert.notProperty(completion.headers, header)
      const logprobs = { content: expected, refusal: null }
      assert.deepInclude(listOf(field(completion.json, "choices"))[0] as Json, { logprobs })
      const { text } = yield* post("/v1/chat/completions", { ...chat, stream: true })
      const chunks = text.split("\n").filter((line) => line.startsWith("data: {")).map((line) =>
        JSON.parse(line.slice(6))
      )
      assert.deepStrictEqual(
        chunks.flatMap(({ choices }) => choices[0]?.logprobs?.content ?? []),
        expected
      )
      assert.deepInclude(yield* verify, { status: "identical", requests: 4 })
    }).pipe(Effect.scoped))
})
