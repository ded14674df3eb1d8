/** The tokens of a request are counted by who serves its model, or by a rule; and the count is recorded as any call is. */
import Anthropic, { RateLimitError } from "@anthropic-ai/sdk"
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import type { TokenCount } from "../../../src/kernel/messages/TokenCount.ts"
import * as TokenEstimate from "../../../src/kernel/messages/TokenEstimate.ts"
import { Http } from "../../support/Http.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { ways } from "../../support/StrataBehindStrata.ts"
import { fieldsOf, listOf } from "../../support/strict/StrictVendor.ts"
import * as TranslatingStrata from "../../support/TranslatingStrata.ts"

type Respond = Parameters<typeof TranslatingStrata.make>[1]

const path = "/v1/messages/count_tokens"
const tool = { name: "weather", description: "The weather.", input_schema: { type: "object" as const } }

const bodyOf = (model: string): Anthropic.MessageCountTokensParams => ({
  model,
  system: "Be brief.",
  tools: [tool],
  messages: [{ role: "user", content: "What is the weather in Oslo?" }]
})

const given = (type: string, respond: Respond) =>
  Effect.map(TranslatingStrata.make(type, respond), (world) => ({
    ...world,
    client: new Anthropic({ baseURL: world.strata.url, apiKey: TranslatingStrata.clientKey, maxRetries: 0 }),
    calls: Effect.map(world.strata.events(), (events) =>
      events.filter(({ level, type }) =>
        level === "default" && type.startsWith("tokens:")
      ).map((event) => ({
        type: event.type,
        ...Object(payloadOf(event))
      })))
  }))

const thrown = (ask: () => PromiseLike<unknown>) =>
  Effect.map(
    Effect.flip(Effect.tryPromise(ask)),
    ({ cause }) => Object(cause) as InstanceType<typeof Anthropic.APIError>
  )

