/** The provider instances and types of a server, over HTTP. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { InferenceProvider } from "../../../src/apis/inference/Inference.ts"
import { InferenceApi } from "../../../src/apis/inference/InferenceApi.ts"
import { ProviderList, ProviderTypeList } from "../../../src/apis/providers/ProvidersModels.ts"
import * as Provider from "../../../src/kernel/provider/Provider.ts"
import { registry } from "../../../src/providers/Registry.ts"
import { Http } from "../../support/Http.ts"
import { Strata } from "../../support/Strata.ts"

const old = Provider.make({
  api: InferenceApi,
  type: "inline::old",
  description: "Answers nothing.",
  config: Schema.Struct({}),
  requires: [],
  deprecated: { warning: "Use inline::replay." },
  layer: () =>
    Layer.succeed(InferenceProvider, {
      complete: () => Effect.never,
      models: { source: "configuration", list: Effect.succeed([]) }
    })
})

const decodeProviders = Schema.decodeUnknownSync(ProviderList)
const decodeTypes = Schema.decodeUnknownSync(ProviderTypeList)

const given = Strata.make({
  types: [...registry, old],
  providers: [{ provider_id: "a", provider_type: "inline::old", config: {} }]
})

describe("GET /v1/providers", () => {
  it.live("shows what is deprecated and when it started; the log says the first, too", () =>
    Effect.gen(function*() {
      const strata = yield* given
      const { data } = decodeProviders((yield* Http.send(strata.url, "/v1/providers")).json)
      assert.deepStrictEqual(data.map(({ deprecation, provider_id }) => [provider_id, deprecation]), [
        ["a", "Use inline::replay."]
      ])
      const events = yield* strata.events({ types: ["provider:registered", "provider:deprecated"] })
      assert.deepStrictEqual(events.map(({ provider, type }) => [provider, type]), [
        ["a", "provider:registered"],
        ["a", "provider:deprecated"]
      ])
      const [shown] = data
      assert.isAtLeast(shown?.started?.time ?? 0, events[0]?.time ?? Infinity)
      assert.deepStrictEqual((yield* Http.send(strata.url, "/v1/providers/a")).json, shown)
    }))
})

describe("GET /v1/provider-types", () => {
  it.live("lists every type that can be configured, the deprecated ones marked", () =>
    Effect.gen(function*() {
      const strata = yield* given
      const answer = yield* Http.send(strata.url, "/v1/provider-types")
      const { data } = decodeTypes(answer.json)
      assert.deepStrictEqual(data.map(({ deprecation, provider_type }) => [provider_type, deprecation]), [
        ...registry.map((each) => {
          const warning = "deprecated" in each && each.deprecated !== undefined && "warning" in each.deprecated
            ? each.deprecated.warning
            : undefined
          return [each.type, warning === undefined ? null : { severity: "warning", message: warning }]
        }),
        ["inline::old", { severity: "warning", message: "Use inline::replay." }]
      ])
    }))
})
