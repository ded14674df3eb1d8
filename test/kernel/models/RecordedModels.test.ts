/** A replay sees the models as they were when the request it runs was made. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as ModelEvents from "../../../src/events/ModelEvents.ts"
import { ModelRegistry } from "../../../src/kernel/models/ModelRegistry.ts"
import * as RecordedModels from "../../../src/kernel/models/RecordedModels.ts"
import { recorded } from "../../support/RecordedEvents.ts"

const entry = (model_id: string, created = 0) => ({
  model_id,
  provider_id: "p",
  provider_model_id: model_id.slice(2),
  source: "discovery",
  created,
  owned_by: ""
})

const events = [
  recorded(ModelEvents.Registered, { position: 3, payload: entry("p/a") }),
  recorded(ModelEvents.Registered, { position: 5, payload: entry("p/b") }),
  recorded(ModelEvents.Registered, { position: 7, payload: entry("p/a", 1) }),
  recorded(ModelEvents.Unregistered, { position: 9, payload: { model_id: "p/b" } })
]

const rows = [
  { position: 0, models: [] },
  { position: 3, models: ["p/a 0"] },
  { position: 4, models: ["p/a 0"] },
  { position: 5, models: ["p/a 0", "p/b 0"] },
  { position: 8, models: ["p/a 1", "p/b 0"] },
  { position: 100, models: ["p/a 1"] }
]

describe("RecordedModels", () => {
  it.effect("tells the table as of the position that is asked for at the time", () => {
    let now = 0
    return Effect.gen(function*() {
      const registry = yield* ModelRegistry
      for (const { models, position } of rows) {
        now = position
        const table = yield* registry.table
        assert.deepStrictEqual([...table.values()].map(({ created, model_id }) => `${model_id} ${created}`), models)
      }
    }).pipe(Effect.provide(RecordedModels.layer(events, () => now)))
  })

  it.effect("finds a model while it was there, and suggests what was there", () => {
    let now = 8
    return Effect.gen(function*() {
      const registry = yield* ModelRegistry
      assert.strictEqual((yield* registry.find("p/b")).created, 0)
      now = 9
      const error = yield* Effect.flip(registry.find("p/b"))
      assert.deepStrictEqual([error.model, error.suggestions], ["p/b", ["p/a"]])
    }).pipe(Effect.provide(RecordedModels.layer(events, () => now)))
  })
})
