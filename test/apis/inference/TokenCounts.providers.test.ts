/** Providers in the process count by themselves, or not at all; and hooks see what is to be counted before a vendor does. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { InferenceProvider } from "../../../src/apis/inference/Inference.ts"
import { InferenceApi } from "../../../src/apis/inference/InferenceApi.ts"
import { payloadOf } from "../../../src/events/types/Envelope.ts"
import * as LlmErrors from "../../../src/kernel/messages/LlmErrors.ts"
import * as Provider from "../../../src/kernel/provider/Provider.ts"
import { registry } from "../../../src/providers/Registry.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { contributed, rewrites, says } from "../../support/HookedStrata.ts"
import { Http } from "../../support/Http.ts"
import { ScriptedAnswer } from "../../support/ScriptedAnswer.ts"
import { Strata } from "../../support/Strata.ts"
import { fieldsOf } from "../../support/strict/StrictVendor.ts"
import * as Vendors from "../../support/Vendors.ts"

const path = "/v1/messages/count_tokens"
const session = { "x-strata-session-id": "s" }

type Counts = NonNullable<InferenceProvider["Service"]["countTokens"]>

/** A model in the process that says hello. */
const greeter = (type: `inline::${string}`, countTokens?: Counts) =>
  Provider.make({
    api: InferenceApi,
    type,
    description: "Says hello.",
    config: Schema.Struct({}),
    requires: [],
    layer: (_, { provider_id }) =>
      Layer.succeed(
        InferenceProvider,
        InferenceProvider.of({
          complete: () => Effect.succeed({ content: [{ type: "text", text: "Hello." }], finish_reason: "stop" }),
          ...countTokens === undefined ? {} : { countTokens },
          models: { source: "configuration", list: Effect.succeed([{ id: "m", created: 0, owned_by: provider_id }]) }
        })
      )
  })

const types = [
  ...registry,
  greeter("inline::silent"),
  greeter("inline::counting", ({ messages }) => Effect.succeed({ input_tokens: messages.length })),
  greeter(
    "inline::refusing",
    () => Effect.fail(LlmErrors.of({ kind: "rate_limit", message: "slow down" }, { headers: { "retry-after": "7" } }))
  ),
  // As code that no compiler has seen may answer.
  Provider.external(
    greeter("inline::wrong", () => Effect.succeed({ input_tokens: "many" } as unknown as { input_tokens: number }))
  )
]

const bodyOf = (name: string) => ({ model: `${name}/m`, messages: [{ role: "user", content: "Hello?" }] })

const given = (name: string) =>
  Effect.map(
    Strata.make({
      level: "raw",
      types,
      providers: [{ provider_id: name, provider_type: `inline::${name}`, config: {} }]
    }),
    (strata) => ({
      strata,
      count: Http.post(strata.url, path, bodyOf(name), session),
      verified: Effect.map(Http.post(strata.url, "/v1/sessions/s/verify", {}), ({ json }) => json)
    })
  )

describe("a provider in the process", () => {
  it.live.each([{ name: "silent", estimated: "estimated" }, { name: "counting", estimated: undefined }])(
    "$name: its count verifies beside its answers, and it is not started for it",
    ({ estimated, name }) =>
      Effect.gen(function*() {
        const { count, strata, verified } = yield* given(name)
        const answer = yield* count
        assert.strictEqual(answer.headers["x-strata-token-count"], estimated)
        assert.strictEqual(fieldsOf(answer.json)["input_tokens"], estimated === undefined ? 1 : 6)
        const message = yield* Http.post(strata.url, "/v1/messages", { ...bodyOf(name), max_tokens: 10 }, session)
        assert.strictEqual(message.status, 200)
        assert.deepInclude(yield* verified, { status: "identical", requests: 2 })
      }).pipe(Effect.scoped)
  )

  it.live("that refuses is read in the client's dialect, with its headers", () =>
    Effect.gen(function*() {
      const { count, verified } = yield* given("refusing")
      const { headers, json, status } = yield* count
      assert.deepStrictEqual([status, json, headers["retry-after"]], [
        429,
        { type: "error", error: { type: "rate_limit_error", message: "slow down" } },
        "7"
      ])
      assert.deepInclude(yield* verified, { status: "identical", requests: 1 })
    }).pipe(Effect.scoped))

  it.live("that gives no count fails, and says what is expected", () =>
    Effect.gen(function*() {
      const { count } = yield* given("wrong")
      const { status, text } = yield* count
      assert.strictEqual(status, 502)
      assert.include(text, "a TokenCount")
    }).pipe(Effect.scoped))
})

const hooked = (hook: ReturnType<typeof says>) =>
  Effect.gen(function*() {
    const vendor = yield* FakeUpstream.make({ respond: () => ScriptedAnswer.json(200, { input_tokens: 42 }) })
    const providers = [Vendors.entry("anthropic", vendor)]
    const strata = yield* Strata.make({ level: "raw", providers, extensions: contributed([hook]) })
    const answer = yield* Http.post(strata.url, path, bodyOf("anthropic"), session)
    return { answer, strata, vendor }
  })

describe("hooks", () => {
  it.live("change what is counted", () =>
    Effect.gen(function*() {
      const { answer, strata, vendor } = yield* hooked(rewrites("llm:request", "Hello", "[WORD]"))
      assert.deepStrictEqual(answer.json, { input_tokens: 42 })
      assert.notInclude(vendor.received[0]!.bodyText, "Hello")
      assert.include(vendor.received[0]!.bodyText, "[WORD]?")
      const { json } = yield* Http.post(strata.url, "/v1/sessions/s/verify", {})
      assert.deepInclude(json, { status: "identical", requests: 1 })
    }).pipe(Effect.scoped))

  it.live("refuse it: no vendor sees it", () =>
    Effect.gen(function*() {
      const { answer, strata, vendor } = yield* hooked(says("llm:request", { action: "deny", reason: "no" }))
      assert.strictEqual(answer.status, 403)
      assert.strictEqual(fieldsOf(fieldsOf(answer.json)["error"])["type"], "permission_error")
      assert.deepStrictEqual(vendor.received, [])
      const [event] = yield* strata.events({ types: ["api:error"] })
      assert.strictEqual(Object(payloadOf(event!)).status, 403)
    }).pipe(Effect.scoped))
})
