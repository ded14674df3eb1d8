/** The levels of a plan's instances. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Level } from "../../../src/events/Event.ts"
import * as ProviderLevels from "../../../src/kernel/recording/ProviderLevels.ts"
import { planned } from "../../support/PlannedProvider.ts"

const plan = [planned("a"), { ...planned("b"), level: "raw" as const }, { ...planned("c"), level: "default" as const }]

it.effect("holds the instances with flags, and no other", () =>
  Effect.gen(function*() {
    const expected = new Map<string, Level>([["b", "raw"], ["c", "default"]])
    assert.deepStrictEqual(
      yield* ProviderLevels.ProviderLevels.pipe(Effect.provide(ProviderLevels.layer(plan))),
      expected
    )
    assert.deepStrictEqual(yield* ProviderLevels.ProviderLevels, new Map())
  }))
