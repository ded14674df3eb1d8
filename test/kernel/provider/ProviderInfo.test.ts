/** A provider type as a person chooses it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import * as FieldPrompt from "../../../src/kernel/provider/FieldPrompt.ts"
import * as Provider from "../../../src/kernel/provider/Provider.ts"
import { providerInfo } from "../../../src/kernel/provider/ProviderInfo.ts"
import { ProviderInfo } from "../../../src/kernel/provider/ProviderModels.ts"
import { registry } from "../../../src/providers/Registry.ts"
import { api } from "../../support/StackWorld.ts"

const inference = api("inference")
const common = {
  api: inference,
  type: "remote::vendor",
  description: "Asks the vendor.",
  config: Schema.Struct({
    key: Schema.RedactedFromValue(Schema.String).pipe(FieldPrompt.annotate({ env: "VENDOR_KEY" })),
    region: Schema.String.pipe(
      Schema.withDecodingDefaultKey(Effect.succeed("eu")),
      FieldPrompt.annotate({ env: "VENDOR_REGION" })
    )
  }),
  requires: [],
  layer: () => Layer.effect(inference.slot, Effect.never)
} as const

describe("ProviderInfo", () => {
  it("says what the definition says, and what its configuration is", () => {
    const definition = Provider.make({
      ...common,
      displayName: "The Vendor",
      requires: [api("files")],
      optional: [api("safety")],
      capabilities: ["streaming"],
      status: { status: "proven", against: "a recording", open: ["a list"] },
      deprecated: { warning: "Use another." }
    })
    assert.deepStrictEqual<ProviderInfo>(providerInfo(definition), {
      api: "inference",
      provider_type: "remote::vendor",
      display_name: "The Vendor",
      description: "Asks the vendor.",
      credential_env_vars: ["VENDOR_KEY"],
      capabilities: ["streaming"],
      status: "proven",
      tested_against: "a recording",
      open_points: ["a list"],
      defaults: { region: "eu" },
      config_fields: FieldPrompt.configFields(definition),
      requires: ["files"],
      optional: ["safety"],
      deprecation: { severity: "warning", message: "Use another." }
    })
  })

  it("has something to say where the definition says little", () => {
    const { capabilities, deprecation, display_name, open_points, optional, requires, status, tested_against } =
      providerInfo(Provider.make(common))
    assert.deepStrictEqual({ status, tested_against, open_points }, {
      status: "untested",
      tested_against: null,
      open_points: []
    })
    assert.deepStrictEqual({ capabilities, deprecation, display_name, optional, requires }, {
      capabilities: [],
      deprecation: null,
      display_name: "vendor",
      optional: [],
      requires: []
    })
    const refused = providerInfo(Provider.make({ ...common, deprecated: { error: "Gone." } }))
    assert.deepStrictEqual(refused.deprecation, { severity: "error", message: "Gone." })
  })

  it.each(registry.map((definition) => ({ type: definition.type, definition })))(
    "of $type is what the API shows",
    ({ definition }) => {
      const info = providerInfo(definition)
      assert.deepStrictEqual(Schema.decodeUnknownSync(ProviderInfo)(JSON.parse(JSON.stringify(info))), info)
      assert.isAbove(info.capabilities.length, 0)
    }
  )
})
