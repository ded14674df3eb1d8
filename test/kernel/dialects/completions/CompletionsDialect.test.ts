/** Text completions: a whole server passes their bytes, and reads what they say. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result, Stream } from "effect"
import type { Schema } from "effect"
import type OpenAI from "openai"
import { payloadOf } from "../../../../src/events/types/Envelope.ts"
import { completions } from "../../../../src/kernel/dialects/completions/CompletionsDialect.ts"
import * as Translation from "../../../../src/kernel/dialects/Translation.ts"
import { FakeUpstream } from "../../../support/FakeUpstream.ts"
import { Http } from "../../../support/Http.ts"
import { ScriptedAnswer } from "../../../support/ScriptedAnswer.ts"
import { Sdk } from "../../../support/Sdk.ts"
import { Strata } from "../../../support/Strata.ts"
import { fieldsOf } from "../../../support/strict/StrictVendor.ts"
import { verify } from "../../../support/verify.ts"

const path = "/v1/completions"

const completion = (text: string, more: Schema.JsonObject = {}): Schema.JsonObject => ({
  id: "cmpl-1",
  object: "text_completion",
  created: 1,
  model: "m-1",
  choices: [{ index: 0, text, finish_reason: null, logprobs: null }],
  ...more
})

const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 }
const finished = { choices: [{ index: 0, text: " Rome.", finish_reason: "length", logprobs: null }], usage }

const frames = [completion("Oslo and"), completion("", finished)]

const whole = `{ "id":"cmpl-1", "object":"text_completion","created":1,"model":"m-1","x":1.0,` +
  `"choices":[{"index":0,"text":"Oslo and Rome.","finish_reason":"length","logprobs":{"tokens":["Oslo"]}}],` +
  `"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5} }`

const given = (respond: (streams: boolean) => ScriptedAnswer) =>
  Effect.gen(function*() {
    const vendor = yield* FakeUpstream.make({
      respond: ({ body }) => respond(fieldsOf(body)["stream"] === true)
    })
    const strata = yield* Strata.make({ level: "raw", providers: [Strata.openAi(vendor, { models: ["m"] }, "v")] })
    const ask = (request: object) =>
      Http.post(strata.url, path, { model: "v/m", ...request }, { "x-strata-session-id": "s" })
    const payload = (type: string) =>
      Effect.map(strata.events({ types: [type] }), ([event]) => event === undefined ? undefined : payloadOf(event))
    const verified = Effect.andThen(strata.close, Effect.map(verify(strata.folder, ["s"]), ([report]) => report))
    return { vendor, strata, ask, payload, verified }
  })

const answering = (streams: boolean): ScriptedAnswer =>
  streams
    ? ScriptedAnswer.events(frames)
    : { _tag: "Fixed", status: 200, headers: { "content-type": "application/json" }, body: whole }

const everything = {
  prompt: ["a", "b"],
  echo: true,
  logprobs: 3,
  n: 2,
  best_of: 4,
  suffix: ".",
  logit_bias: { "50256": -100 },
  of_tomorrow: { x: 1 }
}

describe("POST /v1/completions", () => {
  it.live("passes all of a request to the vendor's endpoint, and its answer byte for byte", () =>
    Effect.gen(function*() {
      const { ask, payload, vendor, verified } = yield* given(answering)
      const { status, text } = yield* ask(everything)
      assert.deepStrictEqual([status, text], [200, whole])
      const [{ body, path: asked } = { body: null, path: "" }] = vendor.received
      assert.deepStrictEqual([asked, body], [path, { model: "m", ...everything }])
      assert.deepInclude(yield* payload("llm:request"), {
        operation: "text_completion",
        stream: false,
        message_count: 2,
        tool_count: 0
      })
      assert.deepInclude(yield* payload("llm:response"), {
        operation: "text_completion",
        response_id: "cmpl-1",
        response_model: "m-1",
        finish_reason: "length",
        usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 }
      })
      assert.deepInclude(yield* verified, { requests: 1, skipped: [], divergence: undefined })
    }).pipe(Effect.scoped))

  it.live.each([{ prompt: [1, 2, 3] }, { prompt: [[1, 2], [3]] }, { prompt: "a" }, {}, { prompt: null }])(
    "takes $prompt for a prompt",
    (request) =>
      Effect.gen(function*() {
        const { ask, vendor } = yield* given(answering)
        assert.strictEqual((yield* ask(request)).status, 200)
        assert.deepStrictEqual(vendor.received[0]?.body, { model: "m", ...request })
      }).pipe(Effect.scoped)
  )

  it.live("streams frames as they came, the last of them when all is recorded", () =>
    Effect.gen(function*() {
      const { ask, payload, strata, verified } = yield* given(answering)
      const { text } = yield* ask({ prompt: "a", stream: true })
      assert.strictEqual(
        text,
        [...frames.map((frame) => JSON.stringify(frame)), "[DONE]"].map((data) => `data: ${data}\n\n`).join("")
      )
      assert.deepInclude(yield* payload("llm:response"), { finish_reason: "length", response_id: "cmpl-1" })
      assert.lengthOf(yield* strata.events({ sessionId: "s", types: ["api:response"] }), 1)
      assert.deepInclude(yield* verified, { requests: 1, skipped: [], divergence: undefined })
    }).pipe(Effect.scoped))

  it.live("is what OpenAI's SDK reads, whole and streamed", () =>
    Effect.gen(function*() {
      const { strata } = yield* given(answering)
      const client: OpenAI = Sdk.make(strata.url)
      const plain = yield* Effect.promise(() => client.completions.create({ model: "v/m", prompt: "a" }))
      assert.strictEqual(plain.choices[0]?.text, "Oslo and Rome.")
      const stream = yield* Effect.promise(() => client.completions.create({ model: "v/m", prompt: "a", stream: true }))
      const chunks = yield* Stream.runCollect(Sdk.readAll(stream))
      assert.deepStrictEqual(chunks.map(({ choices }) => choices[0]?.text), ["Oslo and", " Rome."])
    }).pipe(Effect.scoped))

  it.live("streams what the vendor gives whole", () =>
    Effect.gen(function*() {
      const { ask } = yield* given(() => answering(false))
      const { text } = yield* ask({ prompt: "a", stream: true })
      assert.strictEqual(text, `data: ${JSON.stringify(JSON.parse(whole))}\n\ndata: [DONE]\n\n`)
    }).pipe(Effect.scoped))

  it.live("tells of a stream that breaks off, in a frame and in the log", () =>
    Effect.gen(function*() {
      const { ask, payload } = yield* given(() => ScriptedAnswer.events(frames.slice(0, 1), { destroyAfter: 1 }))
      const { text } = yield* ask({ prompt: "a", stream: true })
      const last = text.split("\n\n").findLast((frame) => frame !== "")
      assert.strictEqual(fieldsOf(fieldsOf(JSON.parse(last!.slice(6)))["error"])["code"], "provider_unreachable")
      assert.isDefined(yield* payload("llm:error"))
      assert.isUndefined(yield* payload("llm:response"))
    }).pipe(Effect.scoped))

  it.live("passes a refusal of the vendor", () =>
    Effect.gen(function*() {
      const { ask, payload } = yield* given(() =>
        ScriptedAnswer.error(400, "This is a chat model.", "model_not_supported")
      )
      const { json, status } = yield* ask({ prompt: "a" })
      assert.deepStrictEqual([status, fieldsOf(fieldsOf(json)["error"])["code"]], [400, "model_not_supported"])
      assert.deepInclude(yield* payload("llm:error"), { operation: "text_completion", status: 400 })
    }).pipe(Effect.scoped))
})

describe("the dialect of text completions", () => {
  it("reads an answer as the text it is", () => {
    const { content, finish_reason } = Result.getOrThrow(completions.raise.response(JSON.parse(whole)))
    assert.deepStrictEqual(content.map((block) => [block.type, block["text"]]), [["text", "Oslo and Rome."]])
    assert.strictEqual(finish_reason, "length")
  })

  it("writes an answer as a text, whole and part by part", () => {
    const response = { content: [{ type: "text" as const, text: "Oslo." }], finish_reason: "stop" as const }
    const body = completions.lower.response(response)
    assert.deepInclude(body, { object: "text_completion" })
    assert.deepInclude(fieldsOf((body["choices"] as ReadonlyArray<Schema.Json>)[0]), { text: "Oslo." })
    const { add } = completions.lower.stream()
    const frames = Translation.partsOf(response).flatMap(add).map((frame) => Buffer.from(frame).toString("utf8"))
    assert.include(frames.join(""), `"text":"Oslo."`)
    assert.notInclude(frames.join(""), "delta")
  })

  it("makes no conversation of a prompt, and no prompt of a conversation", () => {
    assert.isTrue(Result.isFailure(completions.raise.request({ prompt: "a" })))
    assert.isTrue(Result.isFailure(completions.lower.request({ messages: [{ role: "user", content: "a" }] })))
    assert.isNull(completions.conversation.messages({ prompt: "a" }))
  })

  it("puts context before a prompt that is text", () => {
    const context = { text: "Be brief.", role: "system" as const, append_to_last_tool_result: false }
    const { addContext } = completions.conversation
    assert.deepStrictEqual(addContext({ prompt: "a" }, context), { prompt: "Be brief.\n\na" })
    assert.deepStrictEqual(addContext({ prompt: ["a", "b"] }, context), {
      prompt: ["Be brief.\n\na", "Be brief.\n\nb"]
    })
    assert.deepStrictEqual(addContext({ prompt: [1] }, context), { prompt: [1] })
  })
})
