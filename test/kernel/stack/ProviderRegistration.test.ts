/** The log says which providers run: only what changes is said, and no secret. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import * as FieldPrompt from "../../../src/kernel/provider/FieldPrompt.ts"
import type { PlannedProvider } from "../../../src/kernel/provider/PlannedProvider.ts"
import * as Provider from "../../../src/kernel/provider/Provider.ts"
import * as ProviderEvents from "../../../src/kernel/provider/ProviderEvents.ts"
import * as ProviderProjection from "../../../src/kernel/provider/ProviderProjection.ts"
import * as ProviderRegistration from "../../../src/kernel/stack/ProviderRegistration.ts"
import * as MemoryHub from "../../support/MemoryHub.ts"
import { planned } from "../../support/PlannedProvider.ts"
import { recorded } from "../../support/RecordedEvents.ts"
import { api } from "../../support/StackWorld.ts"

const registered = (provider_id: string, config: Schema.Json = {}) =>
  [ProviderEvents.Registered.type, { api: "inference", provider_id, provider_type: "remote::vendor", config }] as const
const unregistered = (provider_id: string) =>
  [ProviderEvents.Unregistered.type, { api: "inference", provider_id }] as const

/** What a second start says after a first one. */
const rows: ReadonlyArray<{
  readonly name: string
  readonly first: ReadonlyArray<PlannedProvider>
  readonly second: ReadonlyArray<PlannedProvider>
  readonly said: ReadonlyArray<readonly [string, unknown]>
}> = [
  { name: "nothing changed", first: [planned("a"), planned("b")], second: [planned("b"), planned("a")], said: [] },
  { name: "a provider more", first: [planned("a")], second: [planned("a"), planned("b")], said: [registered("b")] },
  { name: "a provider less", first: [planned("a"), planned("b")], second: [planned("b")], said: [unregistered("a")] },
  { name: "another id", first: [planned("a")], second: [planned("b")], said: [registered("b"), unregistered("a")] },
  {
    name: "another configuration",
    first: [planned("a", { base_url: "http://1" }), planned("b")],
    second: [planned("a", { base_url: "http://2" }), planned("b")],
    said: [registered("a", { base_url: "http://2" })]
  },
  {
    name: "another order of the configuration's keys",
    first: [planned("a", { x: 1, y: 2 })],
    second: [planned("a", { y: 2, x: 1 })],
    said: []
  },
  {
    name: "a password in a URL, which is never told",
    first: [planned("a", { base_url: "https://ada:hunter22@vendor" })],
    second: [planned("a", { base_url: "https://ada:hunter33@vendor" })],
    said: []
  },
  {
    name: "other flags",
    first: [planned("a", { debug: true })],
    second: [planned("a", { debug: true, raw_debug: "true" })],
    said: [registered("a", { debug: true, raw_debug: "true" })]
  },
  {
    name: "another key, which is never told",
    first: [planned("a", { api_key: "sk-1" })],
    second: [planned("a", { api_key: "sk-2" })],
    said: []
  }
]

const secrets = {
  base_url: "http://vendor",
  api_key: "sk-1",
  headers: { Authorization: "Bearer sk-2", "x-team": "t" },
  accounts: [{ password: "sk-3" }]
}

describe("ProviderRegistration", () => {
  it.effect.each(rows)("says what is new: $name", ({ first, said, second }) =>
    Effect.gen(function*() {
      yield* ProviderRegistration.register(first, [])
      const before = (yield* MemoryHub.told()).length
      yield* ProviderRegistration.register(second, [])
      assert.strictEqual(before, first.length)
      assert.deepStrictEqual<unknown>((yield* MemoryHub.told()).slice(before), said)
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("redacts what stands under the name of a secret, however deep", () =>
    Effect.gen(function*() {
      yield* ProviderRegistration.register([planned("a", secrets)], [])
      assert.deepStrictEqual<unknown>(yield* MemoryHub.told(), [
        registered("a", {
          base_url: "http://vendor",
          api_key: "[REDACTED]",
          headers: { Authorization: "[REDACTED]", "x-team": "t" },
          accounts: [{ password: "[REDACTED]" }]
        })
      ])
      assert.notInclude(JSON.stringify(yield* MemoryHub.events()), "sk-")
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("redacts what a field declares secret, whatever its name, in an upstream too", () =>
    Effect.gen(function*() {
      const inference = api("inference")
      const definition = Provider.make({
        api: inference,
        type: "inline::vault",
        description: "",
        config: Schema.Struct({
          phrase: Schema.RedactedFromValue(Schema.String),
          hint: Schema.String.pipe(FieldPrompt.annotate({ secret: true })),
          empty: Schema.RedactedFromValue(Schema.String),
          place: Schema.String
        }),
        requires: [],
        layer: () => Layer.effect(inference.slot, Effect.never)
      })
      const config = { phrase: "open sesame", hint: "sesame", empty: "", place: "a cave" }
      const upstream = { ...planned("a", config), definition }
      const whole = planned("a", { place: "here", upstream: { provider_type: "inline::vault", config } })
      const shown = { phrase: "[REDACTED]", hint: "[REDACTED]", empty: "", place: "a cave" }
      yield* ProviderRegistration.register([{ ...planned("b", config), definition }, { ...whole, upstream }], [])
      assert.deepStrictEqual<unknown>(yield* MemoryHub.told(), [
        registered("b", shown),
        registered("a", { place: "here", upstream: { provider_type: "inline::vault", config: shown } })
      ])
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("says at every start what is deprecated, an upstream too, and what to use instead", () =>
    Effect.gen(function*() {
      const old = { ...planned("a").definition, deprecated: { warning: "Use remote::new." } }
      const a = { ...planned("a"), definition: old }
      const b = { ...planned("b"), upstream: { ...planned("b"), provider_type: "remote::old", definition: old } }
      yield* ProviderRegistration.register([a, b, planned("c")], [])
      yield* ProviderRegistration.register([a, b, planned("c")], [])
      const reason = "Use remote::new."
      const deprecated = [
        ["provider:deprecated", { api: "inference", provider_id: "a", provider_type: "remote::vendor", reason }],
        ["provider:deprecated", { api: "inference", provider_id: "b", provider_type: "remote::old", reason }]
      ]
      assert.deepStrictEqual<unknown>((yield* MemoryHub.told()).slice(3), [...deprecated, ...deprecated])
    }).pipe(Effect.provide(MemoryHub.layer)))

  it.effect("says at every start what was left out, and why", () =>
    Effect.gen(function*() {
      const skipped = { api: "inference", provider_type: "remote::vendor", reason: "set VENDOR_KEY" }
      yield* ProviderRegistration.register([], [skipped])
      yield* ProviderRegistration.register([], [skipped])
      const told = ["provider:skipped", skipped]
      assert.deepStrictEqual<unknown>(yield* MemoryHub.told(), [told, told])
    }).pipe(Effect.provide(MemoryHub.layer)))

  it("folds the registrations in force, those of two APIs apart", () => {
    const instance = (api: string, config: number) =>
      recorded(ProviderEvents.Registered, { payload: { api, provider_id: "a", provider_type: "t", config } })
    const gone = recorded(ProviderEvents.Unregistered, { payload: { api: "safety", provider_id: "a" } })
    const events = [instance("inference", 1), instance("safety", 1), instance("inference", 2), gone]
    assert.deepStrictEqual([...ProviderProjection.fold(events).values()], [
      { api: "inference", provider_id: "a", provider_type: "t", config: 2 }
    ])
  })
})
