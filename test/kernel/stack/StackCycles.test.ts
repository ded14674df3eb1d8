/** Circles of providers: only true ones, each with its whole path and what breaks it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { ProviderEntry } from "../../../src/kernel/provider/ProviderEntry.ts"
import * as StackPlan from "../../../src/kernel/stack/StackPlan.ts"
import * as StackWorld from "../../support/StackWorld.ts"
import { api, entry } from "../../support/StackWorld.ts"

const [inference, safety, agents] = [api("inference"), api("safety"), api("agents")]
const { provider } = StackWorld.make()

const registry = [
  provider(inference, { type: "inline::vendor" }),
  provider(inference, { type: "inline::guarded", requires: [safety] }),
  provider(inference, { type: "inline::careful", optional: [safety] }),
  provider(inference, { type: "inline::mirror", requires: [inference] }),
  provider(safety, { type: "inline::model-guard", requires: [inference] }),
  provider(safety, { type: "inline::overseer", requires: [agents] }),
  provider(safety, { type: "inline::words" }),
  provider(agents, { type: "inline::loop", requires: [inference, safety] }),
  provider(agents, { type: "inline::watched", requires: [safety] })
]

const vendor = (id: string) => entry(id, "inline::vendor")
const cycle = (path: string, remedy = "Remove one of them, or use a provider type that does not need the next") =>
  `these providers need each other: ${path}. ${remedy}`

const rows: ReadonlyArray<{
  readonly name: string
  readonly providers: Readonly<Record<string, ReadonlyArray<ProviderEntry>>>
  readonly issues: ReadonlyArray<string>
}> = [
  {
    name: "a cycle that only one of several providers closes, seen from a third API",
    providers: {
      agents: [entry("loop", "inline::loop")],
      inference: [vendor("a"), entry("b", "inline::guarded")],
      safety: [entry("words", "inline::words"), entry("guard", "inline::model-guard")]
    },
    issues: [cycle("inference/b -> safety/guard -> inference/b")]
  },
  {
    name: "an API that needs itself",
    providers: { inference: [vendor("a"), entry("b", "inline::mirror")] },
    issues: [cycle("inference/b -> inference/b")]
  },
  {
    name: "a cycle over a dependency that is optional, which is not left out by itself",
    providers: { inference: [entry("a", "inline::careful")], safety: [entry("b", "inline::model-guard")] },
    issues: [cycle(
      "inference/a -> (optional) safety/b -> inference/a",
      "inference/a can do without safety: removing safety/b breaks the circle"
    )]
  },
  {
    name: "of two circles the shorter, and of two ways to need an API the one that can't be left out",
    providers: {
      inference: [entry("a", "inline::careful"), entry("b", "inline::guarded")],
      safety: [entry("guard", "inline::model-guard"), entry("overseer", "inline::overseer")],
      agents: [entry("loop", "inline::watched")]
    },
    issues: [cycle("inference/b -> safety/guard -> inference/b")]
  },
  {
    name: "two circles that have nothing to do with each other, both",
    providers: {
      inference: [entry("a", "inline::mirror")],
      agents: [entry("loop", "inline::watched")],
      safety: [entry("overseer", "inline::overseer")]
    },
    issues: [
      cycle("inference/a -> inference/a"),
      cycle("agents/loop -> safety/overseer -> agents/loop")
    ]
  }
]

describe("StackCycles", () => {
  it.effect.each(rows)("refuses $name", ({ issues, providers }) =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(StackPlan.make(registry, { providers }))
      assert.deepStrictEqual(
        error.issues.map((issue) => issue),
        issues.map((message) => ({ kind: "Cycle" as const, path: "providers", message }))
      )
    }))

  it.effect("a provider of an API in a circle that no instance closes is none", () =>
    Effect.gen(function*() {
      // inference could need safety and safety inference, by other types than these.
      const { providers } = yield* StackPlan.make(registry, {
        providers: {
          inference: [entry("a", "inline::guarded"), vendor("b")],
          safety: [entry("words", "inline::words")]
        }
      })
      assert.strictEqual(providers.length, 3)
    }))
})
