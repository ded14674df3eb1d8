/** The rows of the table of costs: one for each answered call, whatever its event says. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { CallCosts } from "../../../src/apis/usage/CallCosts.ts"
import { EventLog } from "../../../src/events/log/EventLog.ts"
import { ProjectionTables } from "../../../src/events/log/ProjectionTables.ts"
import * as MemoryStore from "../../../src/events/memory/MemoryStore.ts"
import { CostRow } from "../../../src/kernel/cost/CostRow.ts"
import * as Pricing from "../../../src/kernel/cost/Pricing.ts"
import { answered, answers, registered, registrations, tableOf, usage } from "../../support/CostWorld.ts"

const pricing = Pricing.make([], () => tableOf({ version: "table 1", models: { m: "2" } }))

const costs = () => CallCosts.priced(pricing)

type Appended = ReturnType<typeof answers>

/** The rows that come of these events. */
const rowsOf = (appended: ReadonlyArray<Appended>, projection = costs()) =>
  Effect.gen(function*() {
    yield* (yield* EventLog).commit(appended)
    const rows = yield* (yield* ProjectionTables).list(CallCosts, { limit: 100 })
    for (const { document } of rows) Schema.decodeUnknownSync(CostRow)(document)
    return rows
  }).pipe(Effect.provide(MemoryStore.layerOf([projection])))

const costsOf = (appended: ReadonlyArray<Appended>, projection = costs()) =>
  Effect.map(rowsOf(appended, projection), (rows) => rows.map(({ document }) => document.cost ?? document.unknown))

describe("CostProjection", () => {
  it.effect("has a row for each answered call, with who asked, and what it used and cost", () =>
    Effect.gen(function*() {
      const event = answered({ response_model: "m-2026", usage: usage(1000, { cache_read_tokens: 4 }) }, {
        sessionId: "s",
        requestId: "r",
        principal: "alice",
        tenant: "acme",
        time: Date.UTC(2026, 10, 27, 23, 59, 59, 999)
      })
      const [row, ...others] = yield* rowsOf([registrations(registered("remote::priced")), answers(event)])
      assert.isEmpty(others)
      assert.deepInclude(row, { tenant: "acme", key: event.id })
      assert.deepInclude(row?.document, {
        day: "2026-11-27",
        session_id: "s",
        request_id: "r",
        principal: "alice",
        provider: "p",
        operation: "chat",
        model: "m",
        response_model: "m-2026",
        currency: "USD",
        // 1000 × 2 / 1000000
        cost: "0.002",
        source: "table",
        prices: "table 1",
        price_model: "priced/m",
        unknown: null
      })
      assert.deepStrictEqual(row?.document.usage, { input_tokens: 1000, cache_read_tokens: 4 })
    }))

  it.effect("takes for a provider what the log said of it until the call", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(
        yield* costsOf([
          answers(answered()),
          registrations(registered("remote::vllm")),
          answers(answered()),
          registrations(registered("remote::priced"), registered("remote::vllm", {}, "p", "other-api")),
          answers(answered(), answered({ provider: "q" })),
          registrations(registered("remote::vllm")),
          answers(answered())
        ]),
        [
          "nothing in the log says what the provider p was",
          "there are no public prices of remote::vllm",
          "0.002",
          "nothing in the log says what the provider q was",
          "there are no public prices of remote::vllm"
        ]
      )
    }))

  it.effect("takes it from the configuration, where the log says it before what is folded", () =>
    Effect.gen(function*() {
      const configured = CallCosts.priced(pricing, [["p", { type: "remote::priced" }]])
      assert.deepStrictEqual(yield* costsOf([answers(answered())], configured), ["0.002"])
    }))

  it.effect("believes no registration in a session's stream: a file may have brought it", () =>
    Effect.gen(function*() {
      const foreign = answers(registered("remote::priced"), answered())
      assert.deepStrictEqual(yield* costsOf([foreign]), ["nothing in the log says what the provider p was"])
    }))

  it.effect("keeps the cost that the vendor said, as the vendor's", () =>
    Effect.gen(function*() {
      const [row] = yield* rowsOf([answers(answered({ usage: usage(5, { cost_usd: "0.00014" }) }))])
      assert.deepInclude(row?.document, { cost: "0.00014", source: "vendor", prices: "vendor" })
    }))

  it.effect.each(["null", "[]", "7", "\"x\"", "{}", "{\"usage\":[1],\"model\":{},\"provider\":3}"])(
    "has a row for whatever an event's payload is: %s",
    (payload) =>
      Effect.gen(function*() {
        const [row] = yield* rowsOf([answers(answered({}, { payload, provider: "p" }))])
        assert.deepInclude(row?.document, { provider: "p", model: "", cost: null, usage: null })
      })
  )

  it.effect("counts calls for embeddings and for an order of texts, and none that failed", () =>
    Effect.gen(function*() {
      const rows = yield* rowsOf([
        answers(
          answered({}, { type: "embedding:response" }),
          answered({}, { type: "rerank:response" }),
          answered({}, { type: "llm:error" }),
          answered({}, { type: "llm:request" })
        )
      ])
      assert.strictEqual(rows.length, 2)
    }))

  it.effect("has no costs where it has no prices", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* costsOf([answers(answered())], CallCosts), [
        "no prices are loaded here: strata costs recompute computes it"
      ])
    }))
})
