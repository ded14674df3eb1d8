/** The table of costs gets the prices of the configuration, and its providers; other tables stay as they are. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { apis } from "../../../src/apis/Apis.ts"
import { CallCosts } from "../../../src/apis/usage/CallCosts.ts"
import { EventLog } from "../../../src/events/log/EventLog.ts"
import { ProjectionTables } from "../../../src/events/log/ProjectionTables.ts"
import * as MemoryStore from "../../../src/events/memory/MemoryStore.ts"
import { Configuration } from "../../../src/kernel/configuration/Configuration.ts"
import * as ConfiguredCosts from "../../../src/kernel/cost/ConfiguredCosts.ts"
import { answered, answers, tableOf } from "../../support/CostWorld.ts"

const configuration = Schema.decodeUnknownSync(Configuration)({
  prices: [{ provider: "p", model: "ours", input: "7", output: "0" }],
  providers: {
    inference: [{ provider_id: "p", provider_type: "remote::priced", config: { base_url: "http://localhost" } }],
    other: [{ provider_id: "q", provider_type: "remote::priced" }]
  }
})

describe("ConfiguredCosts", () => {
  it.effect("prices calls of the providers that the configuration has, by its prices before the table's", () =>
    Effect.gen(function*() {
      yield* (yield* EventLog).commit([
        answers(answered(), answered({ model: "ours" }), answered({ provider: "q" }))
      ])
      const rows = yield* (yield* ProjectionTables).list(CallCosts, { limit: 10 })
      assert.deepStrictEqual(rows.map(({ document }) => [document.cost, document.prices]), [
        ["0.002", "table 1"],
        ["0.007", "configuration"],
        [null, null]
      ])
    }).pipe(
      Effect.provide(
        MemoryStore.layerOf(
          ConfiguredCosts.price(
            apis.projections,
            configuration,
            () => tableOf({ version: "table 1", models: { m: "2", ours: "1" } })
          )
        )
      )
    ))

  it("leaves other tables alone", () => {
    const priced = ConfiguredCosts.price(apis.projections, configuration)
    assert.strictEqual(priced.length, apis.projections.length)
    const changed = priced.filter((projection, index) => projection !== apis.projections[index])
    assert.deepStrictEqual(changed.map(({ name }) => name), ["costs"])
  })
})
