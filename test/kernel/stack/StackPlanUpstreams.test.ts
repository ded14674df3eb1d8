/** Providers in the configuration of others are checked with the rest, and named by where they stand. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { chainOf } from "../../../src/kernel/provider/PlannedProvider.ts"
import * as Provider from "../../../src/kernel/provider/Provider.ts"
import type { ProviderEntry } from "../../../src/kernel/provider/ProviderEntry.ts"
import type { StackIssue } from "../../../src/kernel/stack/StackErrors.ts"
import * as StackPlan from "../../../src/kernel/stack/StackPlan.ts"
import { api, entry } from "../../support/StackWorld.ts"
import type { WorldApi } from "../../support/StackWorld.ts"

const inference = api("inference")
const safety = api("safety")

const define = <Config>(
  of: WorldApi,
  type: `inline::${string}` | `remote::${string}`,
  requires: ReadonlyArray<WorldApi>,
  config: Schema.Codec<Config, unknown>
) =>
  Provider.make({ api: of, type, description: "", config, requires, layer: () => Layer.effect(of.slot, Effect.never) })

/** A provider with an upstream of its own. */
const proxy = Provider.make({
  api: inference,
  type: "inline::proxy",
  description: "",
  config: Schema.Struct({
    off: Schema.optionalKey(Schema.Boolean),
    upstream: Schema.Struct({ provider_type: Schema.String, config: Schema.JsonObject })
  }),
  requires: [],
  upstream: ({ off, upstream }) => off === true ? undefined : upstream,
  layer: () => Layer.effect(inference.slot, Effect.never)
})
const asking = (provider_type: string, config: Schema.JsonObject): Schema.JsonObject => ({
  upstream: { provider_type, config }
})
/** So many proxies in each other, the vendor in the innermost. */
const nested = (depth: number): Schema.JsonObject =>
  depth === 0
    ? asking("remote::vendor", { base_url: "http://vendor" })
    : asking("inline::proxy", nested(depth - 1))

const none = Schema.Struct({})
const registry = [
  proxy,
  define(
    inference,
    "remote::vendor",
    [],
    Schema.Struct({ base_url: Schema.NonEmptyString, retry: Schema.optionalKey(Schema.Int) })
  ),
  define(inference, "inline::guarded", [safety], none),
  define(safety, "inline::model-guard", [inference], none)
]

interface Row {
  readonly name: string
  readonly providers: Readonly<Record<string, ReadonlyArray<ProviderEntry>>>
  readonly issues: ReadonlyArray<StackIssue>
}

const issue = (kind: StackIssue["kind"], path: string, message: string): StackIssue => ({ kind, path, message })

const refused: ReadonlyArray<Row> = [
  {
    name: "an upstream of an unknown type, and one that is configured wrongly, with what is wrong elsewhere",
    providers: {
      inference: [
        entry("a", "inline::proxy", asking("remote::vender", {})),
        entry("b", "inline::proxy", asking("inline::proxy", asking("remote::vendor", { base_url: 1, extra: true }))),
        entry("c", "remote::vendor", {})
      ]
    },
    issues: [
      issue(
        "UnknownType",
        "providers.inference[0].config.upstream.provider_type",
        "unknown type remote::vender. Did you mean remote::vendor? There is: inline::proxy, remote::vendor, inline::guarded."
      ),
      issue(
        "InvalidConfig",
        "providers.inference[1].config.upstream.config.upstream.config.extra",
        "unknown key extra: remove it (known here: base_url, retry)"
      ),
      issue(
        "InvalidConfig",
        "providers.inference[1].config.upstream.config.upstream.config.base_url",
        "expected a text that is not empty, got a number"
      ),
      issue(
        "InvalidConfig",
        "providers.inference[2].config.base_url",
        "missing: add base_url: it is to be a text that is not empty"
      )
    ]
  },
  {
    name: "an upstream that needs an API nobody provides",
    providers: { inference: [entry("a", "inline::proxy", asking("inline::guarded", {}))] },
    issues: [issue(
      "MissingApi",
      "providers.inference[0].config.upstream",
      "\"a\" (inline::guarded), a provider of inference, needs the API safety: add below providers the line " +
        "safety: [{ provider_id: model-guard, provider_type: \"inline::model-guard\" }]"
    )]
  },
  {
    name: "a cycle that an upstream closes",
    providers: {
      inference: [entry("a", "inline::proxy", asking("inline::guarded", {}))],
      safety: [entry("b", "inline::model-guard")]
    },
    issues: [issue(
      "Cycle",
      "providers",
      "these providers need each other: inference/a -> safety/b -> inference/a. " +
        "Remove one of them, or use a provider type that does not need the next"
    )]
  },
  {
    name: "more upstreams in each other than are taken",
    providers: { inference: [entry("a", "inline::proxy", nested(4))] },
    issues: [issue(
      "InvalidConfig",
      `providers.inference[0].config${".upstream.config".repeat(4)}.upstream`,
      "more than 4 upstreams stand in each other: take some out"
    )]
  }
]

describe("StackPlan, of upstreams", () => {
  it.effect.each(refused)("refuses $name", ({ issues, providers }) =>
    Effect.gen(function*() {
      assert.deepStrictEqual((yield* Effect.flip(StackPlan.make(registry, { providers }))).issues, issues)
    }))

  it.effect("plans an upstream under the same id, and leaves one alone that is not asked for", () =>
    Effect.gen(function*() {
      const { providers } = yield* StackPlan.make(registry, {
        providers: {
          inference: [
            entry("a", "inline::proxy", nested(3)),
            entry("b", "inline::proxy", { off: true, ...asking("remote::nothing", { base_url: 1 }) })
          ]
        }
      })
      const chains = providers.map((each) =>
        chainOf(each).map(({ api, provider_id, provider_type }) => `${api} ${provider_id} ${provider_type}`)
      )
      assert.deepStrictEqual(chains, [
        [...Array.from({ length: 4 }, () => "inference a inline::proxy"), "inference a remote::vendor"],
        ["inference b inline::proxy"]
      ])
    }))
})
