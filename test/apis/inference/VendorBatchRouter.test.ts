/** Which providers are asked to do a batch of their vendor, and which of its lines. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { field, listOf } from "../../../src/events/types/JsonAccess.ts"
import type { ProviderEntry } from "../../../src/kernel/provider/ProviderEntry.ts"
import * as World from "../../support/BatchWorld.ts"
import * as FakeBatchVendors from "../../support/FakeBatchVendors.ts"
import { FakeUpstream } from "../../support/FakeUpstream.ts"
import { contributed, says } from "../../support/HookedStrata.ts"
import { Strata } from "../../support/Strata.ts"

const asked = { provider_id: "upstream" }

const world = Effect.fnUntraced(function*(
  config: ProviderEntry["config"] = {},
  options: World.Options = {}
) {
  const vendor = FakeBatchVendors.openAi({ answer: () => ({ status: 200, body: {} }) })
  const upstream = yield* FakeUpstream.make({ respond: vendor.respond })
  const providers = [
    Strata.openAi(upstream, { models: ["m"], ...config }),
    { provider_id: "other", provider_type: "remote::openai", config: { base_url: upstream.url, models: ["n"] } }
  ]
  return { vendor, ...(yield* World.given({ providers, ...options })) }
})

const refusalOf = ({ json, status }: { readonly json: unknown; readonly status: number }) => ({
  status,
  param: field(field(json, "error"), "param"),
  message: String(field(field(json, "error"), "message"))
})

describe("a vendor's batch", () => {
  it.live("is refused where a hook would have to see each line", () =>
    Effect.gen(function*() {
      const extensions = contributed([says("llm:request", { action: "continue" })])
      const { create, ofFile, upload } = yield* world({}, { extensions })
      const refusal = refusalOf(yield* create([World.line("a")], asked))
      assert.deepInclude(refusal, { status: 400, param: "provider_id" })
      assert.include(refusal.message, "Hooks")
      // No hook looks at these.
      const file = yield* upload(World.linesOf([World.line("a")]))
      assert.strictEqual((yield* ofFile(file, { ...asked, endpoint: "/v1/embeddings" })).status, 200)
    }).pipe(Effect.scoped))

  it.live("is refused where a setting stands between its lines and the vendor", () =>
    Effect.gen(function*() {
      for (const config of [{ repair_tool_sequences: true }, { auto_continue: { max_continuations: 2 } }]) {
        const { create } = yield* world(config)
        const refusal = refusalOf(yield* create([World.line("a")], asked))
        assert.deepInclude(refusal, { status: 400, param: "provider_id" })
        assert.include(refusal.message, Object.keys(config)[0]!)
      }
    }).pipe(Effect.scoped))

  it.live("has lines of models that the provider itself serves, and no others", () =>
    Effect.gen(function*() {
      const models = [{
        model_id: "chosen",
        provider_id: "upstream",
        provider_model_id: "m",
        routing: { strategy: "fallback" as const, targets: [{ model: "upstream/m" }] }
      }]
      const { awaitStatus, create, vendor } = yield* world({}, { models: models as never })
      const of = (model: unknown, custom_id: string) => ({ ...World.line(custom_id), body: { model, messages: [] } })
      const lines = [of("upstream/m", "a"), of("other/n", "b"), of("chosen", "c"), of(7, "d")]
      const created = yield* create(lines, asked)
      const { json } = yield* awaitStatus(String(field(created.json, "id")), "failed")
      assert.deepStrictEqual(
        listOf(field(field(json, "errors"), "data")).map((error) => [field(error, "line"), field(error, "code")]),
        [[2, "model_not_of_provider"], [3, "model_not_of_provider"], [4, "missing_required_parameter"]]
      )
      assert.isEmpty(vendor.made)
    }).pipe(Effect.scoped), 30_000)
})
