/** A replay sees the resources as they were when the request it runs was made. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { ModelsKind } from "../../../src/apis/models/ModelsKind.ts"
import * as ReplayResources from "../../../src/kernel/resources/ReplayResources.ts"
import * as Models from "../../support/Models.ts"
import { recorded } from "../../support/RecordedEvents.ts"

const registered = (position: number, id: string, owned_by: string) =>
  recorded(ModelsKind.registered, {
    position,
    payload: ModelsKind.toPayload(Models.resource("p", id, { attributes: { created: 0, owned_by } }))
  })

const events = [
  registered(3, "a", "x"),
  registered(5, "b", "x"),
  registered(7, "a", "y"),
  recorded(ModelsKind.unregistered, { position: 9, payload: ModelsKind.unregistration("p/b") })
]

const rows = [
  { position: 0, models: [] },
  { position: 3, models: ["p/a x"] },
  { position: 4, models: ["p/a x"] },
  { position: 5, models: ["p/a x", "p/b x"] },
  { position: 8, models: ["p/a y", "p/b x"] },
  { position: 100, models: ["p/a y"] }
]

describe("RecordedResources", () => {
  it.effect.each(rows)("tells the table as of position $position", ({ models, position }) =>
    Effect.gen(function*() {
      let now = 0
      const registry = ReplayResources.make(ModelsKind, { events, position: () => now })
      assert.deepStrictEqual(registry.current.table.list, [])
      now = position
      for (const table of [registry.current.table, yield* registry.latest]) {
        assert.deepStrictEqual(
          table.list.map(({ attributes, identifier }) => `${identifier} ${attributes.owned_by}`),
          models
        )
      }
    }))
})
