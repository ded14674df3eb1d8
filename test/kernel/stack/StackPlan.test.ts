/** What a person reads when the providers of a configuration do not fit together: all of it, before anything starts. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { apis } from "../../../src/apis/Apis.ts"
import * as FieldPrompt from "../../../src/kernel/provider/FieldPrompt.ts"
import * as Provider from "../../../src/kernel/provider/Provider.ts"
import type { ProviderEntry } from "../../../src/kernel/provider/ProviderEntry.ts"
import type { StackIssue } from "../../../src/kernel/stack/StackErrors.ts"
import * as StackPlan from "../../../src/kernel/stack/StackPlan.ts"
import { api, entry } from "../../support/StackWorld.ts"
import type { WorldApi } from "../../support/StackWorld.ts"

const inference = api("inference")
const safety = api("safety")
const agents = api("agents")

const define = <Config>(
  of: WorldApi,
  type: `inline::${string}` | `remote::${string}`,
  requires: ReadonlyArray<WorldApi>,
  config: Schema.Codec<Config, unknown>,
  more: { readonly optional?: ReadonlyArray<WorldApi>; readonly deprecated?: Provider.Deprecation } = {}
) =>
  Provider.make({
    api: of,
    type,
    description: "",
    config,
    requires,
    ...more,
    layer: () => Layer.effect(of.slot, Effect.never)
  })

const none = Schema.Struct({})
const Vendor = Schema.Struct({
  base_url: Schema.NonEmptyString.pipe(FieldPrompt.annotate({ env: "VENDOR_URL" })),
  retry: Schema.optionalKey(Schema.Struct({ times: Schema.Int })),
  models: Schema.optionalKey(Schema.Array(Schema.String))
})

const registry = [
  define(inference, "remote::vendor", [], Vendor),
  define(inference, "inline::guarded", [safety], none),
  define(inference, "inline::mirror", [inference], none),
  define(safety, "inline::model-guard", [inference], none),
  define(safety, "inline::words", [], none),
  define(agents, "inline::loop", [inference, safety], none),
  define(inference, "inline::careful", [], none, { optional: [safety] }),
  define(inference, "inline::old", [], none, { deprecated: { error: "Use inline::careful." } }),
  define(inference, "inline::ageing", [], none, { deprecated: { warning: "Use inline::careful." } })
]

const vendor = (id: string, config: Schema.JsonObject = { base_url: "http://vendor" }) =>
  entry(id, "remote::vendor", config)

type Providers = Readonly<Record<string, ReadonlyArray<ProviderEntry>>>
type Row = { readonly name: string; readonly providers: Providers; readonly issues: ReadonlyArray<StackIssue> }

const issue = (kind: StackIssue["kind"], path: string, message: string): StackIssue => ({ kind, path, message })

const wrong = (index: number, key: string, message: string) =>
  issue("InvalidConfig", `providers.inference[${index}].config.${key}`, message)

const inferenceTypes = "remote::vendor, inline::guarded, inline::mirror, inline::careful, inline::ageing"

const refused: ReadonlyArray<Row> = [
  {
    name: "flags that are none, told with what else is wrong",
    providers: {
      inference: [
        vendor("a", { base_url: "", debug: "maybe", raw_debug: 1 }),
        vendor("b", { base_url: "x", debug: [] })
      ]
    },
    issues: [
      wrong(0, "debug", "expected true or false, got a string"),
      wrong(0, "raw_debug", "expected true or false, got a number"),
      wrong(0, "base_url", "expected a text that is not empty, got a string"),
      wrong(1, "debug", "expected true or false, got a list")
    ]
  },
  {
    name: "an unknown API",
    providers: { inferense: [vendor("a")] },
    issues: [issue(
      "UnknownApi",
      "providers.inferense",
      "no provider type implements the API inferense. Did you mean inference? There is: agents, inference, safety."
    )]
  },
  {
    name: "an unknown API with an empty list",
    providers: { safty: [] },
    issues: [issue(
      "UnknownApi",
      "providers.safty",
      "no provider type implements the API safty. Did you mean safety? There is: agents, inference, safety."
    )]
  },
  {
    name: "an unknown API like no other",
    providers: { telemetry: [vendor("a")] },
    issues: [issue(
      "UnknownApi",
      "providers.telemetry",
      "no provider type implements the API telemetry. There is: agents, inference, safety."
    )]
  },
  {
    name: "an unknown type, with what is near and what there is",
    providers: { inference: [vendor("a"), entry("b", "remote::vender")] },
    issues: [issue(
      "UnknownType",
      "providers.inference[1].provider_type",
      `unknown type remote::vender. Did you mean remote::vendor? There is: ${inferenceTypes}.`
    )]
  },
  {
    name: "a type of another API",
    providers: { safety: [entry("a", "remote::vendor")] },
    issues: [issue(
      "UnknownType",
      "providers.safety[0].provider_type",
      "unknown type remote::vendor. There is: inline::model-guard, inline::words."
    )]
  },
  {
    name: "a configuration without what its provider needs",
    providers: { inference: [vendor("a", {})] },
    issues: [
      wrong(0, "base_url", "missing: add base_url: it is to be a text that is not empty")
    ]
  },
  {
    name: "a configuration with a wrong value deep inside, which it does not show",
    providers: { inference: [vendor("a", { base_url: "u", retry: { times: "sk-123" } })] },
    issues: [wrong(0, "retry.times", "expected a whole number, got a string")]
  },
  {
    name: "a configuration with a wrong item of a list",
    providers: { inference: [vendor("a", { base_url: "u", models: ["m", 1] })] },
    issues: [
      wrong(0, "models[1]", "expected a text, got a number: put it in quotes")
    ]
  },
  {
    name: "a configuration with a key its provider does not know",
    providers: { inference: [vendor("a", { base_url: "u", modles: [] })] },
    issues: [wrong(0, "modles", "unknown key modles: did you mean models? (known here: base_url, retry, models)")]
  },
  {
    name: "an id twice in one API",
    providers: { inference: [vendor("a"), vendor("b"), vendor("a")] },
    issues: [issue(
      "DuplicateId",
      "providers.inference[2].provider_id",
      "\"a\" names an earlier provider already: give each its own"
    )]
  },
  {
    name: "a required API whose providers were all left out",
    providers: { inference: [], safety: [entry("guard", "inline::model-guard")] },
    issues: [issue(
      "MissingApi",
      "providers.safety[0]",
      "\"guard\" (inline::model-guard), a provider of safety, needs the API inference: add to the list providers.inference " +
        "the entry { provider_id: vendor, provider_type: \"remote::vendor\", config: { base_url: \"${env.VENDOR_URL}\" } }"
    )]
  },
  {
    name: "a cycle of two",
    providers: { inference: [entry("a", "inline::guarded")], safety: [entry("b", "inline::model-guard")] },
    issues: [issue(
      "Cycle",
      "providers",
      "these providers need each other: inference/a -> safety/b -> inference/a. " +
        "Remove one of them, or use a provider type that does not need the next"
    )]
  },
  {
    name: "a provider of an API that Strata makes itself",
    providers: { models: [entry("a", "inline::models")], sessions: [] },
    issues: ["models", "sessions"].map((name) =>
      issue(
        "AutoProvidedApi",
        `providers.${name}`,
        `Strata provides the API ${name} itself: remove providers.${name}. Providers implement: agents, inference, safety.`
      )
    )
  },
  {
    name: "a type that was deprecated long enough",
    providers: { inference: [vendor("a"), entry("b", "inline::old")] },
    issues: [issue(
      "Deprecated",
      "providers.inference[1].provider_type",
      "inline::old is deprecated and starts no more: Use inline::careful."
    )]
  },
  {
    name: "everything that is wrong, at once",
    providers: {
      inferense: [vendor("x")],
      inference: [vendor("a", { base_url: "", extra: true }), vendor("a"), entry("b", "inline::guardet")],
      agents: [entry("loop", "inline::loop")]
    },
    issues: [
      issue(
        "UnknownApi",
        "providers.inferense",
        "no provider type implements the API inferense. Did you mean inference? There is: agents, inference, safety."
      ),
      issue(
        "DuplicateId",
        "providers.inference[1].provider_id",
        "\"a\" names an earlier provider already: give each its own"
      ),
      wrong(0, "extra", "unknown key extra: remove it (known here: base_url, retry, models)"),
      wrong(0, "base_url", "expected a text that is not empty, got a string"),
      issue(
        "UnknownType",
        "providers.inference[2].provider_type",
        `unknown type inline::guardet. Did you mean inline::guarded? There is: ${inferenceTypes}.`
      ),
      issue(
        "MissingApi",
        "providers.agents[0]",
        "\"loop\" (inline::loop), a provider of agents, needs the API safety: add below providers the line " +
          "safety: [{ provider_id: words, provider_type: \"inline::words\" }]"
      )
    ]
  }
]

describe("StackPlan", () => {
  it.effect.each(refused)("refuses $name", ({ issues, providers }) =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(
        StackPlan.make(registry, { providers }, undefined, apis.own.map(({ name }) => name))
      )
      assert.deepStrictEqual(error.issues, issues)
      assert.strictEqual(error.message, issues.map(({ message, path }) => `${path}: ${message}`).join("\n"))
    }))

  it.effect("plans every instance, its configuration decoded and kept as it was written", () =>
    Effect.gen(function*() {
      const Config = Schema.Struct({
        base_url: Schema.NonEmptyString.pipe(Schema.withDecodingDefaultKey(Effect.succeed("http://default")))
      })
      const plan = yield* StackPlan.make([define(inference, "remote::vendor", [], Config)], {
        providers: { inference: [vendor("a", {}), vendor("b", { base_url: "http://b" })] }
      })
      assert.deepStrictEqual(
        plan.providers.map(({ api, config, provider_id, provider_type, written }) => ({
          api,
          provider_id,
          provider_type,
          written,
          config
        })),
        [
          {
            api: "inference",
            provider_id: "a",
            provider_type: "remote::vendor",
            written: {},
            config: { base_url: "http://default" }
          },
          {
            api: "inference",
            provider_id: "b",
            provider_type: "remote::vendor",
            written: { base_url: "http://b" },
            config: { base_url: "http://b" }
          }
        ]
      )
    }))

  it.effect("accepts an API that is optional and not configured, and a type whose deprecation is a warning", () =>
    Effect.gen(function*() {
      const { providers } = yield* StackPlan.make(registry, {
        providers: { inference: [entry("a", "inline::careful"), entry("b", "inline::ageing")] }
      })
      assert.deepStrictEqual(providers.map(({ path, provider_id }) => [provider_id, path]), [
        ["a", "providers.inference[0]"],
        ["b", "providers.inference[1]"]
      ])
    }))

  it.effect("accepts one id in two APIs, and no providers at all", () =>
    Effect.gen(function*() {
      const both = yield* StackPlan.make(registry, {
        providers: { inference: [vendor("a")], safety: [entry("a", "inline::words")] }
      })
      assert.strictEqual(both.providers.length, 2)
      assert.deepStrictEqual((yield* StackPlan.make(registry, { providers: {} })).providers, [])
    }))
})
