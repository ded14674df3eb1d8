/** What a person reads when a provider needs an API that nobody provides: who needs it, and the line to add. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { parse } from "yaml"
import * as FieldPrompt from "../../../src/kernel/provider/FieldPrompt.ts"
import * as Provider from "../../../src/kernel/provider/Provider.ts"
import * as StackPlan from "../../../src/kernel/stack/StackPlan.ts"
import * as StackWorld from "../../support/StackWorld.ts"
import { api, entry } from "../../support/StackWorld.ts"

const [inference, safety, agents] = [api("inference"), api("safety"), api("agents")]
const { provider } = StackWorld.make()

const vendor = Provider.make({
  api: inference,
  type: "remote::vendor",
  description: "",
  config: Schema.Struct({
    base_url: Schema.NonEmptyString.pipe(FieldPrompt.annotate({ env: "VENDOR_URL" })),
    team: Schema.String,
    region: Schema.optionalKey(Schema.String)
  }),
  requires: [],
  layer: () => Layer.effect(inference.slot, Effect.never)
})
const loop = provider(agents, { type: "inline::loop", requires: [inference, safety] })
const modelGuard = provider(safety, { type: "inline::model-guard", requires: [inference] })
const words = provider(safety, { type: "inline::words" })
const old = { ...words, type: "inline::old", deprecated: { warning: "Use inline::words." } }

const inferenceLine =
  `inference: [{ provider_id: vendor, provider_type: "remote::vendor", config: { base_url: "\${env.VENDOR_URL}", ` +
  `team: "\${env.TEAM}" } }]`
const wordsLine = `safety: [{ provider_id: words, provider_type: "inline::words" }]`
const oldLine = `safety: [{ provider_id: old, provider_type: "inline::old" }]`

const needs = (name: string) => `"a" (inline::loop), a provider of agents, needs the API ${name}: `
const add = (line: string) => `add below providers the line ${line}`
const nobody = "no provider type here implements it: use another provider"

const rows: ReadonlyArray<{
  readonly name: string
  readonly registry: ReadonlyArray<Provider.AnyDefinition>
  readonly messages: ReadonlyArray<string>
}> = [
  {
    name: "two APIs of one provider, with what their providers can't go without",
    registry: [loop, vendor, modelGuard, words],
    messages: [`${needs("inference")}${add(inferenceLine)}`, `${needs("safety")}${add(wordsLine)}`]
  },
  {
    name: "one that is not deprecated before one that is",
    registry: [loop, vendor, old, words],
    messages: [`${needs("inference")}${add(inferenceLine)}`, `${needs("safety")}${add(wordsLine)}`]
  },
  {
    name: "one that is deprecated where there is no other, and none where there is none",
    registry: [loop, old],
    messages: [`${needs("inference")}${nobody}`, `${needs("safety")}${add(oldLine)}`]
  }
]

describe("MissingApis", () => {
  it.effect.each(rows)("names $name", ({ messages, registry }) =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(
        StackPlan.make(registry, { providers: { agents: [entry("a", "inline::loop")] } })
      )
      assert.deepStrictEqual(
        error.issues.map((issue) => issue),
        messages.map((message) => ({ kind: "MissingApi" as const, path: "providers.agents[0]", message }))
      )
    }))

  it.effect("names an entry more where the API has a list, for the key can't stand there twice", () =>
    Effect.gen(function*() {
      const providers = { agents: [entry("a", "inline::loop")], inference: [] }
      const error = yield* Effect.flip(
        StackPlan.make([loop, vendor, words], { providers }, ["agents", "inference", "safety"])
      )
      const added = (api: string, line: string) =>
        `add to the list providers.${api} the entry ${line.slice(api.length + 3, -1)}`
      assert.deepStrictEqual(error.issues.map(({ message }) => message), [
        needs("inference") + added("inference", inferenceLine),
        needs("safety") + added("safety", wordsLine)
      ])
    }))

  it("names lines that are YAML", () => {
    assert.deepStrictEqual(parse(wordsLine), {
      safety: [{ provider_id: "words", provider_type: "inline::words" }]
    })
    assert.deepStrictEqual(parse(inferenceLine).inference[0].config, {
      base_url: "${env.VENDOR_URL}",
      team: "${env.TEAM}"
    })
  })
})
