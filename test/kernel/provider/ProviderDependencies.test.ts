/** Which APIs an instance needs, its upstreams included, and who provides them. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import type { PlannedProvider } from "../../../src/kernel/provider/PlannedProvider.ts"
import * as Provider from "../../../src/kernel/provider/Provider.ts"
import * as ProviderDependencies from "../../../src/kernel/provider/ProviderDependencies.ts"
import { planned } from "../../support/PlannedProvider.ts"
import { api } from "../../support/StackWorld.ts"

const [inference, safety, files] = [api("inference"), api("safety"), api("files")]

const needing = (
  requires: ReadonlyArray<typeof safety>,
  optional: ReadonlyArray<typeof safety> = [],
  upstream?: PlannedProvider
): PlannedProvider => {
  const definition = Provider.make({
    api: inference,
    type: "inline::needing",
    description: "",
    config: Schema.Struct({}),
    requires,
    optional,
    layer: () => Layer.effect(inference.slot, Effect.never)
  })
  return { ...planned("a"), definition, upstream }
}
const required = (api: string) => ({ api, optional: false })
const optional = (api: string) => ({ api, optional: true })

describe("ProviderDependencies", () => {
  it.each([
    { name: "nothing", of: needing([]), needs: [] },
    {
      name: "what is required and what is optional",
      of: needing([safety], [files]),
      needs: [
        required("safety"),
        optional("files")
      ]
    },
    { name: "what is both, as required", of: needing([safety], [safety]), needs: [required("safety")] },
    { name: "what its upstream needs", of: needing([], [], needing([files])), needs: [required("files")] },
    {
      name: "what it can do without and its upstream can't",
      of: needing([], [files, safety], needing([files], [safety])),
      needs: [required("files"), optional("safety")]
    }
  ])("are $name", ({ needs, of }) => {
    assert.deepStrictEqual(ProviderDependencies.needsOf(of), needs)
  })

  it("are provided by all instances of the API", () => {
    const guard = (provider_id: string) => ({ ...planned(provider_id), api: "safety" })
    const all = [guard("one"), needing([safety], [files]), guard("two")]
    assert.deepStrictEqual(ProviderDependencies.dependenciesOf(all[1]!, all), [
      { ...required("safety"), provider_ids: ["one", "two"] },
      { ...optional("files"), provider_ids: [] }
    ])
  })
})
