/** The levels of a plan's instances. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Level } from "../../../src/events/types/Event.ts"
import * as ProviderLevels from "../../../src/kernel/requests/ProviderLevels.ts"
import { planned } from "../../support/PlannedProvider.ts"

const upstream = { ...planned("d"), level: "debug" as const }
const plan = [
  { ...planned("d"), upstream },
  { ...planned("e"), level: "raw" as const, upstream },
  planned("a"),
  { ...planned("b"), level: "raw" as const },
  { ...planned("c"), level: "default" as const }
]

it.effect("holds the instances with flags, and no other", () =>
  Effect.gen(function*() {
    const expected = new Map<string, Level>([["b", "raw"], ["c", "default"], ["d", "debug"], ["e", "raw"]])
    assert.deepStrictEqual(
      yield* ProviderLevels.ProviderLevels.pipe(Effect.provide(ProviderLevels.layer(plan))),
      expected
    )
    assert.deepStrictEqual(yield* ProviderLevels.ProviderLevels, new Map())
  }))