describe.each(ways)("POST /v1/messages/count_tokens, before $way", ({ it, sent }) => {
  const isAlone = sent("m") === "m"

  it.live("asks Anthropic, with what it counts, the client's versions and betas, and gives its answer back whole", () =>
    Effect.gen(function*() {
      const answer = { input_tokens: 42, context_management: { original_input_tokens: 50 } }
      const { assertSound, calls, model, strata, vendor } = yield* given(
        "anthropic",
        () => ScriptedAnswer.json(200, answer)
      )
      const betas = { "anthropic-version": "2023-06-01", "anthropic-beta": "context-management-2025-06-27" }
      const edits = { edits: [] }
      const asked = { ...bodyOf(model), max_tokens: 100, temperature: 1, context_management: edits }
      const { headers, json, status } = yield* Http.post(strata.url, path, asked, betas)
      assert.deepStrictEqual([status, json], [200, answer])
      assert.isUndefined(headers["x-strata-token-count"])
      const [received] = vendor.received
      assert.strictEqual(received?.path, "/v1/messages/count_tokens")
      assert.deepInclude(received?.headers, betas)
      assert.deepStrictEqual(fieldsOf(received?.body), {
        model: "m",
        system: "Be brief.",
        messages: [{ role: "user", content: [{ type: "text", text: "What is the weather in Oslo?" }] }],
        tools: [tool],
        context_management: edits
      })
      const [request, response, ...others] = yield* calls
      assert.deepStrictEqual(others, [])
      assert.deepInclude(request, {
        type: "tokens:request",
        message_count: 2,
        tool_count: 1,
        model: isAlone ? "m" : "anthropic/m"
      })
      assert.deepInclude(response, { type: "tokens:response", input_tokens: 42, estimated: false, status: 200 })
      yield* assertSound(1)
    }).pipe(Effect.scoped))

  it.live("asks Gemini in its own words", () =>
    Effect.gen(function*() {
      const { assertSound, calls, client, model, vendor } = yield* given(
        "gemini",
        () => ScriptedAnswer.json(200, { totalTokens: 31, promptTokensDetails: [{ modality: "TEXT", tokenCount: 31 }] })
      )
      const count = yield* Effect.promise(() => client.messages.countTokens(bodyOf(model)))
      assert.deepInclude(count, { input_tokens: 31 })
      const [received] = vendor.received
      assert.strictEqual(received?.path, "/v1/models/m:countTokens")
      const { generateContentRequest, ...rest } = fieldsOf(received?.body)
      assert.deepStrictEqual(rest, {})
      const { contents, model: name, systemInstruction, tools } = fieldsOf(generateContentRequest)
      assert.strictEqual(name, "models/m")
      assert.deepStrictEqual(contents, [{ role: "user", parts: [{ text: "What is the weather in Oslo?" }] }])
      assert.deepStrictEqual(systemInstruction, { parts: [{ text: "Be brief." }] })
      assert.lengthOf(listOf(tools), 1)
      assert.deepInclude((yield* calls)[1], { input_tokens: 31, estimated: false })
      yield* assertSound(1)
    }).pipe(Effect.scoped))

  it.live("reckons where nobody counts, says so, and asks nobody", () =>
    Effect.gen(function*() {
      const { assertSound, calls, model, strata, vendor } = yield* given("openai", () => ScriptedAnswer.silent)
      const { headers, json } = yield* Http.post(strata.url, path, bodyOf(model))
      assert.strictEqual(headers["x-strata-token-count"], "estimated")
      const { input_tokens, ...rest } = json as TokenCount
      assert.deepStrictEqual(rest, {})
      assert.isTrue(input_tokens > 20 && input_tokens < 60, String(input_tokens))
      assert.strictEqual(
        input_tokens,
        TokenEstimate.of({
          messages: [{ role: "system", content: "Be brief." }, {
            role: "user",
            content: "What is the weather in Oslo?"
          }],
          tools: [{ name: tool.name, description: tool.description, parameters: tool.input_schema }]
        })
      )
      assert.deepInclude((yield* calls)[1], { input_tokens, estimated: true })
      assert.deepStrictEqual(vendor.received, [])
      yield* assertSound(1)
    }).pipe(Effect.scoped))

  it.live("is no turn of its session's conversation, and uses nothing up", () =>
    Effect.gen(function*() {
      const { client, model, strata } = yield* given("anthropic", () => ScriptedAnswer.json(200, { input_tokens: 42 }))
      const headers = { "x-strata-session-id": TranslatingStrata.session }
      yield* Effect.promise(() => client.messages.countTokens(bodyOf(model), { headers }))
      const { json } = yield* Http.send(strata.url, `/v1/sessions/${TranslatingStrata.session}`)
      const { request_count, turn_count, usage } = fieldsOf(json)
      assert.deepStrictEqual([request_count, turn_count, fieldsOf(usage)["input_tokens"]], [1, 0, 0])
    }).pipe(Effect.scoped))

  it.live.each([
    { type: "anthropic", body: { type: "error", error: { type: "rate_limit_error", message: "slow down" } } },
    { type: "gemini", body: { error: { code: 429, message: "slow down", status: "RESOURCE_EXHAUSTED" } } }
  ])("passes a refusal of $type on, in Anthropic's form", ({ body, type }) =>
    Effect.gen(function*() {
      const { assertSound, calls, client, model } = yield* given(
        type,
        () => ScriptedAnswer.json(429, body, { "retry-after": "7" })
      )
      const error = yield* thrown(() => client.messages.countTokens(bodyOf(model)))
      assert.instanceOf(error, RateLimitError)
      assert.strictEqual(error.headers?.get("retry-after"), "7")
      assert.deepStrictEqual(error.error as unknown, {
        type: "error",
        error: { type: "rate_limit_error", message: "slow down" }
      })
      assert.deepInclude((yield* calls)[1], { type: "tokens:error", status: 429 })
      yield* assertSound(1)
    }).pipe(Effect.scoped))

  it.live.each([
    { what: "a model that nobody serves", model: "nobody/m", status: 404, type: "not_found_error" },
    { what: "no messages", more: { messages: null }, status: 400, type: "invalid_request_error" },
    {
      what: "what the vendor's dialect can't say",
      more: { tool_choice: { type: "any" }, tools: [] },
      status: 400,
      type: "invalid_request_error"
    },
    { what: "a vendor that is gone", status: 502, type: "api_error" }
  ])(
    "refuses $what in Anthropic's form",
    ({ model = "anthropic/m", more = {}, status, type }) =>
      Effect.gen(function*() {
        const { strata, vendor } = yield* given("anthropic", () => ScriptedAnswer.silent)
        yield* vendor.close
        const answer = yield* Http.post(strata.url, path, { ...bodyOf(model), ...more })
        assert.strictEqual(answer.status, status, answer.text)
        assert.strictEqual(fieldsOf(answer.json)["type"], "error")
        assert.strictEqual(fieldsOf(fieldsOf(answer.json)["error"])["type"], type)
      }).pipe(Effect.scoped)
  )

  it.live("fails where the vendor's answer is no count", () =>
    Effect.gen(function*() {
      const { calls, model, strata } = yield* given("anthropic", () => ScriptedAnswer.json(200, { tokens: 1 }))
      const { json, status } = yield* Http.post(strata.url, path, bodyOf(model))
      assert.strictEqual(status, 502)
      assert.strictEqual(fieldsOf(json)["type"], "error")
      assert.deepInclude((yield* calls)[1], isAlone ? { input_tokens: null } : { type: "tokens:error", status: 502 })
    }).pipe(Effect.scoped))
})
