/** Models as a registry holds them, and inference providers that only list. */
import { Effect } from "effect"
import type { Ailment, ProviderModel } from "../../src/apis/inference/Inference.ts"
import type { InferenceInstance } from "../../src/apis/models/ModelRegistry.ts"
import type { ModelResource } from "../../src/apis/models/ModelsKind.ts"
import type { Instance } from "../../src/kernel/provider/Instance.ts"
import { running } from "../../src/kernel/provider/Instance.ts"

export const attributes = { created: 0, owned_by: "v" }

/** What a provider lists. */
export const resource = (provider: string, id: string, given: Partial<ModelResource> = {}): ModelResource => ({
  identifier: `${provider}/${id}`,
  provider_id: provider,
  provider_resource_id: id,
  source: "discovery",
  owner: null,
  attributes,
  ...given
})

export const model = (id: string): ProviderModel => ({ id, ...attributes })

type Service = Effect.Success<InferenceInstance["service"]>

/** A provider that does nothing but what is given. */
export const instance = (
  id: string,
  service: Partial<Omit<Service, "models">> & { readonly models?: Partial<Service["models"]> } = {},
  more: Partial<Instance<Service>> = {}
): InferenceInstance => ({
  ...running({
    api: "inference",
    id,
    type: "remote::test",
    service: {
      complete: () => Effect.never,
      ...service,
      models: { source: "discovery", list: Effect.succeed([]), ...service.models }
    }
  }),
  ...more
})

/** A provider whose list is set from outside, and counts how often it is asked. */
export const listing = (id: string, ...models: ReadonlyArray<string>) => {
  const state = {
    list: Effect.succeed(models.map(model)) as Effect.Effect<ReadonlyArray<ProviderModel>, Ailment>,
    asked: 0
  }
  const list = Effect.suspend(() => {
    state.asked++
    return state.list
  })
  return Object.assign(state, { instance: instance(id, { models: { list } }) })
}
